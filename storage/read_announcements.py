"""Questions about announcements, for storage/read.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, BindParameter, and_, bindparam, exists, func, literal, or_, select

from handlers.announcements.port import Announcement, Answers, Audience, Reached
from handlers.announcements.rules import NO, STARTED, YES, Kind, Place, State
from handlers.types import Person
from storage import audience
from storage.columns import Json, Utc
from storage.numbers import NEXT
from storage.schema import (
    announcement_places,
    announcements,
    buildings,
    communities,
    declines,
    estates,
    households,
    micro_grids,
    recipients,
)  # fmt: skip
from storage.sql import Prepared, each, gathered, given
from storage.transaction import Transaction

SHOWN_NAMES = 5
SHOWN_PLACES = 4
_a, _r, _p = announcements.c, recipients.c, announcement_places.c
_COLUMNS = (
    _a.id, _a.number, _a.community, _a.by, _a.title, _a.words, _a.kind, _a.roles, _a.state, _a.muster, _a.drill,
    _a.at, _a.second, _a.people, _a.created, _a.started, _a.ended, _a.closed,
)  # fmt: skip
_id: BindParameter[int] = bindparam("id")
_person: BindParameter[int] = bindparam("person")
_BEGUN = [literal(state.value) for state in sorted(STARTED)]


def _ids(dialect: str, name: str) -> Any:
    rows, (number,) = given(dialect, name, BigInteger())
    return select(number).select_from(rows)


def _wanted(dialect: str) -> Any:
    places = select(_p.area, _p.place).where(_p.announcement == _a.id).order_by(_p.area, _p.place)
    return select(*_COLUMNS, gathered(dialect, places.correlate(announcements)).label("places"))


def _one(where: Any) -> Prepared:
    return Prepared(each(lambda dialect: _wanted(dialect).where(where)))


_ONE = _one(_a.id == _id)
_NUMBERED = _one(_a.number == bindparam("number"))


def _for_person(dialect: str) -> Any:
    """Received, or for everybody where the person lives."""
    areas, (area, place) = given(dialect, "areas", _p.area.type, BigInteger())
    got = exists().where(
        _r.announcement == _a.id, _r.person == _person, _r.state.in_([literal(p.value) for p in _GOT])
    )  # fmt: skip
    here = exists().where(_p.announcement == _a.id, _p.area == area, _p.place == place).select_from(areas)
    return (
        _wanted(dialect)
        .where(
            _a.state.in_(_BEGUN), _a.started >= bindparam("since", type_=Utc()),
            or_(got, and_(_a.roles == literal([], Json()), here)),
        )
        .order_by(_a.started.desc(), _a.id.desc())
        .limit(bindparam("limit"))
    )  # fmt: skip


_GOT = (Place.SENT, Place.UNSURE, Place.QUEUED, Place.WAITING)
_FOR_PERSON = Prepared(each(_for_person))
_HOME_AREAS = Prepared(
    each(
        lambda dialect: select(households.c.building, households.c.estate).where(
            households.c.id.in_(_ids(dialect, "lived"))
        )
    )
)
_RECIPIENTS = Prepared(
    select(_r.state, func.count()).where(_r.announcement == _id).group_by(_r.state).order_by(_r.state)
)
_SAME = Prepared(
    select(func.count()).where(
        _a.community == bindparam("community"), _a.words == bindparam("words"),
        _a.started >= bindparam("since", type_=Utc()),
    )
)  # fmt: skip
_DECLINED = Prepared(select(declines.c.person).where(declines.c.person == _person))
_MUSTER_OF = Prepared(
    each(
        lambda dialect: (
            select(*_wanted(dialect).selected_columns, _r.answer)
            .join(recipients, _r.announcement == _a.id)
            .where(_r.person == _person, _a.muster.is_(True), _a.closed.is_(None), _a.state.in_(_BEGUN))
            .order_by(_a.id.desc())
            .limit(1)
        )
    )
)
_MUSTERS = Prepared(
    each(
        lambda dialect: (
            _wanted(dialect)
            .where(
                _a.muster.is_(True), _a.closed.is_(None), _a.state.in_(_BEGUN), _a.community == bindparam("community")
            )
            .order_by(_a.id.desc())
            .limit(5)
        )
    )
)
_ANSWERS = Prepared(
    select(_r.answer, func.count())
    .where(_r.announcement == _id, _r.state == Place.SENT.value)
    .group_by(_r.answer)
    .order_by(_r.answer)
)
_COMING = Prepared(
    select(_r.person).where(_r.announcement == _id, _r.answer == YES).order_by(_r.person).limit(2000)
)  # fmt: skip


def _communities(dialect: str) -> Any:
    """(area, id, community) of each place that exists."""

    def of(area: str, number: Any, community: Any) -> Any:
        return select(literal(area), number, community).where(number.in_(_ids(dialect, area)))

    return of("community", communities.c.id, communities.c.id).union_all(
        of("estate", estates.c.id, estates.c.community), of("building", buildings.c.id, buildings.c.community),
        of("micro_grid", micro_grids.c.id, micro_grids.c.community),
    )  # fmt: skip


_COMMUNITIES = Prepared(each(_communities))


def announcement_from(row: Sequence[Any]) -> Announcement:
    """A row of the columns of this file, its places as JSON at the end."""
    number, short, community, by, title, words, kind, roles, state, muster, drill, at, second, people = row[:14]
    places = tuple((area, place) for area, place in orjson.loads(row[18] or "[]"))
    return Announcement(
        number, short, community, by, title, words, Kind(kind), Audience(places, tuple(roles), adults=bool(muster)),
        State(state), bool(muster), bool(drill), at, second, people, *row[14:18],
    )  # fmt: skip


class ReadAnnouncements:
    """The part of handlers.read.Read that is about announcements."""

    def __init__(self, tx: Transaction, numbers: Callable[[str], int] | None) -> None:
        self._announced = tx
        self._announcement_numbers = numbers or (lambda name: int(tx.one(NEXT, name=name)[0]))

    def announcement(self, announcement: int) -> Announcement | None:
        row = self._announced.one(_ONE, id=announcement)
        return announcement_from(row) if row else None

    def announcement_numbered(self, number: int) -> Announcement | None:
        row = self._announced.one(_NUMBERED, number=number)
        return announcement_from(row) if row else None

    def new_announcement_number(self) -> int:
        return self._announcement_numbers("announcements")

    def communities_of(self, places: tuple[tuple[str, int], ...]) -> frozenset[int]:
        lists = {area: orjson.dumps([[n] for kind, n in places if kind == area]).decode() for area in _AREAS}
        found = {(area, number): community for area, number, community in self._announced.rows(_COMMUNITIES, **lists)}
        return frozenset(found.get(place, 0) for place in places)

    def reached(self, meant: Audience) -> Reached:
        tx = self._announced
        people, declined, no_address = tx.one(audience.COUNT, **audience.binds(meant))
        first = tx.rows(audience.FIRST, **audience.binds(meant), limit=SHOWN_NAMES) if people else ()
        names = tuple(f"{name[0]}*" if name else "（没留名字）" for _, name in first)
        return Reached(int(people), int(declined), int(no_address), names, self.places_named(meant))

    def places_named(self, meant: Audience) -> str:
        """学府花园3幢、学府花园4幢等6处"""
        names = [
            name
            for _, named, ids in audience.places_of(meant.places)
            for _, name in self._announced.rows(named, places=ids)
        ]  # fmt: skip
        shown = "、".join(names[:SHOWN_PLACES])
        return shown if len(names) <= SHOWN_PLACES else f"{shown}等{len(names)}处"

    def announcements_for(self, person: Person, since: datetime, limit: int) -> tuple[Announcement, ...]:
        areas = {("community", person.community)} if person.community else set()
        lived = orjson.dumps([[home.household] for home in person.homes]).decode()
        for building, estate in self._announced.rows(_HOME_AREAS, lived=lived) if person.homes else ():
            areas |= {("building", building), ("estate", estate)}
        for home in person.homes:
            areas |= {("micro_grid", home.micro_grid), ("community", home.community)}
        asked = orjson.dumps(sorted(areas)).decode()
        rows = self._announced.rows(_FOR_PERSON, person=person.id, areas=asked, since=since, limit=limit)
        return tuple(map(announcement_from, rows))

    def recipients_in(self, announcement: int) -> dict[str, int]:
        return {state: int(count) for state, count in self._announced.rows(_RECIPIENTS, id=announcement)}

    def same_announced(self, community: int, words: str, since: datetime) -> int:
        return int(self._announced.one(_SAME, community=community, words=words, since=since)[0])

    def notices_declined(self, person: int) -> bool:
        return self._announced.one(_DECLINED, person=person) is not None

    def muster_of(self, person: int) -> tuple[Announcement, str] | None:
        row = self._announced.one(_MUSTER_OF, person=person)
        return (announcement_from(row), row[19]) if row else None

    def musters_on(self, communities: tuple[int, ...]) -> tuple[Announcement, ...]:
        found = [
            announcement_from(row)
            for community in communities
            for row in self._announced.rows(_MUSTERS, community=community)
        ]
        return tuple(sorted(found, key=lambda one: -one.id)[:5])

    def muster_answers(self, announcement: int) -> Answers:
        found = {answer: int(count) for answer, count in self._announced.rows(_ANSWERS, id=announcement)}
        return Answers(found.get(YES, 0), found.get(NO, 0), found.get("", 0))

    def muster_coming(self, announcement: int) -> tuple[int, ...]:
        return tuple(row[0] for row in self._announced.rows(_COMING, id=announcement))


_AREAS = ("community", "estate", "building", "micro_grid")
