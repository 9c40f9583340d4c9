"""The buildings around a ticket's place, with how many open tickets somebody may see at each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from handlers.tickets.categories import SENSITIVE
from handlers.tickets.rules import OPEN
from nlp.types import Place
from storage import places
from storage.engine import Database
from storage.schema import buildings, estates, tickets
from storage.sight import Sight, tickets_in
from storage.work_list import only

_t, _b = tickets.c, buildings.c
_OPEN = frozenset(status.value for status in OPEN)


@dataclass(frozen=True, slots=True)
class Site:
    """One building. `name` without its word: "3", "C2". `open`: tickets in hand there; sensitive ones uncounted."""

    id: int
    name: str
    lat: float | None
    lon: float | None
    open: int = 0


@dataclass(frozen=True, slots=True)
class Around:
    """An estate from one of its buildings, `here`. `word`: what a building is called, 幢 号 栋."""

    estate: str
    word: str
    here: int
    sites: tuple[Site, ...]


def around(db: Database, place: Place, sight: Sight) -> Around | None:
    """None where no building is known, or it is in none of the viewer's communities. Two statements."""
    if not (place.estate and place.building and sight.communities):
        return None
    wanted = (
        select(
            _b.id, _b.name, _b.lat, _b.lon, _b.community, places.key_of_building().label("key"),
            estates.c.name.label("of"), estates.c.word,
        )
        .join(estates, estates.c.id == _b.estate)
        .where(_b.estate == place.estate, _b.community.in_(sight.communities))
        .order_by(_b.id)
    )  # fmt: skip
    with db.reading() as conn:
        rows = conn.execute(wanted).all()
        here = next((row for row in rows if row.name == place.building), None)
        if here is None:
            return None
        counted = (
            select(_t.place_key, func.count())
            .where(
                _t.community == here.community, only(_OPEN), _t.place_key.startswith(f"e{place.estate}:b"),
                _t.category.not_in(SENSITIVE), *tickets_in(sight),
            )
            .group_by(_t.place_key)
        )  # fmt: skip
        open_ = {key: int(count) for key, count in conn.execute(counted)}
    sites = tuple(Site(row.id, row.name, row.lat, row.lon, open_.get(row.key, 0)) for row in rows)
    return Around(here.of, here.word, here.id, sites)


def named(db: Database, building: int, sight: Sight) -> str:
    """学府花园3幢; "" for one that is in none of the viewer's communities."""
    wanted = select(estates.c.name + _b.name + estates.c.word).join(estates, estates.c.id == _b.estate)
    with db.reading() as conn:
        found = conn.execute(wanted.where(_b.id == building, _b.community.in_(sight.communities))).scalar()
    return str(found or "")
