"""The register of places as tables: communities, grids, households. `within`: ids of communities, empty: all."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from storage.schema import buildings, communities, estates, grids, households, micro_grids

Rows = Iterator[list[str]]


def community_rows(conn: Connection, within: tuple[int, ...]) -> Rows:
    statement = select(communities).order_by(communities.c.code)
    if within:
        statement = statement.where(communities.c.id.in_(within))
    for row in conn.execution_options(yield_per=2_000).execute(statement):
        yield [row.code, row.name, row.street, row.phone]


def grid_rows(conn: Connection, within: tuple[int, ...]) -> Rows:
    statement = (
        select(grids.c.code, grids.c.name, micro_grids.c.code.label("micro"), micro_grids.c.name.label("micro_name"))
        .outerjoin(micro_grids, micro_grids.c.grid == grids.c.id)
        .order_by(grids.c.code, micro_grids.c.code)
    )
    if within:
        statement = statement.where(grids.c.community.in_(within))
    for row in conn.execution_options(yield_per=2_000).execute(statement):
        yield [row.code, row.name, row.micro or "", row.micro_name or ""]


def household_rows(conn: Connection, within: tuple[int, ...]) -> Rows:
    statement = (
        select(
            communities.c.code, estates, households.c.unit, households.c.floor, households.c.room,
            buildings.c.name.label("building"), buildings.c.lat, buildings.c.lon, micro_grids.c.code.label("micro"),
        )
        .join(buildings, buildings.c.id == households.c.building)
        .join(estates, estates.c.id == households.c.estate)
        .join(communities, communities.c.id == households.c.community)
        .outerjoin(micro_grids, micro_grids.c.id == households.c.micro_grid)
        .order_by(households.c.id)
    )  # fmt: skip
    if within:
        statement = statement.where(households.c.community.in_(within))
    for row in conn.execution_options(yield_per=2_000).execute(statement):
        yield [
            row.code, row.name, row.building, row.unit, row.floor, row.room, row.micro or "", row.word, row.road,
            row.lane, "、".join(row.aliases), "、".join(row.spots), _degrees(row.lat), _degrees(row.lon),
        ]  # fmt: skip


def _degrees(value: float | None) -> str:
    return "" if value is None else repr(round(value, 7))
