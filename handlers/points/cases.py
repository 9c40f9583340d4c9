"""Points that somebody proposed: what waits, who decides, and what then happens. Nobody decides his own."""

from __future__ import annotations

import re

from handlers import forms
from handlers.points import texts
from handlers.points.facts import CaseDecided, PointsEarned, PointsTaken
from handlers.points.port import Case
from handlers.read import Read
from handlers.timing import TimersCleared
from handlers.types import Choice, Fact, Outcome, Refused, Reply, Role, Turn, say

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
            rule = _rule(read, case)
            lines.append(
                f"{texts.case_number(case.number)} {what}：{name_of(read, case.person)}「{rule}」{case.points:+d}分"
            )
    return say("\n".join(lines) if lines else "现在没有要复核的积分。")


def applied(case: Case, by: int, words: str, read: Read) -> tuple[Fact, ...]:
    """A case carried out: the points given, or taken as far as there are any."""
    decided: tuple[Fact, ...] = (CaseDecided(case.id, by, True, words), TimersCleared(case.id, ("pt_case",)))
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
                f"{texts.case_number(c.number)} {_rule(read, c)}{c.points:+d}分",
                f"{word}{texts.case_number(c.number)}",
            )
            for c in found[: forms.MOST_CHOICES]
        )
        return Outcome(replies=(Reply("是哪一件？", offered),), dialog=forms.ask(turn, "pick", {}, *offered))
    case = found[0]
    if turn.who.id in (case.by, case.person):
        raise Refused("提的人和本人不能自己复核，请另一位同志来定。")
    words = turn.inbound.text.strip()
    if yes:
        facts = applied(case, turn.who.id, words, read)
        text = "同意了，积分已经记上。" if case.points > 0 else "定了：照扣，已告诉本人。"
    else:
        facts = (CaseDecided(case.id, turn.who.id, False, words), TimersCleared(case.id, ("pt_case",)))
        text = "好的，这一件不算了，已告诉当事人。"
    return Outcome(replies=(Reply(text),), facts=facts, dialog=None)


def _rule(read: Read, case: Case) -> str:
    return next((rule.name for rule in read.points_rules(case.community) if rule.code == case.rule), case.rule)


def desks(turn: Turn) -> tuple[int, ...]:
    communities = turn.who.scopes(Role.DESK)
    if not communities:
        raise Refused(texts.NOT_ALLOWED)
    return communities


def name_of(read: Read, person: int) -> str:
    found = read.person(person)
    return f"{found.name[0]}姓居民" if found and found.name else "居民"
