"""Tickets as the indicators count them: from their rows and their clocks' events; changes nothing."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from handlers.tickets.clock import SHANGHAI, Calendar
from handlers.tickets.clocks import Event, Kind, hands
from handlers.tickets.facts import SolvedAnswered
from handlers.tickets.facts_chain import ListRefused
from handlers.tickets.limits import Clock
from handlers.tickets.numbers import Case
from storage.engine import Database
from storage.holidays_cn import calendars
from storage.marker import statements
from storage.read_clocks import event_from
from storage.schema import clock_events, communities, facts, micro_grids, persons, tickets, units
from storage.sight import in_communities
from storage.sql import Prepared, among, each, listed
from storage.transaction import Transaction

_AT_ONCE = 500
_t, _e, _c, _f = tickets.c, clock_events.c, communities.c, facts.c
COLUMNS = (
    _t.id, _t.code, _t.category, _t.micro_grid, _t.owner, _t.level, _t.status, _t.opened, _t.dispatches, _t.solved,
    _t.solved_answer, _t.rating, _t.reopened, _t.extended, _t.community, _t.unit, _t.list_basis, _t.cost,
)  # fmt: skip


_Row = namedtuple(
    "_Row",
    "id code category micro_grid owner level status opened dispatches solved solved_answer rating reopened extended "
    "community unit list_basis cost",
)  # of COLUMNS
_ROWS = Prepared(each(lambda dialect: select(*COLUMNS).where(among(dialect, _t.id)).order_by(_t.id)))
_EVENTS = Prepared(
    each(
        lambda dialect: (
            select(_e.ticket, _e.at, _e.kind, _e.clock, _e.terms, _e.value)
            .where(among(dialect, _e.ticket))
            .order_by(_e.ticket, _e.id)
        )
    )
)


def _said(kind: str) -> Prepared:
    """What the log has of a kind on tickets, in its order."""
    return Prepared(
        each(
            lambda dialect: (
                select(_f.ticket, _f.body).where(among(dialect, _f.ticket), _f.kind == kind).order_by(_f.id)
            )
        )
    )


_REFUSED = _said(ListRefused.__name__)
_ANSWERED = _said(SolvedAnswered.__name__)


def cases(
    db: Database, communities: Sequence[int] | None, since: datetime, until: datetime, now: datetime
) -> list[Case]:
    """Tickets reported from `since` to before `until`, oldest first. `communities` None: all."""
    with db.reading() as conn:
        # each is named, and nothing changes before it was reported: so the index of what changed last is used
        ours = (0, *conn.execute(select(_c.id)).scalars()) if communities is None else tuple(communities)
        here = in_communities(ours)
        wanted = select(*COLUMNS).where(_t.opened >= since, _t.changed >= since, _t.opened < until, here)
        rows = conn.execute(wanted.order_by(_t.id)).all()
        return [case for case, _ in judged(statements(conn), rows, now)]


def rows_of(tx: Transaction, ids: Collection[int]) -> list[Any]:
    """Rows of COLUMNS by id."""
    return [_Row(*row) for row in tx.rows(_ROWS, ids=listed(ids))]


def judged(tx: Transaction, rows: Sequence[Any], now: datetime) -> Iterator[tuple[Case, int]]:
    """Rows of COLUMNS as indicators see them, each with the second since 1970 at which that changes by itself (0:
    never): a limit that has not run out yet will."""
    days = calendars(tx, now.astimezone(SHANGHAI).date(), {row.community or 0 for row in rows})
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        events = _events(tx, [row.id for row in part])
        refused = _refused(tx, [row.id for row in part if row.list_basis])
        unsolved = _unsolved(tx, [row.id for row in part if row.reopened and row.solved_answer is None])
        for row in part:
            case, again = _case(row, events[row.id], days[row.community or 0], int(now.timestamp()))
            if row.id in unsolved:
                case = replace(case, solved_answer=False)
            yield (replace(case, refused=True) if row.id in refused else case), again


def _events(tx: Transaction, ids: Sequence[int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    for ticket, *event in tx.rows(_EVENTS, ids=listed(ids)):
        found[ticket].append(event_from(*event))
    return found


def _refused(tx: Transaction, ids: Sequence[int]) -> set[int]:
    """Those the community did not take: off its list, back up. Kept in the log only."""
    return {ticket for ticket, _ in tx.rows(_REFUSED, ids=listed(ids))} if ids else set()


def _unsolved(tx: Transaction, ids: Sequence[int]) -> set[int]:
    """Those whose reporter said 「没解决」 last: that they are worked on again does not take the answer back."""
    if not ids:
        return set()
    last = {ticket: bool(orjson.loads(body)["solved"]) for ticket, body in tx.rows(_ANSWERED, ids=listed(ids))}
    return {ticket for ticket, solved in last.items() if not solved}


def _case(row: Any, events: list[Event], days: Calendar, now: int) -> tuple[Case, int]:
    dials = hands(events, days)
    again = []
    first, whole = dials.get(Clock.FIRST), dials.get(Clock.WHOLE)
    contacted = on_time = None
    first_minutes = None
    if first is not None:
        kept = first.elapsed(now) <= first.limit
        contacted = kept if first.since is None else (None if kept else False)
        if kept and first.since is not None:
            again.append(first.reaches(first.limit + 1, now))
        if first.since is None:
            first_minutes = (first.runs[-1][1] - first.runs[0][0]) // 60 if first.runs else 0
    if whole is not None:
        kept = whole.elapsed(now) <= whole.limit
        on_time = kept if row.solved is not None else (None if kept else False)
        if kept and row.solved is None and whole.since is not None:
            again.append(whole.reaches(whole.limit + 1, now))
    done = int((row.solved - row.opened).total_seconds() // 60) if row.solved is not None else None
    kinds = [event.kind for event in events]
    starts = [i for i, event in enumerate(events) if event.kind is Kind.START and event.clock is Clock.ACCEPT]
    returns = [i for i, kind in enumerate(kinds) if kind is Kind.RETURN]
    case = Case(
        id=row.id, code=row.code, category=row.category, micro_grid=row.micro_grid, owner=row.owner, level=row.level,
        status=row.status, opened=row.opened, dispatches=row.dispatches, returns=len(returns),
        first_returned=bool(returns) and len([i for i in starts if i < returns[0]]) <= 1,
        contacted=contacted, on_time=on_time, solved=row.solved is not None, solved_answer=row.solved_answer,
        rating=row.rating, reopened=row.reopened, extended=row.extended, hung=Kind.HANG in kinds, unit=row.unit,
        first_minutes=first_minutes, done_minutes=done,
        list_basis=row.list_basis or "", cost=row.cost or 0,
    )  # fmt: skip
    return case, min(again, default=0)


def labels(db: Database, kind: str, keys: Sequence[int]) -> dict[int, str]:
    """Names by id. `kind`: unit, person, micro-grid, community; a category's name is in the core."""
    table = {"unit": units, "person": persons, "micro-grid": micro_grids, "community": communities}[kind]
    wanted = select(table.c.id, table.c.name).where(table.c.id.in_([key for key in keys if key]))
    with db.reading() as conn:
        return {row.id: row.name or "" for row in conn.execute(wanted)}
