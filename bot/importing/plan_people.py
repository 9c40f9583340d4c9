"""Plans for people: residents with their homes, leaders with their posts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select

from bot.importing.plan import Newcomer, Plan
from bot.importing.records import Record
from handlers.types import Role
from storage import people
from storage.ledger import Row
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

T = TypeVar("T")
_PART = 5_000  # values in one IN list
_SURE = "请核对，确实要改就勾上「以这个文件为准」（命令行加 --overwrite）"
_OTHER_NAME = "这个手机号已登记在另一个姓名下；" + _SURE


def plan_residents(records: list[Record], plan: Plan) -> None:
    ledger = plan.ledger
    know_phones(plan, records)
    ledger.know(communities, ("code",))
    names = {record["estate"] for record in records}
    for part in _parts(names):
        ledger.know(estates, ("community", "name"), estates.c.name.in_(part))
    by_name: dict[str, list[Row]] = {}
    for row in ledger.rows(estates, ("community", "name")):
        by_name.setdefault(row["name"], []).append(row)
    ids = [row["id"] for row in ledger.rows(estates, ("community", "name"))]
    dwellers: dict[int, dict[str, int]] = {}
    for part in _parts(ids):
        ledger.know(buildings, ("estate", "name"), buildings.c.estate.in_(part))
        ledger.know(households, ("building", "unit", "room"), households.c.estate.in_(part))
        here = select(households.c.id).where(households.c.estate.in_(part))
        ledger.know(homes, ("person", "household"), homes.c.household.in_(here))
        ledger.know(persons, ("id",), persons.c.id.in_(select(homes.c.person).where(homes.c.household.in_(here))))
    for home in ledger.rows(homes, ("person", "household")):
        somebody = ledger.find(persons, id=home["person"])
        if somebody is not None and somebody["name"]:
            dwellers.setdefault(home["household"], {})[somebody["name"]] = home["person"]
    rooms: dict[tuple[int, str], list[Row]] = {}
    for row in ledger.rows(households, ("building", "unit", "room")):
        rooms.setdefault((row["building"], row["room"]), []).append(row)
    for record in records:
        household = _household(record, plan, by_name, rooms)
        if household is None:
            continue
        namesake = dwellers.setdefault(household["id"], {}).get(record["name"], 0)
        person = _resident(record, plan, household, namesake)
        if person:
            dwellers[household["id"]][record["name"]] = person
            people.home(ledger, person, household["id"], record["relation"], "import", plan.now)


def _household(
    record: Record, plan: Plan, by_name: dict[str, list[Row]], rooms: dict[tuple[int, str], list[Row]]
) -> Row | None:
    found = by_name.get(record["estate"], [])
    if record["community"]:
        community = plan.ledger.find(communities, code=record["community"])
        if community is None:
            plan.bad(record, "community", "没有这个社区；请核对编码")
            return None
        found = [estate for estate in found if estate["community"] == community["id"]]
    if len(found) > 1:
        plan.bad(record, "estate", "几个社区都有这个小区；请填社区编码")
        return None
    if not found:
        plan.bad(record, "estate", "房屋表里没有这个小区；请核对名称（带上分期），或先导入房屋")
        return None
    building = plan.ledger.find(buildings, estate=found[0]["id"], name=record["building"])
    if building is None:
        plan.bad(record, "building", "这个小区没有这一幢；请核对，或先导入房屋")
        return None
    exact = plan.ledger.find(households, building=building["id"], unit=record["unit"], room=record["room"])
    if exact is not None:
        return exact
    fitting = rooms.get((building["id"], record["room"]), [])
    if record["unit"] or not fitting:
        plan.bad(record, "room", "这一幢没有这一室；请核对单元和室号，或先导入房屋")
    elif len(fitting) > 1:
        plan.bad(record, "unit", "这一幢有几个单元，请填单元")
    else:
        return fitting[0]  # the only one with this number: the unit need not be written
    return None


def _resident(record: Record, plan: Plan, household: Row, namesake: int) -> int:
    """The person of a row, 0 when the row is bad."""
    owner = people.with_phone(plan.ledger, record["phone"])
    if owner is not None and not same_name(record, plan, owner):
        return 0
    known = int(owner["id"]) if owner is not None else namesake
    if namesake and record["phone"]:
        if owner is not None and owner["id"] != namesake:
            plan.bad(record, "phone", "这一户已有同名居民，但手机号登记在另一个同名的人名下；请核对")
            return 0
        stored = plan.ledger.find(persons, id=namesake)
        if stored is not None and stored["phone"] and stored["phone"] != record["phone"] and not plan.overwrite:
            plan.bad(record, "phone", "这一户已有同名居民，登记的是另一个手机号；" + _SURE)
            return 0
    return people.person(
        plan.ledger, record["name"], record["phone"], household["community"], plan.now,
        overwrite=plan.overwrite, known=known,
    )  # fmt: skip


def plan_leaders(records: list[Record], plan: Plan) -> None:
    ledger = plan.ledger
    know_phones(plan, records)
    ledger.know(communities, ("id",))
    ledger.know(grids, ("code",))
    ledger.know(micro_grids, ("code",))
    ledger.know(posts, ("person", "role", "scope"))
    holders: dict[tuple[str, int], list[Row]] = {}
    for row in ledger.rows(posts, ("person", "role", "scope")):
        holders.setdefault((row["role"], row["scope"]), []).append(row)
    joined = people_joined(plan)
    for record in records:
        role = Role(record["role"])
        table = grids if role is Role.GRID else micro_grids
        if len(record["scope"]) != (15 if role is Role.GRID else 17):
            plan.bad(record, "scope", "微网格长填17位微网格编码，专职网格员填15位网格编码")
            continue
        scope = ledger.find(table, code=record["scope"])
        if scope is None:
            plan.bad(record, "scope", "没有这个编码；请核对，或先导入网格")
            continue
        owner = people.with_phone(ledger, record["phone"])
        if owner is not None and not same_name(record, plan, owner):
            continue
        community = ledger.find(communities, id=scope["community"])
        person = people.person(
            ledger, record["name"], record["phone"], scope["community"], plan.now, overwrite=plan.overwrite
        )
        plan.wecom(record, person)
        held = holders.get((role.value, scope["id"]), [])
        for row in held:
            if row["person"] != person:
                ledger.end(posts, row, plan.now)
        if all(row["person"] != person for row in held):
            place = f"{community['name'] if community else ''} {scope['name']}".strip()
            known = person in joined or bool(record["wecom_user"])
            plan.newcomers.append(Newcomer(person, record["name"], POST_NAMES[role], place, joined=known))
        people.post(ledger, person, role, scope["id"], plan.now)


POST_NAMES = {
    Role.LEADER: "微网格长", Role.DEPUTY: "副微网格长", Role.GRID: "专职网格员", Role.DESK: "社区工作人员",
}  # fmt: skip


def know_phones(plan: Plan, records: list[Record]) -> None:
    """Load the people whose phones stand in the file; a phone that two names share is named."""
    first: dict[str, Record] = {}
    for record in records:
        if record["phone"]:
            other = first.setdefault(record["phone"], record)
            if other["name"] != record["name"]:
                plan.bad(
                    record, "phone",
                    f"第{other.row}行的另一个人也是这个手机号；一个手机号只能登记一人，合用的请只给一人填",
                )  # fmt: skip
    for part in _parts({index for phone in first for index in people.phone_indexes(phone)}):
        plan.ledger.know(persons, ("phone_index",), persons.c.phone_index.in_(part))


def same_name(record: Record, plan: Plan, owner: Row) -> bool:
    if not owner["name"] or owner["name"] == record["name"] or plan.overwrite:
        return True
    plan.bad(record, "phone", _OTHER_NAME)
    return False


def people_joined(plan: Plan) -> set[int]:
    return set(plan.ledger.conn.execute(select(identities.c.person).where(identities.c.followed)).scalars())


def _parts(values: Iterable[T]) -> list[list[T]]:
    """At least one part, so that `know` is in force even for nothing."""
    listed = list(values)
    return [listed[start : start + _PART] for start in range(0, max(len(listed), 1), _PART)]
