"""Lists of tickets by filters, a page at a time, newest first; which page follows is told by the last one's id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

from handlers.tickets.categories import COMPLAINTS, DESK_ONLY
from handlers.tickets.rules import OPEN
from storage.schema import received, tickets

_t = tickets.c


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
    """Ids, newest first, below `before` (0: from the newest)."""
    conditions = [*allowed(scope), *_conditions(wanted)]
    if before:
        conditions.append(_t.id < before)
    return list(conn.execute(select(_t.id).where(*conditions).order_by(_t.id.desc()).limit(limit)).scalars())


def allowed(scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions on `tickets` of a scope."""
    found: list[ColumnElement[bool]] = []
    if scope.communities is not None:
        found.append(_communities(scope.communities, unplaced=scope.unplaced))
    if scope.reporter:
        found.append(_t.reporter == scope.reporter)
    if scope.member is not None:
        person, grids = scope.member
        kept = or_(_t.category.in_(COMPLAINTS | DESK_ONLY), _t.kind == "投诉举报")
        found.append(or_(_t.owner == person, and_(_t.micro_grid.in_(grids), _t.owner != 0, ~kept)))
    return found


def _communities(ids: Sequence[int], *, unplaced: bool) -> ColumnElement[bool]:
    if not ids:
        return false()
    ours = _t.community == ids[0] if len(ids) == 1 else _t.community.in_(ids)
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
