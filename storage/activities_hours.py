"""Applies what happened to the hours ledger, certificates, objections and ratings; rows are only added."""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import bindparam, update

from handlers.activities import facts_hours as h
from handlers.activities.rules import State
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import activities, certificates, hours, hours_days, objections, ratings
from storage.sql import Prepared

HoursFact = (
    h.AttendanceClosed | h.HoursRecorded | h.HoursReversed | h.HoursObjected | h.ObjectionDecided
    | h.CertificateIssued | h.Rated
)  # fmt: skip

_now = bindparam("now", type_=Utc())


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_CLOSED = Prepared(
    update(activities)
    .where(activities.c.id == bindparam("activity"), activities.c.status == State.OPEN.value)
    .values(status=State.RECORDED.value, recorded=_now)
)
_row = (
    "id", "person", "guest", "label", "signup", "activity", "half", "minutes", "day", "round", "reverses", "by",
    "why",
)  # fmt: skip
_HOURS = Prepared(hours.insert().values(**_given(*_row), at=_now))
# the day's cap holds whoever records at the same time: over it no row changes, and the turn runs again
_DAY = Prepared(
    lambda insert: (
        insert(hours_days)
        .values(**_given("person", "day", "half"))
        .on_conflict_do_update(
            index_elements=["person", "day"],
            set_={"half": hours_days.c.half + bindparam("half")},
            where=hours_days.c.half + bindparam("half") <= bindparam("cap"),
        )
    )
)
_DAY_BACK = Prepared(
    update(hours_days)
    .where(hours_days.c.person == bindparam("who"), hours_days.c.day == bindparam("on"))
    .values(half=hours_days.c.half - bindparam("less"))
)
_OBJECTED = Prepared(
    objections.insert().values(
        **_given("id", "person", "words"), hours=bindparam("of_hours"), at=_now, by=0, decided=None
    )
)
_DECIDED = Prepared(
    update(objections)
    .where(objections.c.id == bindparam("objection"), objections.c.decided.is_(None))
    .values(decided=_now, by=bindparam("decider"))
)
_CERTIFICATE = Prepared(
    certificates.insert().values(**_given("id", "serial", "person", "name", "half", "issuer", "lines"), issued=_now)
)
_RATED = Prepared(
    ratings.insert().values(**_given("id", "signup", "by", "stars", "words"), of=bindparam("rated"), at=_now)
)


def apply(fact: HoursFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case h.AttendanceClosed(activity):
            tx.write_once(_CLOSED, activity=activity, now=now)
        case h.HoursRecorded():
            _add(fact, pen, fact.half, fact.minutes, 0)
            if not fact.guest and fact.half:
                tx.write_once(_DAY, person=fact.person, day=fact.day, half=fact.half, cap=fact.cap)
        case h.HoursReversed():
            _add(fact, pen, -fact.half, -fact.minutes, fact.reverses)
            if not fact.guest and fact.half:
                tx.write_once(_DAY_BACK, who=fact.person, on=fact.day, less=fact.half)
        case h.HoursObjected(objection, of_hours, _, person, words):
            tx.write(_OBJECTED, id=objection, of_hours=of_hours, person=person, words=words, now=now)
        case h.ObjectionDecided(objection, _, _, _, by):
            tx.write_once(_DECIDED, objection=objection, decider=by, now=now)
        case h.CertificateIssued(certificate, serial, person, half, issuer, name, lines):
            tx.write(
                _CERTIFICATE, id=certificate, serial=serial, person=person, half=half, issuer=issuer, name=name,
                lines=lines, now=now,
            )  # fmt: skip
        case h.Rated(evaluation, signup, _, of, by, stars, words):
            tx.write(_RATED, id=evaluation, signup=signup, rated=of, by=by, stars=stars, words=words or None, now=now)
        case _:
            assert_never(fact)


def _add(fact: h.HoursRecorded | h.HoursReversed, pen: Pen, half: int, minutes: int, reverses: int) -> None:
    label = fact.label if isinstance(fact, h.HoursRecorded) else ""
    pen.tx.write(
        _HOURS, id=fact.hours, person=fact.person, guest=fact.guest, label=label or None, signup=fact.signup,
        activity=fact.activity, half=half, minutes=minutes, day=fact.day, round=fact.round, reverses=reverses,
        by=fact.by, why=fact.words or None, now=pen.now,
    )  # fmt: skip
