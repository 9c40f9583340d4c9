"""Whose rows somebody may bring in: only of his own communities, wherever in the row the community is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from bot.importing.kind import Kind
from bot.importing.records import Problem, Record, shown
from storage.schema import communities, estates

# the columns that begin with a community's code of twelve digits, the first that is filled in counts
_CODES: Mapping[str, tuple[str, ...]] = {
    "communities": ("code",), "grids": ("grid",), "households": ("community", "micro"), "leaders": ("scope",),
}  # fmt: skip
_ELSEWHERE = "不在您管的社区里"
WHOLE_CITY = "这张表管全市，要管全市的管理员来导入。"


@dataclass(frozen=True, slots=True)
class Bounds:
    """`codes`: of the communities, by the names of their estates as well."""

    codes: tuple[str, ...]
    estates: Mapping[str, tuple[str, ...]]


def bounds_of(conn: Connection, ids: Sequence[int]) -> Bounds | None:
    """None for somebody who may see every community there is."""
    every = {row.id: row.code for row in conn.execute(select(communities.c.id, communities.c.code))}
    if set(every) <= set(ids):
        return None
    named: dict[str, tuple[str, ...]] = {}
    mine = select(estates.c.name, estates.c.community).where(estates.c.community.in_(list(ids)))
    for row in conn.execute(mine.order_by(estates.c.id)):
        named[row.name] = (*named.get(row.name, ()), every[row.community])
    return Bounds(tuple(every[one] for one in ids if one in every), named)


def bounded(kind: Kind) -> bool:
    """Whether each row of a kind says which community it belongs to."""
    return kind.name in _CODES or any(column.key == "community" for column in kind.columns)


def within(records: Sequence[Record], kind: Kind, bounds: Bounds) -> tuple[list[Record], list[Problem]]:
    """The rows of one's own communities, with the community filled in where it follows; a problem for each other."""
    kept: list[Record] = []
    problems: list[Problem] = []
    names = _CODES.get(kind.name, ("community",))
    for record in records:
        name = next((name for name in names if record[name]), names[0])
        code = record[name][:12] or _follows(record, bounds)
        if code in bounds.codes:
            filled = "community" in names and not record["community"]
            kept.append(replace(record, values={**record.values, "community": code}) if filled else record)
            continue
        column = kind.column(name)
        reason = _ELSEWHERE if record[name] else "请填您管的社区的编码"
        problems.append(Problem(record.row, column.title, shown(column, record[name]), reason))
    return kept, problems


def _follows(record: Record, bounds: Bounds) -> str:
    """The community of a row that does not name it: by its estate, else the only one somebody has."""
    if record["estate"]:
        found = bounds.estates.get(record["estate"], ())
        return found[0] if len(found) == 1 else ""
    return bounds.codes[0] if len(bounds.codes) == 1 else ""
