"""Applies changes of posts and borders; who decides them is handlers/grids."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from sqlalchemy import BindParameter, and_, bindparam, delete, literal, update

from handlers.grids import facts as f
from storage.columns import Utc
from storage.pen import Pen
from storage.people import phone_indexes
from storage.schema import grid_changes, grid_moves, homes, households, leaves, micro_grids, persons, posts
from storage.sql import Prepared

GridFact = (
    f.PersonAdded | f.PostPlanned | f.PostChanged | f.RedrawPlanned | f.Redrawn | f.ChangeDropped | f.MicroGridAdded
    | f.MovedOut | f.LeaveSet | f.LeaveEnded
)  # fmt: skip

_c = grid_changes.c
_now = bindparam("now", type_=Utc())
_id: BindParameter[int] = bindparam("change")
_PERSON = Prepared(
    persons.insert().values(
        **{name: bindparam(name) for name in ("id", "name", "phone", "phone_index", "community")},
        building=0, anonymous=False, notice=0, created=_now,
    )
)  # fmt: skip
_names = ("id", "community", "kind", "role", "scope", "incoming", "outgoing", "tasks", "day", "by")
_CHANGE = Prepared(grid_changes.insert().values(**{n: bindparam(n) for n in _names}, state="planned", made=_now))
_MOVE = Prepared(grid_moves.insert().values(**{n: bindparam(n) for n in ("change", "household", "before", "after")}))
_ENDED = Prepared(update(grid_changes).where(_c.id == _id).values(state=bindparam("state"), ended=_now))
_held = and_(
    posts.c.role == bindparam("role"), posts.c.scope == bindparam("scope"), posts.c.until.is_(None),
)  # fmt: skip
_POST_ENDS = Prepared(update(posts).where(_held, posts.c.person != bindparam("incoming")).values(until=_now))
# a deputy who becomes the leader is not the deputy any more
_OTHER_ENDS = Prepared(
    update(posts)
    .where(
        posts.c.person == bindparam("incoming"), posts.c.scope == bindparam("scope"),
        posts.c.role.in_([literal("leader"), literal("deputy")]), posts.c.role != bindparam("role"),
        posts.c.until.is_(None),
    )
    .values(until=_now)
)  # fmt: skip
_POST = Prepared(
    posts.insert().values(**{n: bindparam(n) for n in ("id", "person", "role", "scope")}, since=_now)
)  # fmt: skip
_MOVED = Prepared(
    update(households)
    .where(households.c.id == bindparam("household"))
    .values(micro_grid=bindparam("after"))
)  # fmt: skip
_MICRO = Prepared(
    micro_grids.insert().values(**{n: bindparam(n) for n in ("id", "grid", "community", "code", "name")})
)  # fmt: skip
_OUT = Prepared(
    update(homes)
    .where(
        homes.c.person == bindparam("person"), homes.c.household == bindparam("household"), homes.c.until.is_(None)
    )
    .values(until=_now)
)


_LEAVE = Prepared(leaves.insert().values(**{n: bindparam(n) for n in ("id", "person", "first", "last")}))
_LEAVE_GONE = Prepared(
    delete(leaves).where(leaves.c.person == bindparam("person"), leaves.c.first >= bindparam("day"))
)
_LEAVE_CUT = Prepared(
    update(leaves)
    .where(leaves.c.person == bindparam("person"), leaves.c.last >= bindparam("day"))
    .values(last=bindparam("before"))
)


def apply(fact: GridFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case f.PersonAdded(person, community, name, phone):
            index = next(iter(phone_indexes(phone)), None)
            tx.write(_PERSON, id=person, name=name, phone=phone, phone_index=index, community=community, now=now)
        case f.PostPlanned(change, community, role, scope, incoming, outgoing, day, tasks, by):
            tx.write(
                _CHANGE, id=change, community=community, kind="post", role=role, scope=scope, incoming=incoming,
                outgoing=outgoing, tasks=tasks, day=day.isoformat(), by=by, now=now,
            )  # fmt: skip
        case f.PostChanged(change, _, role, scope, incoming):
            at = {"role": role, "scope": scope, "incoming": incoming, "now": now}
            tx.write(_POST_ENDS, **at)
            if incoming:
                tx.write(_OTHER_ENDS, **at)
                tx.write(_POST, id=pen.new_id(), person=incoming, role=role, scope=scope, now=now)
            tx.write(_ENDED, change=change, state="done", now=now)
        case f.RedrawPlanned(change, community, day, by, moves):
            tx.write(
                _CHANGE, id=change, community=community, kind="redraw", role="", scope=0, incoming=0, outgoing=0,
                tasks="", day=day.isoformat(), by=by, now=now,
            )  # fmt: skip
            for household, before, after in moves:
                tx.write(_MOVE, change=change, household=household, before=before, after=after)
        case f.Redrawn(change, moves=moves):
            for household, _, after in moves:
                tx.write(_MOVED, household=household, after=after)
            tx.write(_ENDED, change=change, state="done", now=now)
            pen.reader.register_changes()
        case f.ChangeDropped(change):
            tx.write(_ENDED, change=change, state="dropped", now=now)
        case f.MicroGridAdded(micro_grid, grid, community, code, name):
            tx.write(_MICRO, id=micro_grid, grid=grid, community=community, code=code, name=name)
            pen.reader.register_changes()
        case f.MovedOut(person, household):
            tx.write(_OUT, person=person, household=household, now=now)
        case f.LeaveSet(person, first, last):
            tx.write(_LEAVE, id=pen.new_id(), person=person, first=first.isoformat(), last=last.isoformat())
        case f.LeaveEnded(person, day):
            tx.write(_LEAVE_GONE, person=person, day=day.isoformat())
            tx.write(_LEAVE_CUT, person=person, day=day.isoformat(), before=(day - timedelta(days=1)).isoformat())
        case _:
            assert_never(fact)
    pen.reader.forget()
