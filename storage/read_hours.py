"""Questions about hours served and objections to them, for storage/read.py."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from handlers.activities.port_hours import Objection, Served
from storage import doorcodes
from storage.schema import activities, hours, hours_days, objections, ratings
from storage.sql import Prepared
from storage.transaction import Transaction

_h = hours.c
_id: BindParameter[int] = bindparam("id")
_served = select(
    _h.id, _h.person, _h.guest, _h.label, _h.signup, _h.activity, activities.c.name, _h.half, _h.minutes, _h.day,
    _h.round, _h.reverses,
).join(activities, activities.c.id == _h.activity)  # fmt: skip
_BY = Prepared(_served.where(_h.person == _id).order_by(_h.id))
_IN = Prepared(_served.where(_h.activity == _id).order_by(_h.id))
_ON = Prepared(
    select(hours_days.c.half).where(hours_days.c.person == _id, hours_days.c.day == bindparam("day"))
)  # fmt: skip
_OBJECTIONS = Prepared(
    select(objections.c.id, objections.c.hours, objections.c.person, objections.c.words)
    .join(hours, _h.id == objections.c.hours)
    .join(activities, activities.c.id == _h.activity)
    .where(activities.c.organiser == _id, objections.c.decided.is_(None))
    .order_by(objections.c.id)
)

_RATED = Prepared(select(ratings.c.id).where(ratings.c.signup == _id, ratings.c.of == bindparam("rated")))


class ReadHours:
    """The part of handlers.read.Read that is about hours."""

    def __init__(self, tx: Transaction) -> None:
        self._hours = tx

    def served_by(self, person: int) -> tuple[Served, ...]:
        return self._served(_BY, person)

    def served_in(self, activity: int) -> tuple[Served, ...]:
        return self._served(_IN, activity)

    def half_hours_on(self, person: int, day: str) -> int:
        row = self._hours.one(_ON, id=person, day=day)
        return int(row[0]) if row else 0

    def objections_of(self, organiser: int) -> tuple[Objection, ...]:
        return tuple(Objection(*row) for row in self._hours.rows(_OBJECTIONS, id=organiser))

    def certificate_serial(self, certificate: int, day: str) -> str:
        return doorcodes.certificate_serial(day, certificate)

    def rated(self, signup: int, of: str) -> bool:
        return self._hours.one(_RATED, id=signup, rated=of) is not None

    def _served(self, prepared: Prepared, number: int) -> tuple[Served, ...]:
        rows: list[Any] = self._hours.rows(prepared, id=number)
        values = [[*row[:3], row[3] or "", *row[4:]] for row in rows]
        return tuple(Served(*row) for row in values)
