"""Who an audience is: one statement for all places and roles, to be counted, looked at and frozen in slices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union,
)

from handlers.announcements.port import Audience
from handlers.announcements.rules import DECLINED, ENOUGH, NO_ADDRESS, RELATIONS, SHANGHAI, Kind, Place
from handlers.types import Role
from storage.columns import Utc
from storage.schema import (
    announcements,
    buildings,
    communities,
    declines,
    estates,
    homes,
    households,
    identities,
    micro_grids,
    persons,
    posts,
    recipients,
    volunteers,
)  # fmt: skip
from storage.sql import Prepared, each, given

_LISTS = ("community", "estate", "building", "micro_grid")
_LED = [literal(Role.LEADER.value), literal(Role.DEPUTY.value)]


def binds(audience: Audience) -> dict[str, Any]:
    """What the statements of this file are given."""
    lists = {area: _json(number for kind, number in audience.places if kind == area) for area in _LISTS}
    everybody = not audience.roles
    relations = sorted(RELATIONS if everybody else RELATIONS & set(audience.roles))
    return lists | {
        "relations": _json(relations), "homeless": int(everybody), "volunteers": int("volunteer" in audience.roles),
        "leaders": int("leader" in audience.roles), "adults": int(audience.adults),
    }  # fmt: skip


def _json(values: Any) -> str:
    return orjson.dumps([[value] for value in values]).decode()


def _among(dialect: str, name: str, kind: Any = None) -> Select[Any]:
    rows, (value,) = given(dialect, name, kind or BigInteger())
    return select(value).select_from(rows)


def _buildings(dialect: str) -> Any:
    """Ids of the buildings that are meant; each part has an index."""
    b = buildings.c
    return union(
        select(b.id).where(b.id.in_(_among(dialect, "building"))),
        select(b.id).where(b.estate.in_(_among(dialect, "estate"))),
        select(b.id).join(estates, estates.c.id == b.estate).where(
            estates.c.community.in_(_among(dialect, "community"))
        ),
    )  # fmt: skip


def _at_home(dialect: str, *, sliced: bool) -> ColumnElement[bool]:
    """The household is meant. `sliced`: not to be used for finding rows, since people of a slice are fewer."""
    at = households.c.building + 0 if sliced else households.c.building
    grid = households.c.micro_grid + 0 if sliced else households.c.micro_grid
    return or_(at.in_(_buildings(dialect)), grid.in_(_among(dialect, "micro_grid")))


def _slice(column: Any, sliced: bool) -> tuple[ColumnElement[bool], ...]:
    return (column > bindparam("after"), column <= bindparam("upto")) if sliced else ()


def _one(name: str) -> ColumnElement[bool]:
    return bindparam(name, type_=BigInteger()) == 1


def _members(dialect: str, *, sliced: bool) -> Any:
    """Person ids, each once."""
    p, v = persons.c, volunteers.c
    lives = (
        select(homes.c.person)
        .join(households, households.c.id == homes.c.household)
        .where(homes.c.until.is_(None), _at_home(dialect, sliced=sliced))
    )
    residents = lives.where(
        homes.c.relation.in_(_among(dialect, "relations", Text())), *_slice(homes.c.person, sliced)
    )
    nobody_home = ~exists().where(homes.c.person == p.id, homes.c.until.is_(None))
    near = or_(p.community.in_(_among(dialect, "community")), p.building.in_(_buildings(dialect)))
    homeless = select(p.id).where(_one("homeless"), near, nobody_home, *_slice(p.id, sliced))
    # who is of the community, or lives at one of the places
    helping = (
        select(v.person)
        .join(persons, p.id == v.person)
        .where(
            _one("volunteers"), or_(bindparam("adults", type_=BigInteger()) == 0, v.adult.is_(True)),
            or_(p.community.in_(_among(dialect, "community")), v.person.in_(lives)), *_slice(v.person, sliced),
        )
    )  # fmt: skip
    grids = union(
        _among(dialect, "micro_grid"),
        select(micro_grids.c.id).where(micro_grids.c.community.in_(_among(dialect, "community"))),
        select(households.c.micro_grid).where(
            households.c.building.in_(_buildings(dialect)), households.c.micro_grid.is_not(None)
        ),
    )
    leading = select(posts.c.person).where(
        _one("leaders"), posts.c.role.in_(_LED), posts.c.until.is_(None), posts.c.scope.in_(grids),
        *_slice(posts.c.person, sliced),
    )  # fmt: skip
    return union(residents, homeless, helping, leading)


_no_address = ~exists().where(identities.c.person == persons.c.id, identities.c.followed.is_(True))
_declined = exists().where(declines.c.person == persons.c.id)


def _whole(dialect: str) -> Select[Any]:
    return select(persons.c.id, persons.c.name).where(
        persons.c.id.in_(_members(dialect, sliced=False)), persons.c.erased.is_(None)
    )


def _count(dialect: str) -> Select[Any]:
    def of(condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    meant = persons.c.id.in_(_members(dialect, sliced=False))
    return select(func.count(), of(_declined), of(_no_address)).where(meant, persons.c.erased.is_(None))


COUNT = Prepared(each(_count))
FIRST = Prepared(each(lambda dialect: _whole(dialect).order_by(persons.c.id).limit(bindparam("limit"))))
NEXT_SLICE = Prepared(
    select(func.max(persons.c.id)).where(
        persons.c.id.in_(
            select(
                select(persons.c.id)
                .where(persons.c.id > bindparam("after"))
                .order_by(persons.c.id)
                .limit(bindparam("size"))
                .subquery()
                .c.id
            )
        )
    )
)


def _frozen(dialect: str) -> Any:
    """One slice of the audience into the recipients, with the reason of those who get nothing."""
    r, mine = recipients.c, recipients.alias("mine")
    today = (
        select(func.count())
        .select_from(mine.join(announcements, announcements.c.id == mine.c.announcement))
        .where(
            mine.c.person == persons.c.id, mine.c.changed >= bindparam("midnight", type_=Utc()),
            mine.c.state.in_([literal(Place.SENT.value), literal(Place.QUEUED.value), literal(Place.WAITING.value)]),
            announcements.c.kind == Kind.NEWS.value,
        )
        .scalar_subquery()
    )  # fmt: skip
    news = _one("news")
    reason = case(
        (_no_address, NO_ADDRESS), (and_(news, _declined), DECLINED),
        (and_(news, today >= bindparam("most")), ENOUGH), else_="",
    ).label("reason")  # fmt: skip
    meant = (
        select(persons.c.id, reason)
        .where(
            persons.c.id.in_(_members(dialect, sliced=True)), persons.c.erased.is_(None), *_slice(persons.c.id, True)
        )
        .subquery()
    )
    return recipients.insert().from_select(
        [r.announcement, r.person, r.state, r.reason, r.rung, r.changed, r.answer, r.minutes],
        select(
            bindparam("announcement", type_=BigInteger()), meant.c.id,
            case((meant.c.reason == "", Place.WAITING.value), else_=Place.SKIPPED.value), meant.c.reason, literal(""),
            bindparam("now", type_=Utc()), literal(""), literal(0),
        ),
        include_defaults=False,
    )  # fmt: skip


FREEZE = Prepared(each(_frozen))


def midnight(now: Any) -> Any:
    """The beginning of the day in Asia/Shanghai."""
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def _named(dialect: str, number: Any, name: Any, bind: str) -> Select[Any]:
    return select(number, name).where(number.in_(_among(dialect, bind))).order_by(number)


_NAMES = {
    "community": Prepared(each(lambda d: _named(d, communities.c.id, communities.c.name, "places"))),
    "estate": Prepared(each(lambda d: _named(d, estates.c.id, estates.c.name, "places"))),
    "micro_grid": Prepared(each(lambda d: _named(d, micro_grids.c.id, micro_grids.c.name, "places"))),
    "building": Prepared(
        each(
            lambda d: (
                select(buildings.c.id, estates.c.name + buildings.c.name + estates.c.word)
                .join(estates, estates.c.id == buildings.c.estate)
                .where(buildings.c.id.in_(_among(d, "places")))
                .order_by(buildings.c.id)
            )
        )
    ),
}


def places_of(areas: Sequence[tuple[str, int]]) -> list[tuple[str, Prepared, str]]:
    """(area, the statement that names its places, the bind) for every area that has one."""
    return [
        (area, _NAMES[area], _json(number for kind, number in areas if kind == area))
        for area in _LISTS
        if any(kind == area for kind, _ in areas)
    ]
