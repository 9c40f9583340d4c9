"""The register of places as the reader of texts wants it, and its version; not who lives there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, String, cast, insert, literal, select, update

from nlp.register import Building, Estate, Register
from nlp.types import Place
from storage.engine import Database
from storage.schema import buildings, communities, estates, households, meta

VERSION = "places"  # the name of its row in meta


def load_register(conn: Connection) -> Register:
    """Every estate with its buildings, units and rooms. About 1 s for 100,000 households."""
    rooms: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for building, unit, room in conn.execute(select(households.c.building, households.c.unit, households.c.room)):
        rooms[building][unit].add(room)
    words = {row.id: row.word for row in conn.execute(select(estates.c.id, estates.c.word))}
    of: dict[int, dict[str, Building]] = defaultdict(dict)
    for row in conn.execute(select(buildings.c.id, buildings.c.estate, buildings.c.name).order_by(buildings.c.id)):
        units = {unit: frozenset(found) for unit, found in sorted(rooms[row.id].items())}
        of[row.estate][row.name] = Building(name=row.name, word=words[row.estate], units=units, id=row.id)
    return Register(
        tuple(
            Estate(
                id=row.id,
                community=row.community,
                name=row.name,
                aliases=tuple(row.aliases),
                road=row.road,
                lane=row.lane,
                word=row.word,
                buildings=of[row.id],
                spots=tuple(row.spots),
            )
            for row in conn.execute(select(estates).order_by(estates.c.id))
        )
    )


def version(conn: Connection) -> int:
    """Rises whenever the register changed; 0 for an empty one."""
    value = conn.execute(select(meta.c.value).where(meta.c.name == VERSION)).scalar()
    return int(value) if value else 0


def bump_version(conn: Connection) -> None:
    value = str(version(conn) + 1).encode()
    if not conn.execute(update(meta).where(meta.c.name == VERSION).values(value=value)).rowcount:
        conn.execute(insert(meta).values(name=VERSION, value=value))


def community_names(db: Database, ids: Collection[int]) -> list[str]:
    """In the order of their codes."""
    wanted = select(communities.c.name).where(communities.c.id.in_(ids)).order_by(communities.c.code)
    with db.reading() as conn:
        return list(conn.execute(wanted).scalars())


def communities_named(db: Database) -> dict[int, str]:
    """Every community's name by id, in the order of their codes."""
    with db.reading() as conn:
        wanted = select(communities.c.id, communities.c.name).order_by(communities.c.code)
        return {row.id: row.name for row in conn.execute(wanted)}


def label(estate_name: str, word: str, building: str = "", unit: str = "", floor: str = "", room: str = "") -> str:
    """One line to read back (domain.md §3.2 A14): 学府花园3幢2单元302室. The lane is left out: the name tells."""
    text = estate_name
    if building:
        text += building + word
    if unit:
        text += f"{unit}单元"
    if room:
        return f"{text}{room}室"
    return f"{text}{floor}楼" if floor else text


def key(place: Place) -> str:
    """What makes two places near one another: "e<estate>:b<building>", "e<estate>@<spot>", "" for anything wider."""
    if place.building:
        return f"e{place.estate}:b{place.building}"[:64]
    return f"e{place.estate}@{place.spot}"[:64] if place.spot and place.estate else ""


def key_of_building() -> ColumnElement[str]:
    """`key` of a place in the building of a row of `buildings`."""
    return literal("e") + cast(buildings.c.estate, String) + literal(":b") + buildings.c.name
