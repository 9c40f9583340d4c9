"""Applies what happened to activities, seats, attendance and teams to their tables; decides nothing.

Seats are taken and freed, and a sign-up moves on, only over the state that was seen: else Stale, and the turn
runs again. So no process oversells a seat or offers it twice, whatever another does at the same time.
"""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import BindParameter, bindparam, delete, null, select, update

from handlers.activities import facts as f
from handlers.activities import facts_hours as h
from handlers.activities.rules import State
from storage.columns import Utc
from storage.crypto import current
from storage.pen import Pen
from storage.schema import (
    activities,
    attendances,
    makeups,
    signups,
    stations,
    timers,
    volunteers,
)  # fmt: skip
from storage.sql import Prepared

ActivityFact = (
    f.ActivityOpened | f.ActivityChanged | f.RepeatSet | f.ActivityCancelled | f.ActivityReminded | f.SeatsTaken
    | f.SeatsOffered | f.SignupMoved | f.LeaveAsked | f.ConsentGiven | f.VolunteerKnown | f.SkillsStated
    | h.CheckedIn | h.CheckedOut | h.MakeupAsked | h.MakeupConfirmed | f.ParticipantsTold
)  # fmt: skip

_a, _s, _u = activities.c, stations.c, signups.c
_now = bindparam("now", type_=Utc())
_activity: BindParameter[int] = bindparam("activity")


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_NEW = Prepared(
    activities.insert().values(
        **_given(
            "id", "number", "community", "team", "organiser", "name", "kind", "danger", "about", "place",
            "conditions", "risks", "insurance", "policy_number", "bring", "children", "question", "approve",
            "weekly", "lat", "lon", "fence", "starts", "ends",
        ),
        status=State.OPEN.value, queue=0, created=_now,
    )
)  # fmt: skip
_STATION = Prepared(stations.insert().values(**_given("id", "activity", "name", "seats"), taken=0))
_CHANGED = Prepared(
    update(activities)
    .where(_a.id == _activity)
    .values(**_given("starts", "ends"), place=bindparam("at_place"), moved=_now)
)
_REPEAT = Prepared(update(activities).where(_a.id == _activity).values(weekly=bindparam("every_week")))
_STATE = Prepared(
    update(activities)
    .where(_a.id == _activity, _a.status == State.OPEN.value)
    .values(status=bindparam("state"), recorded=bindparam("recorded", type_=Utc()))
)
_TAKE = Prepared(
    update(stations)
    .where(_s.id == bindparam("station"), _s.taken + bindparam("people") <= _s.seats)
    .values(taken=_s.taken + bindparam("people"))
)
_FREE = Prepared(
    update(stations)
    .where(_s.id == bindparam("station"), _s.taken >= bindparam("people"))
    .values(taken=_s.taken - bindparam("people"))
)
_QUEUE = Prepared(update(activities).where(_a.id == _activity).values(queue=_a.queue + 1))
_columns = ("id", "activity", "station", "person", "people", "party", "status", "low", "answer", "until", "consent")
_SEATED = Prepared(signups.insert().values(**_given(*_columns), place=0, guardian=0, created=_now, changed=_now))
_QUEUED = Prepared(
    signups.insert().values(
        **_given(*_columns), guardian=0, created=_now, changed=_now,
        place=select(_a.queue).where(_a.id == bindparam("of_activity")).scalar_subquery(),
    )
)  # fmt: skip
_MOVED = Prepared(
    update(signups)
    .where(_u.id == bindparam("signup"), _u.status == bindparam("before"))
    .values(status=bindparam("after"), until=bindparam("until", type_=Utc()), changed=_now, why=bindparam("why"))
)
_GUARDIAN = Prepared(
    update(signups).where(_u.id == bindparam("signup")).values(guardian=bindparam("guardian"), consent=null())
)
_volunteer = ("person", "adult", "born")
_KNOWN = Prepared(
    lambda insert: (
        insert(volunteers)
        .values(**_given(*_volunteer), guardian=0, free="", since=_now)
        .on_conflict_do_update(
            index_elements=["person"], set_={"adult": bindparam("adult"), "born": bindparam("born")}
        )
    )
)
_LINKED = Prepared(
    update(volunteers).where(volunteers.c.person == bindparam("of")).values(guardian=bindparam("guardian"))
)
_SKILLS = Prepared(
    lambda insert: (
        (new := insert(volunteers))
        .values(**_given("person", "skills", "free"), born=0, guardian=0, since=_now)
        .on_conflict_do_update(
            index_elements=["person"], set_={"skills": new.excluded.skills, "free": new.excluded.free}
        )
    )
)
_CAME = Prepared(
    attendances.insert().values(
        **_given("signup", "activity", "person", "came_how"), came=bindparam("at", type_=Utc())
    )
)
_WENT = Prepared(
    update(attendances)
    .where(attendances.c.signup == bindparam("of"), attendances.c.went.is_(None))
    .values(went=bindparam("at", type_=Utc()), went_how=bindparam("how"))
)
_MAKEUP = Prepared(makeups.insert().values(**_given("id", "signup", "step", "at", "by", "why"), second=0, asked=_now))
_VOUCHED = Prepared(
    update(makeups)
    .where(makeups.c.id == bindparam("makeup"), makeups.c.decided.is_(None))
    .values(second=bindparam("second_person"), decided=_now)
)
_UNTIMED = Prepared(delete(timers).where(timers.c.ticket == bindparam("subject")))


def apply(fact: ActivityFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case f.ActivityOpened():
            _opened(fact, pen)
        case f.ActivityChanged(activity, _, starts, ends, place):
            tx.write(_CHANGED, activity=activity, starts=starts, ends=ends, at_place=place, now=now)
        case f.RepeatSet(activity, _, on):
            tx.write(_REPEAT, activity=activity, every_week=on)
        case f.ActivityCancelled(activity):
            tx.write_once(_STATE, activity=activity, state=State.CANCELLED.value, recorded=None)
            tx.write(_UNTIMED, subject=activity)
        case f.SeatsTaken():
            _taken(fact, pen)
        case f.SeatsOffered(signup, _, station, _, people, until):
            tx.write_once(_TAKE, station=station, people=people)
            tx.write_once(_MOVED, signup=signup, before="waiting", after="offered", until=until, why=None, now=now)
        case f.SignupMoved(signup, _, station, _, before, after, frees, why, _, until):
            tx.write_once(
                _MOVED, signup=signup, before=before, after=after, until=until, why=why or None, now=now
            )  # fmt: skip
            if frees:
                tx.write_once(_FREE, station=station, people=frees)
        case f.ConsentGiven(signup, _, minor, guardian):
            tx.write(_GUARDIAN, signup=signup, guardian=guardian)
            tx.write(_LINKED, of=minor, guardian=guardian)
        case f.VolunteerKnown(person, adult, born):
            tx.write(_KNOWN, person=person, adult=adult, born=born, now=now)
        case f.SkillsStated(person, skills, free):
            tx.write(_SKILLS, person=person, skills=skills, free=free, now=now)
        case h.CheckedIn(signup, activity, person, at, how):
            tx.write(_CAME, signup=signup, activity=activity, person=person, at=at, came_how=how)
        case h.CheckedOut(signup, _, _, at, how):
            tx.write_once(_WENT, of=signup, at=at, how=how)
        case h.MakeupAsked(makeup, signup, _, step, at, by, why):
            tx.write(_MAKEUP, id=makeup, signup=signup, step=step, at=at, by=by, why=why, now=now)
        case h.MakeupConfirmed(makeup, _, by):
            tx.write_once(_VOUCHED, makeup=makeup, second_person=by, now=now)
        case f.ActivityReminded() | f.ParticipantsTold() | f.LeaveAsked():
            pass  # stand in the facts log only
        case _:
            assert_never(fact)


def _opened(fact: f.ActivityOpened, pen: Pen) -> None:
    notice = fact.notice
    same = (
        "team", "organiser", "name", "kind", "danger", "about", "place", "conditions", "risks", "insurance",
        "policy_number", "bring", "children", "question", "approve", "weekly", "fence", "starts", "ends",
    )  # fmt: skip
    pin = notice.pin
    pen.tx.write(
        _NEW, **{name: getattr(notice, name) for name in same}, id=fact.activity, number=fact.number,
        community=fact.community, lat=pin.lat if pin else None, lon=pin.lon if pin else None, now=pen.now,
    )  # fmt: skip
    for station in notice.stations:
        pen.tx.write(_STATION, id=station.id, activity=fact.activity, name=station.name, seats=station.seats)


def _taken(fact: f.SeatsTaken, pen: Pen) -> None:
    values: dict[str, Any] = {
        name: getattr(fact, name)
        for name in ("activity", "station", "person", "people", "party", "status", "low", "until")
    }
    values |= {
        "id": fact.signup, "answer": fact.answer or None, "now": pen.now,
        "consent": current().index(f"consent:{fact.guardian_code}") if fact.guardian_code else None,
    }  # fmt: skip
    if fact.status == "waiting":
        pen.tx.write(_QUEUE, activity=fact.activity)
        pen.tx.write(_QUEUED, **values, of_activity=fact.activity)
    else:
        pen.tx.write_once(_TAKE, station=fact.station, people=fact.people)
        pen.tx.write(_SEATED, **values)
