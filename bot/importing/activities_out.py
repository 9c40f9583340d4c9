"""Activities, hours and the list for the insurer as rows of a table, with or without what tells of a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import orjson
from sqlalchemy import Connection, select

from bot.importing.records import mask
from handlers.activities.rules import hours_text
from nlp.when import ZONE
from storage.schema import activities, communities, hours, persons, signups, stations, volunteers

# the kinds of record of 民政部令67号 art. 4–10; what is not collected stays empty and is filled in by the office
HOURS_HEADINGS = (
    "姓名", "性别", "出生日期", "证件类型", "证件号码", "居住区域", "联系方式", "专业技能", "服务类别", "服务名称",
    "服务日期", "服务地点", "服务内容", "服务时间（小时）", "组织单位", "负责人", "记录时间", "说明",
)  # fmt: skip
INSURANCE_HEADINGS = ("活动", "日期", "地点", "保险", "保单号", "姓名", "手机", "人数", "同行", "岗位")
_YES = {True: "是", False: "否"}


def activity_rows(conn: Connection, only: tuple[int, ...]) -> Iterator[list[str]]:
    """The headings of the import, in the order of their start."""
    statement = (
        select(activities, communities.c.code, persons.c.phone)
        .join(communities, communities.c.id == activities.c.community)
        .outerjoin(persons, persons.c.id == activities.c.organiser)
        .where(activities.c.status != "cancelled")
        .order_by(activities.c.starts, activities.c.id)
    )
    if only:
        statement = statement.where(activities.c.community.in_(only))
    for row in conn.execute(statement).all():
        posts = conn.execute(
            select(stations.c.name, stations.c.seats).where(stations.c.activity == row.id).order_by(stations.c.id)
        ).all()
        yield [
            row.code, row.name, row.kind, row.about, _at(row.starts), _at(row.ends), row.place,
            "、".join(f"{post.name}{post.seats}人" for post in posts), row.conditions, _YES[row.danger], row.risks,
            row.insurance, row.policy_number, _YES[row.children], row.bring, row.question, _YES[row.approve],
            _YES[row.weekly], "", _degrees(row.lat), _degrees(row.lon),
        ]  # fmt: skip


def hour_rows(conn: Connection, only: tuple[int, ...], *, unmasked: bool) -> Iterator[list[str]]:
    """Every row of the ledger, reversing ones with a minus: nothing is left out, the sum is right."""
    who, leader = persons.alias(), persons.alias()
    statement = (
        select(
            hours, activities.c.name, activities.c.kind, activities.c.about, activities.c.place,
            who.c.name.label("who"), who.c.phone, leader.c.name.label("leader"), communities.c.name.label("office"),
            volunteers.c.skills,
        )
        .join(activities, activities.c.id == hours.c.activity)
        .join(communities, communities.c.id == activities.c.community)
        .outerjoin(who, who.c.id == hours.c.person)
        .outerjoin(leader, leader.c.id == activities.c.organiser)
        .outerjoin(volunteers, volunteers.c.person == hours.c.person)
        .order_by(hours.c.id)
    )  # fmt: skip
    if only:
        statement = statement.where(activities.c.community.in_(only))
    for row in conn.execution_options(yield_per=2_000).execute(statement):
        name, phone = row.who or "", row.phone or ""
        if not unmasked:
            name, phone = mask(name), mask(phone)
        name = f"{name}（{row.label}）" if row.guest and row.label else name
        sign = "-" if row.half < 0 else ""
        note = "冲正" if row.reverses else "更正" if row.round else ""
        yield [
            name, "", "", "", "", row.office, phone, (row.skills or "") if unmasked else "", row.kind, row.name,
            row.day, row.place, row.about, sign + hours_text(abs(row.half)), row.office, row.leader or "",
            _at(row.at), note,
        ]  # fmt: skip


def insurance_rows(conn: Connection, only: tuple[int, ...], *, unmasked: bool) -> Iterator[list[str]]:
    """Who has a seat in an open activity, for the insurer: by activity and name."""
    statement = (
        select(
            activities, signups.c.people, signups.c.party, persons.c.name.label("who"), persons.c.phone,
            stations.c.name.label("post"),
        )
        .join(signups, signups.c.activity == activities.c.id)
        .join(stations, stations.c.id == signups.c.station)
        .outerjoin(persons, persons.c.id == signups.c.person)
        .where(activities.c.status == "open", signups.c.status == "seated")
        .order_by(activities.c.starts, activities.c.id, signups.c.id)
    )  # fmt: skip
    if only:
        statement = statement.where(activities.c.community.in_(only))
    for row in conn.execute(statement).all():
        party = "、".join(guest[0] for guest in orjson.loads(row.party))
        name, phone = row.who or "", row.phone or ""
        if not unmasked:
            name, phone = mask(name), mask(phone)
        yield [
            row.name, _at(row.starts), row.place, row.insurance, row.policy_number, name, phone, str(row.people),
            party, row.post,
        ]  # fmt: skip


def _at(value: datetime) -> str:
    return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def _degrees(value: float | None) -> str:
    return "" if value is None else repr(round(value, 7))
