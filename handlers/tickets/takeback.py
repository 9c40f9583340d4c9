"""「撤回办结」「办错了」「0001还没弄好」 of who has just said that it was done: taken back, or asked about."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import said, texts
from handlers.tickets.chat import done
from handlers.tickets.doing import Args
from handlers.tickets.rules import Action, Status
from handlers.tickets.tasks import PICK, numbered, which
from handlers.types import Choice, Outcome, Turn, say
from nlp.orders import without_number
from nlp.undone import undone

_CLEAR = re.compile(r"(?:撤回|取消|撤销)办结|办结(?:[点说发写报办]?错|撤回)")
_WRONG = re.compile(r"(?:[办点说发报搞弄]|办结)错(?:了|$)|不对.{0,4}是\d{4}")
_NUMBER = re.compile(r"20\d{10}|\d{4}")
_DAYS = 7  # how far back a 办结 is looked for


def wanted(turn: Turn, read: Read) -> Outcome | None:
    """None when the message takes back no 办结."""
    text = turn.inbound.text.strip()
    clear = bool(_CLEAR.search(text))
    if clear and len(_NUMBER.findall(text)) > 1:
        return None  # several orders, each on its own
    if not (clear or _WRONG.search(text) or (_NUMBER.search(text) and undone(text))):
        return None
    found, named = _solved(turn, read, text)
    if not found:
        if clear and turn.said.tickets:  # somebody else's 办结, or one that is no more: the table answers
            ticket = numbered(turn, read, Action.TAKE_BACK, turn.said.tickets[0])
            return done(turn, read, Action.TAKE_BACK, ticket, Args())
        return say(said.NOTHING_DONE) if clear else None
    if len(found) > 1:
        return which(turn, found, str(Action.TAKE_BACK))
    ticket = found[0]
    if clear:
        return done(turn, read, Action.TAKE_BACK, ticket, Args(words=reason(text)))
    if not named and _NUMBER.search(text) is None and turn.now - (ticket.solved or turn.now) > timedelta(hours=1):
        return None  # 「说错了」 long after is about something else
    choices = (Choice(str(Action.TAKE_BACK), f"撤回办结 {ticket.short}"), Choice(texts.UNCLEAR_TODO, "我的待办"))
    text = said.TAKE_BACK.format(short=ticket.short, summary=ticket.summary)
    return say(text, *choices, dialog=forms.ask(turn, PICK, {}, *choices))


def _solved(turn: Turn, read: Read, text: str) -> tuple[tuple[Ticket, ...], bool]:
    """What this person has reported done and nobody has answered; those the words name, else the latest."""
    since = turn.now - timedelta(days=_DAYS)
    mine = tuple(
        t for t in read.solved_by(turn.who.id, since)
        if t.status in (Status.TO_RATE, Status.TO_CHECK) and not t.merged_into
        and turn.who.id not in (t.reporter, t.proxy_for)
    )  # fmt: skip
    digits = _NUMBER.findall(text)
    named = tuple(t for t in mine if any(t.code.endswith(one) for one in digits))
    if named or (digits and not _WRONG.search(text)) or (digits and _CLEAR.search(text)):
        return named, True
    return mine if _CLEAR.search(text) else mine[:1], False


def reason(text: str) -> str:
    """Why it is taken back, when that was said: the words without the order and its number."""
    rest = _CLEAR.sub("", without_number(text)).lstrip("了 ,，。:：\u3000")
    return without_number(rest).strip(" ,，。:：\u3000")
