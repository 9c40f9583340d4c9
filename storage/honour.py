"""Applies what happened to stars and photos of activities; decides nothing."""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import bindparam, literal_column, or_, update

from handlers.activities import facts_honour as f
from storage.columns import Utc
from storage.pen import Pen
from storage.schema.honour import activity_photos, photo_people, star_requests
from storage.sql import Prepared

_now = bindparam("now", type_=Utc())
_s, _p, _q = star_requests.c, activity_photos.c, photo_people.c


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


def _state(name: str) -> Any:
    return literal_column(f"'{name}'")


_ASKED = Prepared(
    star_requests.insert().values(
        **_given("id", "number", "person", "community", "star", "half"), state="asked", asked=_now, objector=0, by=0
    )
)
_one = _s.id == bindparam("request")
_waits = or_(_s.state == _state("asked"), _s.state == _state("objected"))
_SHOWN = Prepared(
    update(star_requests)
    .where(_one, _waits)
    .values(state="shown", by=bindparam("who"), until=bindparam("until", type_=Utc()))
)
_OBJECTED = Prepared(
    update(star_requests)
    .where(_one, _s.state == _state("shown"))
    .values(state="objected", objector=bindparam("who"), objection=bindparam("words"))
)
_GRANTED = Prepared(
    update(star_requests)
    .where(_one, _s.state == _state("shown"))
    .values(state="granted", serial=bindparam("serial"), decided=_now)
)
_REFUSED = Prepared(
    update(star_requests)
    .where(_one, _waits)
    .values(state="refused", by=bindparam("who"), why=bindparam("words"), decided=_now)
)
_PHOTO = Prepared(activity_photos.insert().values(**_given("id", "activity", "by", "file"), at=_now))
_PERSON = Prepared(photo_people.insert().values(**_given("photo", "person"), state="asked", at=_now))
_ANSWERED = Prepared(
    update(photo_people)
    .where(_q.photo == bindparam("of_photo"), _q.person == bindparam("who"))
    .values(state=bindparam("said"), at=_now)
)
_REMOVED = Prepared(
    update(activity_photos).where(_p.id == bindparam("of_photo"), _p.removed.is_(None)).values(removed=_now)
)


def apply_star(fact: f.StarFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case f.StarAsked(request, number, person, community, star, half):
            tx.write(
                _ASKED, id=request, number=number, person=person, community=community, star=star, half=half, now=now
            )
        case f.StarShown(request, _, by, until):
            tx.write_once(_SHOWN, request=request, who=by, until=until)
        case f.StarObjected(request, by, words):
            tx.write_once(_OBJECTED, request=request, who=by, words=words)
        case f.StarGranted(request, _, _, serial):
            tx.write_once(_GRANTED, request=request, serial=serial, now=now)
        case f.StarRefused(request, _, by, words):
            tx.write_once(_REFUSED, request=request, who=by, words=words, now=now)
        case _:
            assert_never(fact)


def apply_photo(fact: f.PhotoFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case f.PhotoAdded(photo, activity, by, file, people):
            tx.write(_PHOTO, id=photo, activity=activity, by=by, file=file, now=now)
            for person in dict.fromkeys(people):
                tx.write(_PERSON, photo=photo, person=person, now=now)
        case f.PhotoAnswered(photo, _, person, agreed):
            tx.write_once(_ANSWERED, of_photo=photo, who=person, said="agreed" if agreed else "refused", now=now)
            if not agreed:
                tx.write(_REMOVED, of_photo=photo, now=now)
        case f.PhotoRemoved(photo):
            tx.write_once(_REMOVED, of_photo=photo, now=now)
        case _:
            assert_never(fact)
