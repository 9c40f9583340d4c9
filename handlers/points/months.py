"""The month is settled: what was earned stands still, is shown five working days, can be objected to, then counts.

公示 (domain.md §5.2 "Review"): everybody sees the sums by rule, and of persons only those who agreed.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta

from handlers.points import rules, texts
from handlers.points.earn import day_start
from handlers.points.facts import CaseAppealed, CaseMade
from handlers.points.facts_table import MonthClosed, MonthSettled
from handlers.points.mine import community_of, local, masked
from handlers.points.port import Notice
from handlers.points.review import workdays_after
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimerSet
from handlers.types import Fact, Outcome, Reply, Turn, say

TIMER = "pt_month"
PATH = "/open/points/"


def before(now: datetime) -> date:
    """The first day of the month before."""
    return (local(now).date().replace(day=1) - timedelta(days=1)).replace(day=1)


def bounds(month: date) -> tuple[datetime, datetime]:
    """Its first moment and the first of the next, in Shanghai."""
    first = day_start(local(datetime(month.year, month.month, 1, tzinfo=texts.SHANGHAI)))
    return first, day_start((first + timedelta(days=32)).replace(day=1))


def settle(community: int, month: date, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The facts of a month's end; none where it was settled already or nobody earned."""
    name = f"{month:%Y-%m}"
    if read.points_notice(community, name) is not None:
        return ()
    people, points = read.points_month(community, name)
    if not people:
        return ()
    until = workdays_after(local(now), policy.points_notice_workdays, read)
    notice = read.new_id()
    totals = {code: [times, sum_] for code, times, sum_ in read.points_month_by_rule(community, *bounds(month))}
    settled = MonthSettled(notice, community, name, people, points, until, json.dumps(totals))
    return settled, TimerSet(notice, TIMER, until)


def due(notice: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The notice's time is over: it stands, unless an objection is not decided; then the next working day."""
    found = read.points_notice_by_id(notice)
    if found is None or found.closed:
        return ()
    if found.until > now:
        return (TimerSet(notice, TIMER, found.until),)
    if any(case.rule == rules.OBJECTION for case in read.cases_in(found.community)):
        return (TimerSet(notice, TIMER, workdays_after(local(now), 1, read)),)
    return (MonthClosed(found.id, found.community, found.month),)


def object_(turn: Turn, notice: Notice, words: str, read: Read) -> Outcome:
    """「申诉 五月护学岗那次没有记」 while the month is shown: somebody of the community looks and answers."""
    case, number = read.new_id(), read.next_case_number(notice.community)
    made = CaseMade(
        case, turn.who.id, notice.community, rules.OBJECTION, int(notice.month.replace("-", "")), 0, turn.who.id,
        number, None, words,
    )  # fmt: skip
    text = texts.OBJECTED.format(month=texts.month(notice.month), number=texts.case_number(number))
    return Outcome(replies=(Reply(text),), facts=(made, CaseAppealed(case, turn.who.id, words)), dialog=None)


def shown(turn: Turn, community: int, read: Read) -> Outcome:
    """「上个月的红榜」 「积分公示」: the last settled month, its page, and until when it can be objected to."""
    notice = read.points_notice(community, "")
    if notice is None:
        return Outcome(replies=(Reply(texts.NO_NOTICE),))
    rows = read.points_notice_ranked(notice.id, turn.policy.points_ranking_size)
    names = [(masked(read, person), points) for person, points in rows]
    text = texts.notice(notice, names, notice.closed is None and notice.until > turn.now)
    return Outcome(replies=(Reply(text, (), f"{PATH}{notice.community}/{notice.month}"),))


def ranking(turn: Turn, read: Read) -> Outcome:
    """Only those who agreed, by family name; there is no list of the others (domain.md §5.2)."""
    if re.search("上个?月|公示|定榜", turn.said.text):
        return shown(turn, community_of(turn), read)
    month = local(turn.now).date().replace(day=1)
    rows = read.points_ranking(community_of(turn), month, turn.policy.points_ranking_size)
    if not rows:
        return say(texts.RANKING_EMPTY)
    return say(texts.ranking([(masked(read, person), points) for person, points in rows]))
