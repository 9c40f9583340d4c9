"""Activities and a team of the sample community: invented, in the days after the seeding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from handlers.activities.port import Activity, Station
from handlers.activities.rules import EMERGENCY
from handlers.types import Pin
from nlp.when import ZONE
from storage import activity_rows
from storage.ids import new_id
from storage.schema import team_members, teams

_NORTH_GATE, _SCHOOL, _OFFICE, _SLUICE = (
    Pin(30.6300, 120.5600), Pin(30.6331, 120.5612), Pin(30.6309, 120.5588), Pin(30.6285, 120.5667),
)  # fmt: skip
_ACCIDENT = "人身意外险"
# weekday, hour, minutes, posts, and the notice
_PLAN: tuple[tuple[int, float, int, tuple[tuple[str, int], ...], dict[str, Any]], ...] = (
    (5, 9, 120, (("志愿者", 20),), {
        "name": "清洁家园", "kind": "环境清洁", "about": "清理楼道杂物和绿化带垃圾", "place": "学府花园北门小广场",
        "risks": "搬杂物小心手脚，发手套和夹子", "bring": "水杯", "children": True,
    }),
    (0, 7.5, 60, (("路口", 4), ("校门", 2)), {
        "name": "护学岗", "pin": _SCHOOL, "kind": "安全巡查",
        "about": "上学时间在校门口护送孩子过马路", "place": "学府小学门口",
        "danger": True, "risks": "车流量大，穿反光背心，听民警指挥", "insurance": _ACCIDENT,
        "policy_number": "PA2026-060118",
    }),
    (6, 14, 120, (("志愿者", 8),), {
        "name": "陪老人聊天", "pin": _OFFICE, "kind": "助老助残", "about": "上门陪独居老人说说话、读读报",
        "place": "学府社区服务中心", "risks": "两人一组上门，不单独行动", "approve": True,
        "question": "您会说本地话吗？",
    }),
    (2, 19, 120, (("志愿者", 10),), {
        "name": "防汛巡堤", "pin": _SLUICE, "kind": EMERGENCY,
        "about": "汛期夜间巡堤，发现险情马上报告", "place": "学府河东岸水闸",
        "danger": True, "conditions": "年满18岁，身体健康，会游泳优先", "risks": "夜间临水，穿救生衣，三人一组",
        "insurance": _ACCIDENT, "policy_number": "PA2026-060225", "bring": "手电筒、雨鞋",
    }),
)  # fmt: skip


def seed(conn: Connection, community: int, cast: Mapping[str, int], now: datetime) -> None:
    """Four activities of the coming week by the community's staff, and the leader's team."""
    local = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    for weekday, hour, minutes, posts, notice in _PLAN:
        starts = local + timedelta(days=(weekday - local.weekday()) % 7 or 7, hours=hour)
        values = {"pin": _NORTH_GATE, "conditions": "身体健康", "insurance": "社区统一投保志愿者意外险", **notice}
        stations = tuple(Station(new_id(), name, seats) for name, seats in posts)
        activity = Activity(
            id=new_id(), number=0, community=community, organiser=cast["desk"], starts=starts,
            ends=starts + timedelta(minutes=minutes), stations=stations, **values,
        )  # fmt: skip
        activity_rows.add(conn, activity, now)
    team = new_id()
    conn.execute(
        insert(teams).values(
            id=team, community=community, name="红马甲志愿队", about="清洁、巡逻、帮老人跑腿", captain=cast["leader"],
            filing="", tags="红", status="active", since=now,
        )
    )  # fmt: skip
    for who in ("leader", "deputy", "neighbour"):
        conn.execute(insert(team_members).values(team=team, person=cast[who], since=now))
