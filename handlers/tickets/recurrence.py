"""主动治理: the same matter at the same place again and again becomes a task of its own (domain.md §10 no. 16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.read import Read
from handlers.tickets import categories, texts
from handlers.tickets.acts_work import PROACTIVE
from handlers.tickets.facts import TicketOpened
from handlers.tickets.facts_chain import Recurred
from handlers.tickets.opening import Report, open_ticket
from handlers.types import Fact, Turn


def again(turn: Turn, read: Read, opened: TicketOpened) -> tuple[Fact, ...]:
    """The facts of the task that a new ticket gives rise to: one in the policy's days, none for what is private."""
    if opened.category in categories.DESK_ONLY or opened.category == categories.OTHER:
        return ()
    since = turn.now - timedelta(days=turn.policy.recur_days)
    before, tasks = read.recurring(opened.category, opened.place, since)
    times = before + 1
    if times < turn.policy.recur_times or tasks:
        return ()
    name = read.category(opened.category).name
    words = texts.PROACTIVE.format(days=turn.policy.recur_days, times=times, name=name)
    report = Report(
        words, f"{PROACTIVE}：{name}", opened.category, kind=PROACTIVE, place=opened.place, to_desk=True
    )  # fmt: skip
    task, timers = open_ticket(turn, read, report)
    task = replace(task, reporter=0, anonymous=True, against=0, against_unit=0)
    return (task, *timers, Recurred(opened.ticket, task.ticket, times))
