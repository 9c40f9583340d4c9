"""Tickets as the indicators count them: from their rows and their clocks' events; changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from handlers.tickets.clock import SHANGHAI, Calendar
from handlers.tickets.clocks import Event, Kind, hands
from handlers.tickets.facts_chain import ListRefused
from handlers.tickets.limits import Clock
from handlers.tickets.numbers import Case
from storage.engine import Database
from storage.holidays_cn import calendar
from storage.read_clocks import event_from
from storage.schema import clock_events, facts, micro_grids, persons, tickets, units
from storage.sight import in_communities
from storage.transaction import Transaction

_AT_ONCE = 500
_t, _e = tickets.c, clock_events.c
_COLUMNS = (
    _t.id, _t.code, _t.category, _t.micro_grid, _t.owner, _t.level, _t.status, _t.opened, _t.dispatches, _t.solved,
    _t.solved_answer, _t.rating, _t.reopened, _t.extended, _t.community, _t.unit, _t.list_basis, _t.cost,
)  # fmt: skip


def cases(
    db: Database, communities: Sequence[int] | None, since: datetime, until: datetime, now: datetime
) -> list[Case]:
    """Tickets reported from `since` to before `until`, oldest first. `communities` None: all."""
    ours = () if communities is None else (in_communities(tuple(communities)),)
    wanted = select(*_COLUMNS).where(_t.opened >= since, _t.opened < until, *ours).order_by(_t.id)
    found: list[Case] = []
    with db.reading() as conn:
        tx = Transaction(conn.connection.cursor(), db.dialect)
        days: dict[int, Calendar] = {}
        rows = conn.execute(wanted).all()
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            events = _events(conn, [row.id for row in part])
            refused = _refused(conn, [row.id for row in part if row.list_basis])
            for row in part:
                community = row.community or 0
                if community not in days:
                    days[community] = calendar(tx, now.astimezone(SHANGHAI).date(), community)
                found.append(
                    replace(
                        _case(row, events[row.id], days[community], int(now.timestamp())), refused=row.id in refused
                    )
                )
    return found


def _events(conn: Connection, ids: Sequence[int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    wanted = select(_e.ticket, _e.at, _e.kind, _e.clock, _e.terms, _e.value).where(_e.ticket.in_(ids))
    for row in conn.execute(wanted.order_by(_e.ticket, _e.id)):
        found[row.ticket].append(event_from(*row[1:]))
    return found


def _refused(conn: Connection, ids: Sequence[int]) -> set[int]:
    """Those the community did not take: off its list, back up. Kept in the log only."""
    if not ids:
        return set()
    wanted = select(facts.c.ticket).where(facts.c.ticket.in_(ids), facts.c.kind == ListRefused.__name__)
    return set(conn.execute(wanted).scalars())


def _case(row: Any, events: list[Event], days: Calendar, now: int) -> Case:
    dials = hands(events, days)
    first, whole = dials.get(Clock.FIRST), dials.get(Clock.WHOLE)
    contacted = on_time = None
    first_minutes = None
    if first is not None:
        kept = first.elapsed(now) <= first.limit
        contacted = kept if first.since is None else (None if kept else False)
        if first.since is None:
            first_minutes = (first.runs[-1][1] - first.runs[0][0]) // 60 if first.runs else 0
    if whole is not None:
        kept = whole.elapsed(now) <= whole.limit
        on_time = kept if row.solved is not None else (None if kept else False)
    done = int((row.solved - row.opened).total_seconds() // 60) if row.solved is not None else None
    kinds = [event.kind for event in events]
    starts = [i for i, event in enumerate(events) if event.kind is Kind.START and event.clock is Clock.ACCEPT]
    returns = [i for i, kind in enumerate(kinds) if kind is Kind.RETURN]
    return Case(
        id=row.id, code=row.code, category=row.category, micro_grid=row.micro_grid, owner=row.owner, level=row.level,
        status=row.status, opened=row.opened, dispatches=row.dispatches, returns=len(returns),
        first_returned=bool(returns) and len([i for i in starts if i < returns[0]]) <= 1,
        contacted=contacted, on_time=on_time, solved=row.solved is not None, solved_answer=row.solved_answer,
        rating=row.rating, reopened=row.reopened, extended=row.extended, hung=Kind.HANG in kinds, unit=row.unit,
        first_minutes=first_minutes, done_minutes=done,
        list_basis=row.list_basis or "", cost=row.cost or 0,
    )  # fmt: skip


def labels(db: Database, kind: str, keys: Sequence[int]) -> dict[int, str]:
    """Names by id. `kind`: unit, person, micro-grid; a category's name is in the core."""
    table = {"unit": units, "person": persons, "micro-grid": micro_grids}[kind]
    wanted = select(table.c.id, table.c.name).where(table.c.id.in_([key for key in keys if key]))
    with db.reading() as conn:
        return {row.id: row.name or "" for row in conn.execute(wanted)}
