"""积分等级证明 for a bank (三治系列贷, domain.md §5.3): only a level, on the person's own, revocable word."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import forms
from handlers.points import rules, texts
from handlers.points.facts import LevelStated, LevelWithdrawn
from handlers.points.mine import community_of, local
from handlers.points.port import Statement
from handlers.read import Read
from handlers.types import Outcome, Refused, Reply, Turn, say

FORM = "level"
CHECK_PATH = "/open/level/"
_FOR = re.compile(r"给\s*([一-鿿A-Za-z0-9]{2,16})")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L U: read out on the telephone


def state(turn: Turn, read: Read) -> Outcome:
    """「开积分等级证明 给农商银行」: says what it will show and asks."""
    community_of(turn)
    account = read.points_account(turn.who.id)
    reached = rules.level(account.balance, turn.policy.points_levels)
    if not reached:
        least = min(least for _, least in turn.policy.points_levels)
        raise Refused(texts.LEVEL_LOW.format(balance=account.balance, least=least))
    match = _FOR.search(turn.inbound.text)
    if match is None:
        return say(texts.LEVEL_ASK)
    purpose = match.group(1)
    dialog = forms.ask(turn, FORM, {"purpose": purpose}, *texts.LEVEL_CHOICES)
    text = texts.LEVEL_CONSENT.format(purpose=purpose, level=reached, days=turn.policy.points_statement_days)
    return Outcome(replies=(Reply(text, texts.LEVEL_CHOICES),), dialog=dialog)


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    index = forms.picked(turn)
    if index == 1 or turn.said.yes is False:
        return say(texts.LEVEL_NO, dialog=None)
    if index != 0 and not turn.said.yes:
        return None
    reached = rules.level(read.points_account(turn.who.id).balance, turn.policy.points_levels)
    if not reached:
        return say(texts.LEVEL_NO, dialog=None)
    number = read.new_id()
    until = local(turn.now) + timedelta(days=turn.policy.points_statement_days)
    purpose = turn.dialog.answers["purpose"]
    serial = serial_of(read.new_code(), read.new_code())
    fact = LevelStated(number, turn.who.id, turn.who.community, reached, purpose, until, serial)
    found = Statement(number, turn.who.id, serial, reached, purpose, until)
    link = CHECK_PATH + serial
    return Outcome(replies=(Reply(texts.statement(found, link), link=link),), facts=(fact,), dialog=None)


def withdraw(turn: Turn, read: Read) -> Outcome:
    """Every statement that still stands ends at once."""
    standing = [s for s in read.statements_of(turn.who.id) if not s.withdrawn and s.until > turn.now]
    if not standing:
        raise Refused(texts.LEVEL_NONE)
    facts = tuple(LevelWithdrawn(s.id, turn.who.id) for s in standing)
    return Outcome(replies=(Reply(texts.LEVEL_WITHDRAWN),), facts=facts, dialog=None)


def serial_of(first: str, second: str) -> str:
    """Ten signs that nobody can guess, from sixteen random digits."""
    number = int(first + second)
    signs = []
    for _ in range(10):
        number, rest = divmod(number, len(_ALPHABET))
        signs.append(_ALPHABET[rest])
    return "".join(signs)
