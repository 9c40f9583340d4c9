"""Plans for activities: from a row to a recruiting notice with its posts; one that is there already stays."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import Connection, select

from bot.importing.plan import Plan
from bot.importing.records import Record
from handlers.activities import notice, rules
from handlers.activities.port import Activity, Station
from handlers.types import Pin, Role
from storage import activity_rows
from storage.ids import new_id
from storage.ledger import Tally
from storage.people import phone_indexes
from storage.schema import activities, communities, persons, posts


def plan_activities(records: list[Record], plan: Plan) -> None:
    """The organiser is a member of the community's staff, by phone; without one the first of them."""
    conn = plan.ledger.conn
    tally = plan.extra.setdefault("activities", Tally())
    for record in records:
        community = conn.execute(select(communities.c.id).where(communities.c.code == record["community"])).scalar()
        if community is None:
            plan.bad(record, "community", "没有这个社区；请核对，或先导入社区")
            continue
        organiser = _organiser(conn, community, record["phone"])
        if not organiser:
            plan.bad(record, "phone", "这个社区没有用这个手机号的工作人员；请核对，或先导入工作人员")
            continue
        if (found := _read(record, plan, community, organiser)) is None:
            continue
        same = (activities.c.community == community, activities.c.name == found.name)
        if conn.execute(select(activities.c.id).where(*same, activities.c.starts == found.starts)).first():
            tally.same += 1
            continue
        tally.added += 1
        plan.after.append(partial(_write, found, plan.now))


def _write(activity: Activity, now: datetime, conn: Connection) -> None:
    activity_rows.add(conn, activity, now)


def _organiser(conn: Connection, community: int, phone: str) -> int:
    staff = (
        select(posts.c.person)
        .where(posts.c.role == Role.DESK.value, posts.c.scope == community, posts.c.until.is_(None))
        .order_by(posts.c.id)
    )
    if phone:
        staff = staff.join(persons, persons.c.id == posts.c.person).where(
            persons.c.phone_index.in_(phone_indexes(phone))
        )  # fmt: skip
    return int(conn.execute(staff.limit(1)).scalar() or 0)


def _read(record: Record, plan: Plan, community: int, organiser: int) -> Activity | None:
    starts, ends = datetime.fromisoformat(record["starts"]), datetime.fromisoformat(record["ends"])
    seats = notice.seats(record["posts"], plan.now)
    danger = record["danger"] == "on"
    wrong = {
        "ends": "" if ends > starts else "结束要在开始之后",
        "posts": "" if seats else "写人数，如 20人，或 清扫15人、指挥5人",
        "policy_number": "有人身危险的活动要先买保险，请填保单号" if danger and not record["policy_number"] else "",
        "children": "抢险救灾不收未成年人"
        if record["children"] == "on" and record["kind"] == rules.EMERGENCY
        else "",
    }  # fmt: skip
    for key, reason in wrong.items():
        if reason:
            plan.bad(record, key, reason)
    if any(wrong.values()) or seats is None:
        return None
    pin = Pin(float(record["lat"]), float(record["lon"])) if record["lat"] and record["lon"] else None
    return Activity(
        new_id(), 0, community, organiser, record["name"], record["kind"] or "其他", record["about"], record["place"],
        starts, ends, record["conditions"], record["risks"], record["insurance"],
        tuple(Station(new_id(), name[:24], count) for name, count in seats), danger=danger,
        policy_number=record["policy_number"], bring=record["bring"], children=record["children"] == "on",
        question=record["question"], approve=record["approve"] == "on", weekly=record["weekly"] == "on", pin=pin,
    )  # fmt: skip
