"""A community edits its rules of points and its shop; every line has versions, nothing is erased."""

from __future__ import annotations

from dataclasses import replace

from handlers.points import rules, texts, texts_desk
from handlers.points.facts_table import ItemSet, RuleSet
from handlers.points.rules import Rule
from handlers.read import Read
from handlers.types import Outcome, Refused, Reply, Role, Turn

_PIECES = 10_000


def set_rule(turn: Turn, read: Read, community: int, rule: Rule) -> Outcome:
    """`rule.code` "": a new line. Raises Refused with what is wrong with it."""
    _ours(turn, community)
    known = {one.code: one for one in read.points_rules(community)}
    before = known.get(rule.code)
    if rule.code and before is None:
        raise Refused(texts.NO_RULE)
    if before is None:
        rule = replace(rule, code=_next_code(rule, known))
    if wrong := rules.fault(rule, before):
        raise Refused(wrong)
    version = (before.version if before else 0) + 1
    now = replace(rule, version=version)
    if before is not None and replace(before, version=version) == now:
        raise Refused(texts.SAME_RULE)
    text = texts.RULE_SET.format(code=rule.code, name=rule.name, version=version)
    return Outcome(replies=(Reply(text),), facts=(RuleSet(community, rule.code, version, turn.who.id, now),))


def _next_code(rule: Rule, known: dict[str, Rule]) -> str:
    """JF05, YJ01, ZD01 …: a community's own lines are counted apart from the usual ones."""
    prefix = "YJ" if rule.categories else "JF" if rule.takes else "ZD"
    return next(code for number in range(1, 1000) if (code := f"{prefix}{number:02d}") not in known)


def set_item(
    turn: Turn, read: Read, community: int, item: int, name: str, points: int, more: int, pickup: str, on: bool
) -> Outcome:
    """Something of the shop, new with `item` 0. `more`: pieces that came, negative for those that went."""
    _ours(turn, community)
    known = read.shop_item(item) if item else None
    if item and (known is None or known.community != community):
        raise Refused(texts.NO_ITEM)
    if not 2 <= len(name) <= 48:
        raise Refused(texts_desk.ITEM_NAME)
    if not 1 <= points <= 10_000:
        raise Refused(texts_desk.ITEM_POINTS)
    stock = (known.stock if known else 0) + more
    if not 0 <= stock <= _PIECES:
        raise Refused(texts_desk.ITEM_STOCK.format(stock=stock, most=_PIECES))
    if any(other.name == name and other.id != item for other in read.shop_all(community)):
        raise Refused(texts_desk.ITEM_TWICE.format(name=name))
    fact = ItemSet(
        item or read.new_id(), community, name, points, more, pickup[:96], on, turn.who.id, new=known is None
    )
    return Outcome(replies=(Reply(texts.ITEM_SET.format(name=name, points=points, stock=stock)),), facts=(fact,))


def _ours(turn: Turn, community: int) -> None:
    if community not in turn.who.scopes(Role.DESK):
        raise Refused(texts.NOT_ALLOWED)
