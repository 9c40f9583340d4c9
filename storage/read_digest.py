"""Questions of the digests (handlers.tickets.digest_port.AskDigest): counts, the most pressing, the unread."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union,
)

from handlers.read import Ticket
from handlers.tickets.digest_port import Tally
from handlers.tickets.rules import OPEN, Status
from handlers.types import Role
from storage.columns import Utc
from storage.schema import communities, identities, outbox, tickets, unit_areas
from storage.sql import Prepared
from storage.ticket_rows import COLUMNS, ticket_from
from storage.transaction import Transaction

_t = tickets.c
_open = _t.status.in_([literal(status.value) for status in sorted(OPEN)])
_scope: BindParameter[int] = bindparam("scope")
_now, _since, _end = (bindparam(name, type_=Utc()) for name in ("now", "since", "day_end"))
_street = select(unit_areas.c.street).where(unit_areas.c.unit == _scope, unit_areas.c.scope == "street")
_here = select(communities.c.id).where(communities.c.street.in_(_street))
_IN: dict[Role, ColumnElement[bool]] = {
    Role.DESK: _t.community == _scope,
    Role.HEAD: and_(_t.unit == _scope, _t.unit != literal_column("0")),  # as its index says
    Role.STREET: _t.community.in_(_here),
}


def _status(*statuses: Status) -> ColumnElement[bool]:
    return _t.status.in_([literal(status.value) for status in statuses])


def _count(where: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((where, 1), else_=0)), 0)


def _tally(where: ColumnElement[bool]) -> Prepared:
    return Prepared(
        select(
            _count(_open),
            _count(and_(_open, _t.due < _now)),
            _count(and_(_open, _t.due >= _now, _t.due < _end)),
            _count(_status(Status.TO_DISPATCH, Status.TO_ACCEPT, Status.WAITING)),
            _count(_status(Status.RETURN_ASKED, Status.EXTENSION_ASKED)),
            _count(and_(_open, _t.level.in_([literal("T0"), literal("T1")]))),
            _count(_t.opened >= _since),
            _count(_t.solved >= _since),
        ).where(_t.id.in_(union(select(_t.id).where(where, _open), select(_t.id).where(where, _t.changed >= _since))))
    )  # each half along its own index: of both at once all tickets of the place would be read


def _pressing(where: ColumnElement[bool]) -> Prepared:
    order = (case((_t.due.is_(None), 1), else_=0), _t.due, _t.opened, _t.id)
    return Prepared(select(*COLUMNS).where(where, _open).order_by(*order).limit(bindparam("limit")))


_TALLY = {role: _tally(where) for role, where in _IN.items()}
_PRESSING = {role: _pressing(where) for role, where in _IN.items()}
_person: BindParameter[int] = bindparam("person")
_SEEN = select(func.max(identities.c.seen)).where(identities.c.person == _person).scalar_subquery()
_WRITTEN = [literal(kind) for kind in ("task", "alarm", "desk")]
_UNREAD = Prepared(
    select(*COLUMNS)
    .where(
        _open,
        _t.owner == _person,
        _t.id.in_(
            select(outbox.c.ticket).where(
                outbox.c.person == _person,
                outbox.c.kind.in_(_WRITTEN),
                outbox.c.state == literal("sent"),
                or_(_SEEN.is_(None), outbox.c.done > _SEEN),
            )
        ),
    )
    .order_by(case((_t.due.is_(None), 1), else_=0), _t.due, _t.id)
    .limit(20)
)
_TOLD = Prepared(
    select(outbox.c.id)
    .where(outbox.c.person == _person, outbox.c.kind == bindparam("kind"), outbox.c.created >= _since)
    .limit(1)
)


class ReadDigest:
    """The part of handlers.read.Read that is about digests."""

    tx: Transaction

    def tally(self, role: Role, scope: int, since: datetime, day_end: datetime, now: datetime) -> Tally:
        return Tally(
            *(int(cell) for cell in self.tx.one(_TALLY[role], scope=scope, since=since, day_end=day_end, now=now))
        )

    def pressing(self, role: Role, scope: int, limit: int) -> tuple[Ticket, ...]:
        return tuple(ticket_from(row) for row in self.tx.rows(_PRESSING[role], scope=scope, limit=limit))

    def unread(self, person: int) -> tuple[Ticket, ...]:
        return tuple(ticket_from(row) for row in self.tx.rows(_UNREAD, person=person))

    def told_since(self, person: int, kind: str, since: datetime) -> bool:
        return self.tx.one(_TOLD, person=person, kind=kind, since=since) is not None
