"""What leaves the register as a table: communities, grids, households, leaders, residents, tickets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Row, Select, and_, func, select

from bot.importing import activities_out, clocks_out, knowledge_out, land_out, points
from bot.importing.kinds import KINDS
from bot.importing.plan_organisations import organisation_rows
from bot.importing.plan_people import POST_NAMES
from bot.importing.records import mask
from bot.importing.tables_out import write_table
from bot.importing.tickets_out import TICKET_HEADINGS, tickets
from bot.importing.units_out import category_rows, member_rows, unit_rows
from handlers.types import Role
from storage import audit
from storage.engine import Database
from storage.schema import (
    buildings,
    communities,
    estates,
    grids,
    homes,
    households,
    identities,
    micro_grids,
    persons,
    posts,
)  # fmt: skip

Rows = Iterator[list[str]]
PERSONAL = frozenset(
    {"organisations", "residents", "leaders", "members", "tickets", "open-questions", "service_hours", "insurance"}
)
RELATION_NAMES = {"owner": "业主", "tenant": "租户", "family": "家属"}


class ExportRefused(Exception):
    """The export is not allowed as asked; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`communities`: ids, empty means all. `unmasked`: full names, phones and words."""

    communities: tuple[int, ...] = ()
    unmasked: bool = False


def export_file(
    db: Database, kind: str, path: Path, now: datetime, *, community: str = "", unmasked: bool = False,
    reason: str = "", replace: bool = False, within: tuple[int, ...] = (), actor: int = 0, via: str = "export",
    mark: str = "",
) -> int:  # fmt: skip
    """Write a table and return its rows; who asked for what, and why, is in the facts log before a row leaves.

    `community`: its code; `within`: ids of several. `mark`: a line under the table, who took it and why.
    Raises ExportRefused, CannotWrite.
    """
    if unmasked and len(reason.strip()) < 4:
        raise ExportRefused("导出未遮盖的个人信息要写明理由（--reason），会记入日志。")
    if len(reason) > 200:
        raise ExportRefused("理由太长，最多200个字。")
    with db.writing() as conn:
        wanted = Wanted(within or _communities(conn, community), unmasked and kind in PERSONAL)
        body = {"kind": kind, "community": community, "unmasked": wanted.unmasked, "reason": reason.strip()}
        audit.note(conn, "DataExported", body, now, via=via, actor=actor)
    headings, rows = EXPORTS[kind]
    with db.reading() as conn:
        shown = headings(wanted)
        return write_table(path, shown, rows(conn, wanted), replace=replace, private=kind in PERSONAL, mark=mark)


def _communities(conn: Connection, code: str) -> tuple[int, ...]:
    if not code:
        return ()
    found = conn.execute(select(communities.c.id).where(communities.c.code == code)).scalar()
    if found is None:
        raise ExportRefused(f"没有编码是 {code} 的社区。")
    return (found,)


def _stream(conn: Connection, statement: Select[tuple[object, ...]]) -> Iterator[Row[tuple[object, ...]]]:
    yield from conn.execution_options(yield_per=2_000).execute(statement)


def _resident_rows(conn: Connection, wanted: Wanted) -> Rows:
    statement = (
        select(
            persons.c.name, persons.c.phone, homes.c.relation, communities.c.code, estates.c.name.label("estate"),
            buildings.c.name.label("building"), households.c.unit, households.c.room,
        )
        .join(homes, and_(homes.c.person == persons.c.id, homes.c.until.is_(None)))
        .join(households, households.c.id == homes.c.household)
        .join(buildings, buildings.c.id == households.c.building)
        .join(estates, estates.c.id == households.c.estate)
        .join(communities, communities.c.id == households.c.community)
        .where(persons.c.erased.is_(None))
        .order_by(homes.c.id)
    )  # fmt: skip
    if wanted.communities:
        statement = statement.where(households.c.community.in_(wanted.communities))
    for row in _stream(conn, statement):
        yield [
            name_of(row.name, wanted), phone_of(row.phone, wanted), row.code, row.estate, row.building, row.unit,
            row.room, RELATION_NAMES.get(row.relation, row.relation),
        ]  # fmt: skip


_MEMBER = (
    select(func.max(identities.c.user))
    .where(identities.c.person == persons.c.id, identities.c.channel == "wecom")
    .scalar_subquery()
    .label("member")
)


def _leader_rows(conn: Connection, wanted: Wanted) -> Rows:
    for table, roles in ((grids, (Role.GRID,)), (micro_grids, (Role.LEADER, Role.DEPUTY))):
        statement = (
            select(persons.c.name, persons.c.phone, table.c.code, posts.c.role, _MEMBER)
            .join(posts, and_(posts.c.person == persons.c.id, posts.c.until.is_(None)))
            .join(table, table.c.id == posts.c.scope)
            .where(posts.c.role.in_([role.value for role in roles]))
            .order_by(table.c.code, posts.c.id)
        )
        if wanted.communities:
            statement = statement.where(table.c.community.in_(wanted.communities))
        for row in _stream(conn, statement):
            yield [
                name_of(row.name, wanted),
                phone_of(row.phone, wanted),
                row.code,
                POST_NAMES[Role(row.role)],
                row.member or "",
            ]


def name_of(name: str | None, wanted: Wanted) -> str:
    """张* unless unmasked."""
    return (name or "") if wanted.unmasked else mask(name or "")


def phone_of(phone: str | None, wanted: Wanted) -> str:
    return (phone or "") if wanted.unmasked else mask(phone or "")


def _titles(kind: str) -> Callable[[Wanted], list[str]]:
    """The headings of the import, so that what goes out can come in again."""
    return lambda _wanted: [column.title for column in KINDS[kind].columns]


def _member_rows(conn: Connection, wanted: Wanted) -> Rows:
    for name, phone, unit, role in member_rows(conn):
        yield [name_of(name, wanted), phone_of(phone, wanted), unit, role]


def _ticket_rows(conn: Connection, wanted: Wanted) -> Rows:
    return tickets(conn, wanted.communities, unmasked=wanted.unmasked)


EXPORTS: Mapping[str, tuple[Callable[[Wanted], list[str]], Callable[[Connection, Wanted], Rows]]] = {
    "communities": (_titles("communities"), lambda conn, wanted: land_out.community_rows(conn, wanted.communities)),
    "grids": (_titles("grids"), lambda conn, wanted: land_out.grid_rows(conn, wanted.communities)),
    "households": (_titles("households"), lambda conn, wanted: land_out.household_rows(conn, wanted.communities)),
    "residents": (_titles("residents"), _resident_rows),
    "leaders": (_titles("leaders"), _leader_rows),
    "holidays": (_titles("holidays"), lambda conn, _wanted: clocks_out.holiday_rows(conn)),
    "limits": (_titles("limits"), lambda conn, wanted: clocks_out.limit_rows(conn, wanted.communities)),
    "hours": (_titles("hours"), lambda conn, wanted: clocks_out.hour_rows(conn, wanted.communities)),
    "units": (_titles("units"), lambda conn, _wanted: unit_rows(conn)),
    "members": (_titles("members"), _member_rows),
    "categories": (_titles("categories"), lambda conn, _wanted: category_rows(conn)),
    "faq": (
        lambda wanted: [*_titles("faq")(wanted), *knowledge_out.FAQ_HEADINGS_MORE],
        lambda conn, wanted: knowledge_out.faq_rows(conn, wanted.communities),
    ),
    "synonyms": (_titles("synonyms"), lambda conn, wanted: knowledge_out.synonym_rows(conn, wanted.communities)),
    "open-questions": (
        lambda _wanted: list(knowledge_out.QUESTION_HEADINGS),
        lambda conn, wanted: knowledge_out.question_rows(conn, wanted.communities, unmasked=wanted.unmasked),
    ),
    "shop": (_titles("shop"), lambda conn, wanted: points.shop_rows(conn, wanted.communities)),
    "rules": (_titles("rules"), lambda conn, wanted: points.rule_rows(conn, wanted.communities)),
    "organisations": (
        _titles("organisations"),
        lambda conn, wanted: organisation_rows(conn, wanted.communities, unmasked=wanted.unmasked),
    ),
    "tickets": (lambda _wanted: list(TICKET_HEADINGS), _ticket_rows),
    "activities": (
        _titles("activities"),
        lambda conn, wanted: activities_out.activity_rows(conn, wanted.communities),
    ),
    "service_hours": (
        lambda _wanted: list(activities_out.HOURS_HEADINGS),
        lambda conn, wanted: activities_out.hour_rows(conn, wanted.communities, unmasked=wanted.unmasked),
    ),
    "insurance": (
        lambda _wanted: list(activities_out.INSURANCE_HEADINGS),
        lambda conn, wanted: activities_out.insurance_rows(conn, wanted.communities, unmasked=wanted.unmasked),
    ),
}
