"""Points that somebody proposed: what waits, who decides, and what then happens. Nobody decides his own."""

from __future__ import annotations

import re

from handlers import forms
from handlers.points import rules, texts, texts_desk
from handlers.points.facts import CaseDecided, PointsEarned, PointsFrozen, PointsTaken
from handlers.points.port import Case
from handlers.read import Read
from handlers.timing import TimersCleared
from handlers.types import Choice, Fact, Outcome, Refused, Reply, Role, Turn, say

_WORDS = re.compile(r"^\s*(?:不同意|同意|驳回)?\s*积分\D{0,3}\d{0,6}[:：,，\s]*")
_NAMES = {rules.FREEZE: texts.FREEZE, rules.OBJECTION: texts.OBJECTION}
_CASE = re.compile(r"积分\D{0,3}(\d{1,6})")


def agree(turn: Turn, read: Read) -> Outcome:
    return _decide(turn, read, True)


def refuse(turn: Turn, read: Read) -> Outcome:
    return _decide(turn, read, False)


def waiting(turn: Turn, read: Read) -> Outcome:
    """待审积分: what another person asked for, and appeals."""
    lines = []
    for community in desks(turn):
        for case in read.cases_in(community):
            what = "申诉" if case.state == "appealed" else "待复核"
            points = f"{case.points:+d}分" if case.points else ""
            who = name_of(read, case.person)
            lines.append(f"{texts.case_number(case.number)} {what}：{who}「{_rule(read, case)}」{points}")
    return say("\n".join(lines) if lines else "现在没有要复核的积分。")


def applied(case: Case, by: int, words: str, read: Read) -> tuple[Fact, ...]:
    """A case carried out: the points given, or taken as far as there are any."""
    decided: tuple[Fact, ...] = (CaseDecided(case.id, by, True, words), TimersCleared(case.id, ("pt_case",)))
    if not case.points:
        return decided  # a freeze that stays, an objection that is right
    entry = read.new_id()
    if case.points > 0:
        earned = PointsEarned(
            entry, case.person, case.community, case.rule, case.version, case.points, f"case:{case.id}",
            f"case:{case.id}", case.by, by,
        )  # fmt: skip
        return (*decided, earned)
    taken = min(-case.points, max(0, read.points_account(case.person).balance))
    if not taken:
        return decided  # no debts: points are thanks
    return (
        *decided, PointsTaken(entry, case.person, case.community, case.rule, case.version, -taken, case.id, by)
    )  # fmt: skip


def refused(case: Case, by: int, words: str) -> tuple[Fact, ...]:
    """A case that comes to nothing; a freeze ends with it."""
    facts: tuple[Fact, ...] = (CaseDecided(case.id, by, False, words), TimersCleared(case.id, ("pt_case",)))
    return (*facts, PointsFrozen(case.person, by, False)) if case.rule == rules.FREEZE else facts


def _decide(turn: Turn, read: Read, yes: bool) -> Outcome:
    match = _CASE.search(turn.inbound.text)
    cases = [case for community in desks(turn) for case in read.cases_in(community)]
    found = [case for case in cases if match is None or case.number == int(match.group(1))]
    if not found:
        raise Refused("没有这一件要复核的积分。说「待审积分」看有哪些。")
    if len(found) > 1:
        word = "同意" if yes else "不同意"
        offered = tuple(
            Choice(
                f"{texts.case_number(c.number)} {_rule(read, c)}" + (f"{c.points:+d}分" if c.points else ""),
                f"{word}{texts.case_number(c.number)}",
            )
            for c in found[: forms.MOST_CHOICES]
        )
        return Outcome(replies=(Reply("是哪一件？", offered),), dialog=forms.ask(turn, "pick", {}, *offered))
    return decided(turn, read, found[0], yes, _WORDS.sub("", turn.inbound.text).strip())


def decided(turn: Turn, read: Read, case: Case, yes: bool, words: str) -> Outcome:
    """A second person's word on a case. Raises Refused for who proposed it and whom it is about."""
    if case.community not in desks(turn):
        raise Refused(texts.NOT_ALLOWED)
    if turn.who.id in (case.by, case.person):
        raise Refused("提的人和本人不能自己复核，请另一位同志来定。")
    if not yes and case.rule == rules.OBJECTION and len(words) < 2:
        raise Refused(texts.NEED_REASON.format(number=texts.case_number(case.number)))
    if yes:
        facts = applied(case, turn.who.id, words, read)
        text = texts_desk.AGREED.get(case.rule) or (texts_desk.GIVEN if case.points > 0 else texts_desk.TAKEN)
    else:
        facts = refused(case, turn.who.id, words)
        text = texts_desk.DROPPED
    return Outcome(replies=(Reply(text),), facts=facts, dialog=None)


def _rule(read: Read, case: Case) -> str:
    return rule_name(read, case.community, case.rule)


def rule_name(read: Read, community: int, code: str) -> str:
    """How a rule is called there; also what moves no points."""
    if code in _NAMES:
        return _NAMES[code]
    return next((rule.name for rule in read.points_rules(community) if rule.code == code), code)


def desks(turn: Turn) -> tuple[int, ...]:
    communities = turn.who.scopes(Role.DESK)
    if not communities:
        raise Refused(texts.NOT_ALLOWED)
    return communities


def name_of(read: Read, person: int) -> str:
    found = read.person(person)
    return f"{found.name[0]}姓居民" if found and found.name else "居民"
