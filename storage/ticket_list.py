"""Lists of tickets by filters, a page at a time, newest first; which page follows is told by the last one's id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from handlers.tickets.categories import CATEGORIES, COMPLAINTS, DESK_ONLY
from handlers.tickets.rules import OPEN
from storage import sight
from storage.schema import categories, received, tickets

_t = tickets.c
_LIVING = frozenset(status.value for status in OPEN) | {"待评价"}
APART = 12  # communities asked one by one


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose tickets a caller may see at all; what is not given narrows nothing, an empty tuple everything.

    `member`: the person and the micro-grids he leads. `unplaced`: also those whose community nobody knows yet.
    """

    communities: tuple[int, ...] | None = None
    reporter: int = 0
    member: tuple[int, tuple[int, ...]] | None = None
    unplaced: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    statuses: tuple[str, ...] = ()
    open: bool | None = None
    category: str = ""  # its beginning: 02, 0201
    level: str = ""
    micro_grid: int = 0
    owner: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    changed_since: datetime | None = None
    late_at: datetime | None = None  # open and past its date at this moment
    external: tuple[str, str] | None = None  # source, number there


def page(conn: Connection, scope: Scope, wanted: Filter, before: int, limit: int) -> list[int]:
    """Ids, newest first, below `before` (0: from the newest). One question a place or class, each along its index."""
    conditions = _conditions(wanted)
    if before:
        conditions.append(_t.id < before)
    found: set[int] = set()
    for part in _parts(conn, scope, wanted):
        asked = select(_t.id).where(*part, *conditions).order_by(_t.id.desc()).limit(limit)
        found.update(conn.execute(asked).scalars())
    return sorted(found, reverse=True)[:limit]


def _parts(conn: Connection, scope: Scope, wanted: Filter) -> Iterator[list[ColumnElement[bool]]]:
    """Together what the scope allows. Of few communities each; of many each class that is asked for."""
    rare = scope.reporter or scope.member or wanted.micro_grid or wanted.owner is not None or wanted.external
    late = wanted.late_at or wanted.since or wanted.changed_since
    fresh = late or wanted.open or (wanted.statuses and _LIVING.issuperset(wanted.statuses))
    ours = scope.communities
    if rare:
        yield allowed(scope, beside=True)
    elif ours is not None and 0 < len(ours) <= APART:
        yield from ([_t.community == one] for one in ours)
        if scope.unplaced:
            yield [_t.community.is_(None)]
    elif wanted.category and not fresh:
        known = select(categories.c.code).where(categories.c.code.startswith(wanted.category, autoescape=True))
        codes = {code for code in CATEGORIES if code.startswith(wanted.category)} | set(conn.execute(known).scalars())
        yield from ([*allowed(scope, beside=True), _t.category == code] for code in codes)
    else:
        yield allowed(scope, beside=not fresh)


def allowed(scope: Scope, *, beside: bool = False) -> list[ColumnElement[bool]]:
    """The conditions on `tickets` of a scope. `beside`: what else is asked is rarer than its communities."""
    found: list[ColumnElement[bool]] = []
    if scope.communities is not None:
        found.append(_communities(scope.communities, unplaced=scope.unplaced, beside=beside))
    if scope.reporter:
        found.append(_t.reporter == scope.reporter)
    if scope.member is not None:
        person, grids = scope.member
        kept = or_(_t.category.in_(COMPLAINTS | DESK_ONLY), _t.kind == "投诉举报")
        found.append(or_(_t.owner == person, and_(_t.micro_grid.in_(grids), _t.owner != 0, ~kept)))
    return found


def _communities(ids: Sequence[int], *, unplaced: bool, beside: bool) -> ColumnElement[bool]:
    if not ids:
        return false()
    named = _t.community == ids[0] if len(ids) == 1 else _t.community.in_(ids)
    ours = sight.beside(ids) if beside else named
    return or_(ours, _t.community.is_(None)) if unplaced else ours


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.statuses:
        found.append(_t.status.in_(wanted.statuses))
    if wanted.open is not None:
        is_open = _t.status.in_(sorted(status.value for status in OPEN))
        found.append(is_open if wanted.open else ~is_open)
    if wanted.category:
        found.append(_t.category.startswith(wanted.category, autoescape=True))
    if wanted.late_at is not None:
        found += [_t.due < wanted.late_at, _t.status.in_(sorted(status.value for status in OPEN))]
    if wanted.external is not None:
        mine = and_(received.c.source == wanted.external[0], received.c.external == wanted.external[1])
        found.append(_t.id.in_(select(received.c.ticket).where(mine)))
    for column, value in ((_t.level, wanted.level), (_t.micro_grid, wanted.micro_grid)):
        if value:
            found.append(column == value)
    if wanted.owner is not None:
        found.append(_t.owner == wanted.owner)
    if wanted.since is not None:
        # nothing changes before it was reported: said so that the index of what changed last is used
        found += [_t.opened >= wanted.since, _t.changed >= wanted.since]
    if wanted.until is not None:
        found.append(_t.opened < wanted.until)
    if wanted.changed_since is not None:
        found.append(_t.changed >= wanted.changed_since)
    return found
