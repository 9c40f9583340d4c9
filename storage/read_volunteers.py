"""Questions about volunteers, attendance and teams, for storage/read.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select

from handlers.activities.port import Team, Volunteer
from handlers.activities.port_hours import Attendance, Makeup
from handlers.activities.rules import Place
from storage import doorcodes
from storage.columns import Utc
from storage.schema import activities, attendances, makeups, signups, team_members, teams, volunteers
from storage.sql import Prepared
from storage.transaction import Transaction

_a, _u, _t = activities.c, signups.c, teams.c
_id: BindParameter[int] = bindparam("id")
_person: BindParameter[int] = bindparam("person")
_since = bindparam("since", type_=Utc())

ABSENCES = Prepared(
    select(_a.ends)
    .join(signups, _a.id == _u.activity)
    .where(_u.person == _person, _u.status == Place.ABSENT.value, _a.ends > _since)
    .order_by(_a.ends)
)
VOLUNTEER = Prepared(
    select(
        volunteers.c.person, volunteers.c.adult, volunteers.c.born, volunteers.c.guardian, volunteers.c.skills,
        volunteers.c.free,
    ).where(volunteers.c.person == _person)
)  # fmt: skip
_attendance = select(
    attendances.c.signup, attendances.c.activity, attendances.c.person, attendances.c.came, attendances.c.went,
    attendances.c.came_how, attendances.c.went_how,
)  # fmt: skip
_ATTENDANCE = Prepared(_attendance.where(attendances.c.signup == _id))
_ATTENDANCES = Prepared(_attendance.where(attendances.c.activity == _id).order_by(attendances.c.came))
_makeup = select(
    makeups.c.id, makeups.c.signup, makeups.c.step, makeups.c.at, makeups.c.by, makeups.c.why
)  # fmt: skip
_MAKEUP = Prepared(_makeup.where(makeups.c.id == _id, makeups.c.decided.is_(None)))
_MAKEUPS = Prepared(
    _makeup.join(signups, _u.id == makeups.c.signup)
    .where(_u.activity == _id, makeups.c.decided.is_(None))
    .order_by(makeups.c.id)
)
_members = (
    select(func.count())
    .where(team_members.c.team == _t.id, team_members.c.until.is_(None))
    .correlate(teams)
    .scalar_subquery()
)
_TEAM_COLUMNS = (_t.id, _t.community, _t.name, _t.about, _t.captain, _t.status, _members.label("members"), _t.filing)
_TEAM = Prepared(select(*_TEAM_COLUMNS).where(_t.id == _id))
_TEAMS = Prepared(
    select(*_TEAM_COLUMNS)
    .where(_t.community == bindparam("community"), or_(_t.status == "active", _t.status == "asked"))
    .order_by(_t.id)
    .limit(60)
)
_MEMBERS = Prepared(
    select(team_members.c.person)
    .where(team_members.c.team == _id, team_members.c.until.is_(None))
    .order_by(team_members.c.since, team_members.c.person)
)


def volunteer_from(row: list[Any]) -> Volunteer:
    return Volunteer(row[0], row[1], row[2], row[3], row[4] or "", row[5])


class ReadVolunteers:
    """The part of handlers.read.Read that is about who takes part."""

    def __init__(self, tx: Transaction) -> None:
        self._volunteers = tx

    def absences(self, person: int, since: datetime) -> tuple[datetime, ...]:
        return tuple(row[0] for row in self._volunteers.rows(ABSENCES, person=person, since=since))

    def volunteer(self, person: int) -> Volunteer:
        row = self._volunteers.one(VOLUNTEER, person=person)
        return volunteer_from(row) if row else Volunteer(person)

    def attendance(self, signup: int) -> Attendance | None:
        return next(iter(self._came(_ATTENDANCE, signup)), None)

    def attendances(self, activity: int) -> tuple[Attendance, ...]:
        return self._came(_ATTENDANCES, activity)

    def scanned(self, token: str, now: datetime) -> int:
        return doorcodes.activity_of(token, now)

    def door_codes(self, activity: int, now: datetime) -> tuple[str, ...]:
        return doorcodes.digits(activity, now)

    def makeup(self, makeup: int) -> Makeup | None:
        row = self._volunteers.one(_MAKEUP, id=makeup)
        return Makeup(*row) if row else None

    def makeups_open(self, activity: int) -> tuple[Makeup, ...]:
        return tuple(Makeup(*row) for row in self._volunteers.rows(_MAKEUPS, id=activity))

    def teams_in(self, community: int) -> tuple[Team, ...]:
        return tuple(Team(*row) for row in self._volunteers.rows(_TEAMS, community=community))

    def team(self, team: int) -> Team | None:
        row = self._volunteers.one(_TEAM, id=team)
        return Team(*row) if row else None

    def members(self, team: int) -> tuple[int, ...]:
        return tuple(row[0] for row in self._volunteers.rows(_MEMBERS, id=team))

    def _came(self, prepared: Prepared, number: int) -> tuple[Attendance, ...]:
        rows: list[Any] = self._volunteers.rows(prepared, id=number)
        values = [[*row[:6], row[6] or ""] for row in rows]
        return tuple(Attendance(*row) for row in values)
