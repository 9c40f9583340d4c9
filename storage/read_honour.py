"""Questions about stars, photos, captains and 备案, for storage/read.py."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, func, literal_column, select

from handlers.activities.port_honour import Filing, PhotoAsked, StarRequest
from storage import doorcodes
from storage.schema import teams
from storage.schema.honour import activity_photos, photo_people, star_requests, team_filings
from storage.sql import Prepared
from storage.transaction import Transaction

_s, _p, _q, _f = star_requests.c, activity_photos.c, photo_people.c, team_filings.c
_id: BindParameter[int] = bindparam("id")
_person: BindParameter[int] = bindparam("person")
_community: BindParameter[int] = bindparam("community")
_pending = _s.state.in_([literal_column(f"'{state}'") for state in ("asked", "shown", "objected")])
_granted = _s.state == literal_column("'granted'")
_star = select(
    _s.id, _s.number, _s.person, _s.community, _s.star, _s.half, _s.state, _s.until, _s.objector, _s.objection
)
_LAST = Prepared(select(func.coalesce(func.max(_s.number), 0)).where(_s.community == _community))
_STAR = Prepared(_star.where(_s.id == _id))
_NUMBERED = Prepared(_star.where(_s.community == _community, _s.number == bindparam("number")))
_PENDING = Prepared(_star.where(_s.person == _person, _pending))
_IN = Prepared(_star.where(_s.community == _community, _pending).order_by(_s.id).limit(50))
_HIGHEST = Prepared(select(func.coalesce(func.max(_s.star), 0)).where(_s.person == _person, _granted))
_SERIAL = Prepared(
    select(_s.star, _s.serial).where(_s.person == _person, _granted).order_by(_s.star.desc()).limit(1)
)  # fmt: skip
_PHOTOS_OF = Prepared(
    select(_p.id, _p.activity, _q.state)
    .join(photo_people, _q.photo == _p.id)
    .where(_q.person == _person, _p.removed.is_(None), _q.state != literal_column("'refused'"))
    .order_by(_p.id.desc())
    .limit(20)
)
_PHOTO = Prepared(select(_p.activity).where(_p.id == _id, _p.removed.is_(None)))
_PEOPLE = Prepared(select(_q.person).where(_q.photo == _id).order_by(_q.person))
_SUCCESSOR = Prepared(
    select(teams.c.id).where(teams.c.successor == _person, teams.c.status == "active").order_by(teams.c.id).limit(1)
)
_FILING = Prepared(
    select(_f.id, _f.team, _f.category, _f.venue, _f.funds, _f.state, _f.number)
    .where(_f.team == _id)
    .order_by(_f.id.desc())
    .limit(1)
)
# what may be shown: nobody in it has not agreed
SHOWN = ~exists().where(_q.photo == _p.id, _q.state != "agreed")


class ReadHonour:
    """The part of handlers.read.Read that is about honour, photos and teams' papers."""

    tx: Transaction

    def next_star_number(self, community: int) -> int:
        return int(self.tx.one(_LAST, community=community)[0]) + 1

    def star_request(self, request: int) -> StarRequest | None:
        return _request(self.tx.one(_STAR, id=request))

    def star_numbered(self, community: int, number: int) -> StarRequest | None:
        return _request(self.tx.one(_NUMBERED, community=community, number=number))

    def star_pending(self, person: int) -> StarRequest | None:
        return _request(self.tx.one(_PENDING, person=person))

    def stars_granted(self, person: int) -> int:
        return int(self.tx.one(_HIGHEST, person=person)[0])

    def star_requests_in(self, community: int) -> tuple[StarRequest, ...]:
        found = (_request(row) for row in self.tx.rows(_IN, community=community))
        return tuple(one for one in found if one)

    def star_serial(self, request: int, day: str) -> str:
        return doorcodes.star_serial(day, request)

    def star_certificate(self, person: int) -> tuple[int, str] | None:
        row = self.tx.one(_SERIAL, person=person)
        return (row[0], row[1]) if row else None

    def photos_of(self, person: int) -> tuple[PhotoAsked, ...]:
        rows = self.tx.rows(_PHOTOS_OF, person=person)
        return tuple(PhotoAsked(row[0], row[1], row[2] == "agreed") for row in rows)

    def photo(self, photo: int) -> tuple[int, tuple[int, ...]] | None:
        row = self.tx.one(_PHOTO, id=photo)
        return (row[0], tuple(one[0] for one in self.tx.rows(_PEOPLE, id=photo))) if row else None

    def successor_of(self, person: int) -> int:
        row = self.tx.one(_SUCCESSOR, person=person)
        return row[0] if row else 0

    def filing(self, team: int) -> Filing | None:
        row = self.tx.one(_FILING, id=team)
        return Filing(*row) if row else None


def _request(row: Any) -> StarRequest | None:
    if row is None:
        return None
    number, called, person, community, star, half, state, until, objector, objection = row
    return StarRequest(number, called, person, community, star, half, state, until, objector, objection or "")
