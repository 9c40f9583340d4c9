"""The staff's list of work: a page by key of what somebody may see, the counts of its views, what to filter by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select, text

from handlers.tickets.categories import SENSITIVE
from handlers.tickets.rules import OPEN
from storage import places
from storage.columns import Utc
from storage.engine import Database
from storage.pressing import presses
from storage.schema import (
    buildings,
    micro_grids,
    notes,
    persons,
    tickets,
)
from storage.schema.tickets import OPEN_ONLY
from storage.sight import Sight, beside, few_in, parts_of, raised_in, tickets_in, tickets_within
from storage.ticket_list import APART
from storage.views import BoardRow, board_rows

_t = tickets.c
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # due when nothing is due
_FEW = 3  # micro-grids whose tickets are sorted rather than looked for among their community's
_OPEN = frozenset(status.value for status in OPEN)
_LIVING = _OPEN | {"待评价"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters; what is not given narrows nothing. `statuses` of which none is over: pressing first; else newest."""

    statuses: frozenset[str] = frozenset()
    owner: int | None = None
    due_before: datetime | None = None
    pressing: datetime | None = None  # those that are late, or soon, at this moment (limits.PRESSING)
    category: str = ""  # its beginning
    micro_grid: int = 0
    source: str = ""
    building: int = 0

    @property
    def rare(self) -> bool:
        """Fewer than a community has, and with an index of their own."""
        return bool(self.owner is not None or self.micro_grid or self.building)


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ends: the next begins behind it. `calm` 0: danger."""

    calm: int
    due: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tickets of a state are `mine` and `soon` due."""

    status: str
    mine: bool
    soon: bool
    count: int


_CALM: ColumnElement[int] = case((_t.level == "T0", 0), else_=1)
_DUE: ColumnElement[datetime] = func.coalesce(_t.due, literal(_NEVER, Utc()), type_=Utc())


def page(db: Database, sight: Sight | None, wanted: Wanted, after: Key | None, limit: int) -> list[BoardRow]:
    """One more row than `limit` when there is another page."""
    by_due = bool(wanted.statuses) and wanted.statuses <= _LIVING
    conditions = _conditions(wanted)
    if after is not None:
        conditions.append(_behind(after) if by_due else _t.id < after.id)
    with db.reading() as conn:
        if by_due:
            asked = select(_t.id).where(*few_in(sight, *conditions)).order_by(_CALM, _DUE, _t.id).limit(limit + 1)
            ids = list(conn.execute(asked).scalars())
        else:
            ids = _newest(conn, sight, wanted, conditions, limit + 1)
        found = {row["id"]: row for row in conn.execute(select(tickets).where(_t.id.in_(ids))).mappings()}
        return board_rows(conn, [found[one] for one in ids])


def _newest(
    conn: Connection, sight: Sight | None, wanted: Wanted, conditions: list[ColumnElement[bool]], limit: int
) -> list[int]:
    """One question a community or unit, each along its index: together they would sort all there ever was."""
    places = [tickets_in(sight)]
    if sight is not None and sight.units:
        places = [(*tickets_in(sight), part) for part in parts_of(sight)]
    elif sight is not None and sight.escalated and sight.communities:
        places = [raised_in(sight)]
    elif sight is not None and sight.whole and sight.communities and wanted.rare:
        places = [(_t.against != sight.person, or_(beside(sight.communities), _t.community.is_(None)))]
    elif sight is not None and 0 < len(sight.communities) <= APART:
        if sight.whole:
            places = [tickets_within(sight, one) for one in (*sight.communities, None)]
        elif sight.micro_grids is not None and len(sight.micro_grids) > _FEW:
            ours = [_t.community == one for one in sight.communities]
            places = [(*tickets_in(sight), place) for place in (*ours, _t.owner == sight.person)]
    found: set[int] = set()
    for place in places:
        asked = select(_t.id).where(*place, *conditions).order_by(_t.id.desc()).limit(limit)
        found.update(conn.execute(asked).scalars())
    return sorted(found, reverse=True)[:limit]


def key_of(row: BoardRow) -> Key:
    return Key(0 if row.level == "T0" else 1, row.due or _NEVER, row.id)


def urged(db: Database, ids: Iterable[int]) -> dict[int, int]:
    """How often the reporters of these tickets urged, where they did."""
    wanted = select(notes.c.ticket, func.count()).where(notes.c.ticket.in_(list(ids)), notes.c.kind == "TicketUrged")
    with db.reading() as conn:
        return {row[0]: row[1] for row in conn.execute(wanted.group_by(notes.c.ticket))}


def tallies(db: Database, sight: Sight | None, person: int, now: datetime) -> list[Tally]:
    """Of all that is open or waits for the reporter's answer."""
    mine = case((_t.owner == person, 1), else_=0)
    near = case((presses(now), 1), else_=0)
    wanted = select(_t.status, mine, near, func.count()).where(*few_in(sight, only(_LIVING)))
    with db.reading() as conn:
        rows = conn.execute(wanted.group_by(_t.status, mine, near)).all()
    return [Tally(row[0], bool(row[1]), bool(row[2]), row[3]) for row in rows]


def owners(db: Database, sight: Sight | None) -> list[tuple[int, str]]:
    """Who has open tickets here, by name."""
    mine = select(_t.owner).where(*few_in(sight, only(_OPEN)), _t.owner != 0)
    with db.reading() as conn:
        ids = set(conn.execute(mine).scalars())  # DISTINCT would read all there are in the owners' order
        found = conn.execute(select(persons.c.id, persons.c.name).where(persons.c.id.in_(ids))).all()
    return sorted(((row.id, row.name or "没有登记姓名") for row in found), key=lambda one: one[1])


def grids_of(db: Database, sight: Sight) -> list[tuple[int, str]]:
    """Micro-grids to filter by."""
    wanted = select(micro_grids.c.id, micro_grids.c.name).where(micro_grids.c.community.in_(sight.communities))
    if sight.micro_grids is not None:
        wanted = wanted.where(micro_grids.c.id.in_(sight.micro_grids))
    with db.reading() as conn:
        return [(row.id, row.name) for row in conn.execute(wanted.order_by(micro_grids.c.code).limit(500))]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.statuses:
        found.append(only(wanted.statuses))
    if wanted.owner is not None:
        found.append(_t.owner == wanted.owner)
    if wanted.due_before is not None:
        found.append(_t.due < wanted.due_before)
    if wanted.pressing is not None:
        found.append(presses(wanted.pressing))
    if wanted.category:
        found.append(_t.category.startswith(wanted.category, autoescape=True))
    if wanted.micro_grid:
        found.append(_t.micro_grid == wanted.micro_grid)
    if wanted.source:
        found.append(_t.source == wanted.source)
    if wanted.building:  # where a sensitive matter is, its own page alone tells
        key = select(places.key_of_building()).where(buildings.c.id == wanted.building)
        found += [_t.place_key == key.scalar_subquery(), _t.category.not_in(SENSITIVE)]
    return found


def only(statuses: frozenset[str]) -> ColumnElement[bool]:
    """Tickets in these states, said so that the index of what is not over is used."""
    one, *more = sorted(statuses)
    here = _t.status.in_([one, *more]) if more else _t.status == one  # of one they stand in order
    return and_(text(OPEN_ONLY), here) if statuses <= _LIVING else here


def _behind(key: Key) -> ColumnElement[bool]:
    calm, due = literal(key.calm), literal(key.due, Utc())
    same_due = and_(due == _DUE, _t.id > key.id)
    return or_(calm < _CALM, and_(calm == _CALM, or_(due < _DUE, same_due)))
