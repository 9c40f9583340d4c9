"""Tickets as rows of a table, with or without what tells of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import orjson
from sqlalchemy import Connection, select

from bot.importing.records import mask
from handlers.tickets import categories
from handlers.tickets.clock import SHANGHAI
from storage.schema import communities, micro_grids, persons
from storage.schema import tickets as table

TICKET_HEADINGS = (
    "工单号", "社区", "微网格", "类别", "级别", "性质", "状态", "地点", "摘要", "诉求原文", "办理结果", "报告人",
    "报告人手机", "处理人", "关注人数", "上报时间", "接单时间", "到场时间", "办理期限", "反馈时间", "办结时间",
    "已解决", "满意度", "重办次数",
)  # fmt: skip
_HIDDEN = "（已遮盖）"


def tickets(conn: Connection, only: tuple[int, ...], *, unmasked: bool) -> Iterator[list[str]]:
    """Oldest first. A reporter who asked not to be named stays 匿名 either way."""
    reporter, owner = persons.alias(), persons.alias()
    statement = (
        select(
            table, communities.c.name.label("community_name"), micro_grids.c.name.label("micro_name"),
            reporter.c.name.label("reporter_name"), reporter.c.phone.label("reporter_phone"),
            owner.c.name.label("owner_name"),
        )
        .outerjoin(communities, communities.c.id == table.c.community)
        .outerjoin(micro_grids, micro_grids.c.id == table.c.micro_grid)
        .outerjoin(reporter, reporter.c.id == table.c.reporter)
        .outerjoin(owner, owner.c.id == table.c.owner)
        .order_by(table.c.id)
    )  # fmt: skip
    if only:
        statement = statement.where(table.c.community.in_(only))
    for row in conn.execution_options(yield_per=2_000).execute(statement):
        name, phone = row.reporter_name or "", row.reporter_phone or ""
        if row.anonymous:
            name, phone = "匿名", ""
        elif not unmasked:
            name, phone = mask(name), mask(phone)
        yield [
            row.code, row.community_name or "", row.micro_name or "", categories.name(row.category), row.level,
            row.kind, row.status, _place(row.place, unmasked), _words(row.summary, unmasked),
            _words(row.words, unmasked), _words(row.result or "", unmasked), name, phone,
            (row.owner_name or "") if unmasked else mask(row.owner_name or ""), str(row.followers),
            _at(row.opened), _at(row.accepted), _at(row.visited), _at(row.due), _at(row.solved), _at(row.closed),
            {True: "是", False: "否"}.get(row.solved_answer, ""), row.rating, str(row.reopened),
        ]  # fmt: skip


def _place(stored: str, unmasked: bool) -> str:
    """The label; masked only down to the building, so that it does not lead to a door."""
    place = orjson.loads(stored) if stored else {}
    label = str(place.get("label", ""))
    if unmasked or not (place.get("unit") or place.get("room") or place.get("floor")):
        return label
    name, building = str(place.get("estate_name", "")), str(place.get("building", ""))
    found = re.match(re.escape(name + building) + "(号楼|[幢栋座号])?", label)
    return found.group() if found else name + building


def _words(text: str, unmasked: bool) -> str:
    """Free words may name anybody, so that masking parts of them is not enough."""
    return text if unmasked or not text else _HIDDEN


def _at(value: datetime | None) -> str:
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else ""
