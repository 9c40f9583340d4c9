"""What becomes of sign-ups, hours and teams when a person is erased or joined to another record."""

from __future__ import annotations

from sqlalchemy import BindParameter, bindparam, delete, func, literal, null, select, update

from handlers.activities.rules import HOLDS, LIVE
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import (
    activities,
    activity_photos,
    attendances,
    certificates,
    hours,
    hours_days,
    makeups,
    objections,
    photo_people,
    ratings,
    signups,
    star_requests,
    stations,
    team_members,
    teams,
    timers,
    volunteers,
)  # fmt: skip
from storage.sql import Prepared

_person: BindParameter[int] = bindparam("person")
_owner: BindParameter[int] = bindparam("owner")
_now = bindparam("now", type_=Utc())
_u = signups.c
_live = _u.status.in_([literal(place.value) for place in sorted(LIVE)])
_holding = {place.value for place in HOLDS}

_LIVE_ONES = Prepared(select(_u.id, _u.activity, _u.station, _u.people, _u.status).where(_u.person == _person, _live))
_LEFT = Prepared(
    update(signups)
    .where(_u.id == bindparam("signup"), _u.status == bindparam("before"))
    .values(status="left", until=None, changed=_now)
)
_FREE = Prepared(
    update(stations)
    .where(stations.c.id == bindparam("station"), stations.c.taken >= bindparam("people"))
    .values(taken=stations.c.taken - bindparam("people"))
)
_SEATS = Prepared(
    lambda insert: (
        insert(timers)
        .values(ticket=bindparam("activity"), kind="ac_seats", due=bindparam("due", type_=Utc()), attempts=0)
        .on_conflict_do_nothing(index_elements=["ticket", "kind"])
    )
)
_in_photos = select(photo_people.c.photo).where(photo_people.c.person == _person)
_mine = select(_u.id).where(_u.person == _person)
_WORDS = tuple(
    Prepared(statement)
    for statement in (
        update(signups).where(_u.person == _person).values(party="[]", answer=null(), why=null(), consent=null()),
        update(makeups).where(makeups.c.signup.in_(_mine)).values(why=""),
        update(hours).where(hours.c.person == _person).values(label=null(), why=null()),
        update(objections).where(objections.c.person == _person).values(words=""),
        update(ratings).where(ratings.c.signup.in_(_mine)).values(words=null()),
        update(certificates)
        .where(certificates.c.person == _person)
        .values(name="", lines="[]", withdrawn=func.coalesce(certificates.c.withdrawn, _now)),
        update(team_members)
        .where(team_members.c.person == _person, team_members.c.until.is_(None))
        .values(until=_now),
        delete(volunteers).where(volunteers.c.person == _person),
        update(activity_photos)
        .where(activity_photos.c.id.in_(_in_photos), activity_photos.c.removed.is_(None))
        .values(removed=_now),
        update(star_requests)
        .where(star_requests.c.person == _person, star_requests.c.state != "granted")
        .values(state="refused", why=null(), objection=null()),
        update(star_requests).where(star_requests.c.person == _person).values(serial=null()),
        update(teams).where(teams.c.successor == _person).values(successor=0),
    )
)  # fmt: skip
_other, _joined, _known = signups.alias("other"), team_members.alias("joined"), volunteers.alias("known")
_pictured = photo_people.alias("pictured")
_DAYS = Prepared(select(hours_days.c.day, hours_days.c.half).where(hours_days.c.person == _person))
_DAYS_GONE = Prepared(delete(hours_days).where(hours_days.c.person == _person))
_DAY = Prepared(
    lambda insert: (
        insert(hours_days)
        .values(person=_owner, day=bindparam("day"), half=bindparam("half"))
        .on_conflict_do_update(index_elements=["person", "day"], set_={"half": hours_days.c.half + bindparam("half")})
    )
)
_MERGE = tuple(
    Prepared(statement)
    for statement in (
        update(signups)
        .where(
            _u.person == _person,
            _u.activity.not_in(
                select(_other.c.activity).where(
                    _other.c.person == _owner, _other.c.status.in_([literal(p.value) for p in sorted(LIVE)])
                )
            ),
        )
        .values(person=_owner),
        update(attendances)
        .where(attendances.c.signup.in_(select(_u.id).where(_u.person == _owner)))
        .values(person=_owner),
        update(hours).where(hours.c.person == _person).values(person=_owner),
        update(certificates).where(certificates.c.person == _person).values(person=_owner),
        update(objections).where(objections.c.person == _person).values(person=_owner),
        update(activities).where(activities.c.organiser == _person).values(organiser=_owner),
        update(teams).where(teams.c.captain == _person).values(captain=_owner),
        update(team_members)
        .where(
            team_members.c.person == _person,
            team_members.c.team.not_in(select(_joined.c.team).where(_joined.c.person == _owner)),
        )
        .values(person=_owner),
        update(volunteers)
        .where(
            volunteers.c.person == _person,
            _owner.not_in(select(_known.c.person).where(_known.c.person == _owner)),
        )
        .values(person=_owner),
        update(photo_people)
        .where(
            photo_people.c.person == _person,
            photo_people.c.photo.not_in(select(_pictured.c.photo).where(_pictured.c.person == _owner)),
        )
        .values(person=_owner),
        update(star_requests)
        .where(star_requests.c.person == _person, star_requests.c.state.in_([literal("granted"), literal("refused")]))
        .values(person=_owner),
        update(volunteers).where(volunteers.c.guardian == _person).values(guardian=_owner),
    )
)


def erase(pen: Pen, person: int) -> None:
    """Sign-ups end, their seats go to the waiting list; words, labels and names go; sums stay without a name."""
    tx = pen.tx
    for signup, activity, station, people, status in tx.rows(_LIVE_ONES, person=person):
        tx.write_once(_LEFT, signup=signup, before=status, now=pen.now)
        if status in _holding:
            tx.write_once(_FREE, station=station, people=people)
            tx.write(_SEATS, activity=activity, due=pen.now)
    for prepared in _WORDS:
        tx.write(prepared, person=person, now=pen.now)


def merge(pen: Pen, person: int, owner: int) -> None:
    """Everything of the chat's person goes on under the register's."""
    if person == owner:
        return
    tx = pen.tx
    for day, half in tx.rows(_DAYS, person=person):
        tx.write(_DAY, owner=owner, day=day, half=half)
    tx.write(_DAYS_GONE, person=person)
    for prepared in _MERGE:
        tx.write(prepared, person=person, owner=owner)
