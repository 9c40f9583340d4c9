"""Questions about activities, seats and teams, for storage/read.py; hours are in read_hours.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BindParameter, bindparam, func, literal, literal_column, select, tuple_

from handlers.activities.port import Activity, Asking, Guest, Signup, Station, Volunteer
from handlers.activities.rules import LIVE, Place, State
from handlers.types import Pin
from storage import crypto, doorcodes
from storage.columns import Utc
from storage.numbers import NEXT
from storage.read_volunteers import ABSENCES, VOLUNTEER, volunteer_from
from storage.schema import (
    activities,
    signups,
    stations,
    teams,
)  # fmt: skip
from storage.sql import Prepared
from storage.transaction import Transaction

_a, _u, _t = activities.c, signups.c, teams.c
_ACTIVITY_COLUMNS = (
    _a.id, _a.number, _a.community, _a.organiser, _a.name, _a.kind, _a.about, _a.place, _a.starts, _a.ends,
    _a.conditions, _a.risks, _a.insurance, _a.status, _a.team, _a.danger, _a.policy_number, _a.bring, _a.children,
    _a.question, _a.approve, _a.weekly, _a.lat, _a.lon, _a.fence, _a.recorded,
    _a.moved,
)  # fmt: skip
_SIGNUP_COLUMNS = (
    _u.id, _u.activity, _u.station, _u.person, _u.people, _u.party, _u.status, _u.created, _u.low, _u.place,
    _u.answer, _u.until, _u.guardian,
)  # fmt: skip
_id: BindParameter[int] = bindparam("id")
_person: BindParameter[int] = bindparam("person")
_since = bindparam("since", type_=Utc())
_until = bindparam("until", type_=Utc())
_LIVE = [literal(place.value) for place in sorted(LIVE)]
_SHOWN = [*_LIVE, literal(Place.CAME.value), literal(Place.ABSENT.value)]

_s = stations.c
_with_posts = select(*_ACTIVITY_COLUMNS, _s.id, _s.name, _s.seats, _s.taken).join(stations, _s.activity == _a.id)
_ACTIVITY = Prepared(_with_posts.where(_a.id == _id).order_by(_s.id))
_HELD = Prepared(select(*_ACTIVITY_COLUMNS).where(_a.id == _id).with_for_update(key_share=True))
_NUMBERED = Prepared(_with_posts.where(_a.number == bindparam("number")).order_by(_s.id))
_ON = Prepared(
    _with_posts.where(
        _a.community == bindparam("community"), _a.status == State.OPEN.value, _a.ends > _since, _a.starts < _until
    )
    .order_by(_a.starts, _a.id, _s.id)
    .limit(120)
)
_LED = Prepared(
    _with_posts.where(_a.organiser == _person, _a.status != State.CANCELLED.value, _a.ends > _since)
    .order_by(_a.starts, _a.id, _s.id)
    .limit(60)
)
_STATIONS = Prepared(
    select(stations.c.id, stations.c.name, stations.c.seats, stations.c.taken)
    .where(stations.c.activity == _id)
    .order_by(stations.c.id)
)
_SIGNUP = Prepared(select(*_SIGNUP_COLUMNS).where(_u.id == _id))
_SIGNUP_OF = Prepared(
    select(*_SIGNUP_COLUMNS)
    .where(_u.activity == bindparam("activity"), _u.person == _person)
    .order_by(_u.id.desc())
    .limit(1)
)
_SIGNUPS_OF = Prepared(
    select(*_SIGNUP_COLUMNS)
    .join(activities, _a.id == _u.activity)
    .where(_u.person == _person, _u.status.in_([*_LIVE, literal(Place.CAME.value)]), _a.ends > _since)
    .order_by(_a.starts, _u.id)
    .limit(20)
)
_SIGNUPS_IN = Prepared(
    select(*_SIGNUP_COLUMNS).where(_u.activity == _id, _u.status.in_(_SHOWN)).order_by(_u.id)
)  # fmt: skip
_WAITING = Prepared(
    select(*_SIGNUP_COLUMNS)
    .where(_u.station == bindparam("station"), _u.status == literal_column("'waiting'"))
    .order_by(_u.low, _u.place)
    .limit(bindparam("most"))
)
# the state is written out, so that the index of those who wait is used: a list may be long
_QUEUE = Prepared(
    select(_u.low, func.count())
    .where(_u.station == bindparam("station"), _u.status == literal_column("'waiting'"))
    .group_by(_u.low)
)
_AHEAD = Prepared(
    select(func.count()).where(
        _u.station == bindparam("station"), _u.status == literal_column("'waiting'"),
        tuple_(_u.low, _u.place) < tuple_(bindparam("low"), bindparam("place")),
    )
)  # fmt: skip
_CONSENT = Prepared(select(*_SIGNUP_COLUMNS).where(_u.consent == bindparam("code"), _u.status == "consent"))


def _activity_from(row: list[Any], of: list[Any]) -> Activity:
    notice, rest = row[:13], row[14:22]
    pin = Pin(row[22], row[23]) if row[22] is not None and row[23] is not None else None
    values = [
        *notice,
        tuple(Station(*station) for station in of),
        State(row[13]),
        *rest,
        pin,
        row[24],
        row[25],
        row[26],
    ]
    return Activity(*values)


def signup_from(row: list[Any]) -> Signup:
    party = tuple(Guest(*guest) for guest in orjson.loads(row[5]))
    number, activity, station, person, people = row[:5]
    return Signup(
        number, activity, station, person, people, party, Place(row[6]), row[7], row[8], row[9], row[10] or "",
        row[11], row[12],
    )  # fmt: skip


class ReadActivities:
    """The part of handlers.read.Read that is about activities."""

    def __init__(self, tx: Transaction) -> None:
        self._activities = tx

    def activity_number(self) -> int:
        return int(self._activities.one(NEXT, name="activity")[0])

    def activity(self, activity: int) -> Activity | None:
        return next(iter(self._shown(self._activities.rows(_ACTIVITY, id=activity))), None)

    def activity_held(self, activity: int) -> Activity | None:
        """On PostgreSQL the row is locked; its posts are read after that, as whoever held it before left them."""
        row = self._activities.one(_HELD, id=activity)
        return _activity_from(row, self._activities.rows(_STATIONS, id=activity)) if row else None

    def activity_numbered(self, number: int) -> Activity | None:
        return next(iter(self._shown(self._activities.rows(_NUMBERED, number=number))), None)

    def activities_on(self, community: int, since: datetime, until: datetime) -> tuple[Activity, ...]:
        return self._shown(self._activities.rows(_ON, community=community, since=since, until=until))

    def activities_led(self, person: int, since: datetime) -> tuple[Activity, ...]:
        return self._shown(self._activities.rows(_LED, person=person, since=since))

    def signup(self, signup: int) -> Signup | None:
        return next(iter(self._signups(_SIGNUP, id=signup)), None)

    def signup_of(self, activity: int, person: int) -> Signup | None:
        return next(iter(self._signups(_SIGNUP_OF, activity=activity, person=person)), None)

    def signups_of(self, person: int, since: datetime) -> tuple[Signup, ...]:
        return self._signups(_SIGNUPS_OF, person=person, since=since)

    def signups_in(self, activity: int) -> tuple[Signup, ...]:
        return self._signups(_SIGNUPS_IN, id=activity)

    def waiting(self, station: int, most: int) -> tuple[Signup, ...]:
        return self._signups(_WAITING, station=station, most=most)

    def queue(self, station: int) -> tuple[int, int]:
        counts = {bool(low): count for low, count in self._activities.rows(_QUEUE, station=station)}
        return counts.get(False, 0), counts.get(True, 0)

    def ahead(self, signup: Signup) -> int:
        at = {"station": signup.station, "low": signup.low, "place": signup.place}
        return int(self._activities.one(_AHEAD, **at)[0])

    def asking(self, activity: int, person: int, since: datetime) -> Asking:
        before, volunteer, absent = self._activities.gather(
            [
                (_SIGNUP_OF, {"activity": activity, "person": person}),
                (VOLUNTEER, {"person": person}),
                (ABSENCES, {"person": person, "since": since}),
            ]
        )
        return Asking(
            signup_from(before[0]) if before else None,
            volunteer_from(volunteer[0]) if volunteer else Volunteer(person),
            tuple(row[0] for row in absent),
        )

    def consent_code(self, signup: int) -> str:
        return doorcodes.guardian_code(signup)

    def signup_for_consent(self, code: str) -> Signup | None:
        for index in crypto.current().indexes(f"consent:{code}"):
            if found := self._signups(_CONSENT, code=index):
                return found[0]
        return None

    def _signups(self, prepared: Prepared, **values: Any) -> tuple[Signup, ...]:
        return tuple(signup_from(row) for row in self._activities.rows(prepared, **values))

    def _shown(self, rows: list[Any]) -> tuple[Activity, ...]:
        """Rows of activities with a post each, those of one activity beside each other."""
        posts: dict[int, list[Any]] = {}
        for row in rows:
            posts.setdefault(row[0], []).append(row)
        return tuple(_activity_from(of[0][:-4], [row[-4:] for row in of]) for of in posts.values())
