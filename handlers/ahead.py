"""What a message will most likely ask of storage, told before its turn: then the questions of many travel together.

A guess that decides nothing: what it leaves out is asked in the turn, what it names in vain costs one question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from handlers import forms
from handlers.read import Read
from handlers.routes import Handler, handler_of
from handlers.tickets import matters, mine, report
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.report_ask import FORM as REPORT
from handlers.types import Turn
from nlp.types import Place

Question = tuple[str, tuple[Any, ...]]  # a method of Read and what it is asked with


def questions(turn: Turn, drafts: Sequence[matters.Matter], read: Read) -> Iterator[Question]:
    """Of one message, by its order; nothing of person 0, who is new. `drafts`: what it has `confirmed`.

    `read` may be asked for what it keeps.
    """
    if turn.inbound.event:
        return
    if drafts:
        yield from _of_drafts(turn, drafts, read)
        return
    handler = handler_of(turn.said.intent, turn.said.action, bool(turn.who.posts), False)
    if handler in _OF:
        yield from _OF[handler](turn)


def confirmed(turn: Turn) -> list[matters.Matter]:
    """The drafts of a report that this message makes tickets of: each takes a number."""
    if turn.dialog is None or turn.dialog.form != REPORT or turn.dialog.answers.get("waits") != "confirm":
        return []
    agrees = turn.said.yes or forms.picked(turn) == 0
    return turn.dialog.answers["matters"] if agrees else []


def answered_for(draft: matters.Matter) -> Place | None:
    """The building of a draft, when somebody will be looked for who answers for it."""
    place = matters.place_of(draft)
    return place if place and place.building and not draft.get("desk") else None


def _of_drafts(turn: Turn, drafts: Sequence[matters.Matter], read: Read) -> Iterator[Question]:
    today, since = turn.now.astimezone(SHANGHAI).date(), turn.now - timedelta(days=turn.policy.recur_days)
    for draft in drafts:
        if place := matters.place_of(draft):
            yield "recurring", (draft["category"], place, since)
        if (building := answered_for(draft)) and (leader := read.duty(building).leader):
            yield "away", (leader, today)


def _of_reports(turn: Turn) -> Iterator[Question]:
    if turn.who.id and not turn.said.tickets:
        yield "reports_of", (turn.who.id, 5)


def _of_a_report(turn: Turn) -> Iterator[Question]:
    if turn.who.id:
        yield "open_count", (turn.who.id,)
    place = forms.locate(turn.said.place, turn.who).place
    if turn.said.category and place:
        since = turn.now - timedelta(days=turn.policy.near_days)
        yield "open_near", (turn.said.category, place, since)


_OF: dict[Handler | None, Callable[[Turn], Iterator[Question]]] = {
    mine.progress: _of_reports,
    report.start: _of_a_report,
}
