"""A row of the tickets table as handlers.read.Ticket; asks nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from handlers.read import Ticket
from handlers.tickets import categories
from handlers.tickets.rules import Status
from handlers.types import Media, Pin
from nlp.unnamed import unnamed
from storage.schema import media, tickets
from storage.values import place_from

_t = tickets.c
COLUMNS = (
    _t.id, _t.code, _t.community, _t.micro_grid, _t.category, _t.level, _t.urgency, _t.kind, _t.status, _t.words,
    _t.summary, _t.place, _t.reporter, _t.owner, _t.anonymous, _t.designated, _t.dispatches, _t.opened, _t.changed,
    _t.accept_by, _t.due, _t.dispatched, _t.accepted, _t.visited, _t.solved, _t.closed, _t.extended,
    _t.extension_until, _t.result, _t.solved_answer, _t.rating, _t.reopened, _t.followers, _t.lat, _t.lon, _t.version,
    select(func.count()).where(media.c.ticket == _t.id).correlate(tickets).scalar_subquery().label("media"),
    _t.unit, _t.tier, _t.merged_into, _t.hung_until, _t.hang_asked, _t.list_basis, _t.cost, _t.proxy_for,
    _t.proxy_name, _t.against, _t.against_unit, _t.ended,
)  # fmt: skip


OWNER = 13  # columns of the row
VERSION, MEDIA = 35, 36  # that are no part of the ticket, as what comes after the last


def ticket_from(row: Sequence[Any], photos: Iterable[Sequence[Any]] = ()) -> Ticket:
    """`photos`: rows of (kind, ref, file)."""
    head, words, summary, place, rest = row[1:8], row[9], row[10], row[11], row[12:26]
    pin = Pin(row[33], row[34]) if row[33] is not None and row[34] is not None else None
    code, community, micro_grid, category, level, urgency, kind = head
    (
        reporter, owner, anonymous, designated, dispatches, opened, changed, accept_by, due, dispatched, accepted,
        visited, solved, closed,
    ) = rest  # fmt: skip
    later: list[Any] = [*row[37:45], row[45] or "", *row[46:49]]  # 45: the name of whom it is for
    return Ticket(
        row[0], code, community or 0, micro_grid, category, level, urgency, kind, Status(row[8]), words,
        # an erased report still says what kind of matter is open; a line of before names who reported it
        unnamed(summary) or categories.name(category),
        place_from(place), reporter, owner, anonymous, designated, dispatches, opened, changed, accept_by, due,
        dispatched, accepted, visited, solved, closed, row[26], row[27], row[28] or "", row[29], row[30], row[31],
        row[32], tuple(Media(k, f"file:{file}" if file else ref) for k, ref, file in photos), pin, *later,
    )  # fmt: skip
