"""撤回办结: who said it was done, and it is not, says so before the reporter has answered."""

from __future__ import annotations

from handlers.tickets import said, texts
from handlers.tickets.doing import Doing
from handlers.tickets.facts import TimersCleared
from handlers.tickets.facts_undo import SolveTakenBack
from handlers.tickets.rules import Status
from handlers.types import Fact, Outcome, Reply


def may_take_back(it: Doing) -> None:
    """Not what the reporter has confirmed or rated; of what was merged, the main one. Raises Refused."""
    main = it.read.ticket(it.ticket.merged_into) if it.ticket.merged_into else None
    if main is not None:
        raise it.no(said.WITH_MAIN.format(short=it.ticket.short, main=main.short))
    if it.ticket.solved_answer is not None or it.ticket.rating:
        raise it.no(said.ANSWERED.format(short=it.ticket.short))


def take_back(it: Doing) -> Outcome:
    """Back to work with the old promise, as if nothing had been said; what was merged into it follows it again."""
    ticket, words = it.ticket, it.args.words
    checking = ticket.status is Status.TO_CHECK
    facts: tuple[Fact, ...] = (
        SolveTakenBack(ticket.id, it.who.id, Status.IN_HAND, checking, words),
        TimersCleared(ticket.id, ("rating",)),
    )
    for one in () if checking else it.read.merged(ticket.id):
        if one.status is Status.TO_RATE and one.solved_answer is None and not one.rating:
            facts += (
                SolveTakenBack(one.id, it.who.id, Status.MERGED, False, words),
                TimersCleared(one.id, ("rating",)),
            )
    late = ticket.due is None or it.now >= ticket.due
    left = said.LATE_NOW if late else f"{texts.when(ticket.due, it.now)}前办好。"
    return Outcome(replies=(Reply(said.TAKEN_BACK.format(short=ticket.short) + left),), facts=facts)
