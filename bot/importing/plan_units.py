"""Plans for units, their members and the category table."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.importing.plan import Newcomer, Plan
from bot.importing.plan_people import know_phones, people_joined, same_name
from bot.importing.records import Record
from handlers.tickets.categories import CATEGORIES, Category
from handlers.tickets.categories import UNITS as UNIT_KINDS
from handlers.types import Role
from storage import people, units
from storage.ledger import Row, Tally
from storage.schema import categories, communities, estates, posts, unit_areas
from storage.schema import units as unit_table

_BY_NAME = {name: kind for kind, name in UNIT_KINDS.items()} | {kind: kind for kind in UNIT_KINDS}
ROLE_NAMES = {Role.HEAD: "单位负责人", Role.MEMBER: "单位办事员", Role.STREET: "街道指挥室"}


def plan_units(records: list[Record], plan: Plan) -> None:
    ledger = plan.ledger
    ledger.know(unit_table, ("code",))
    ledger.know(unit_areas, ("unit", "scope", "place", "street"))
    ledger.know(communities, ("code",))
    ledger.know(estates, ("community", "name"))
    streets = {row["street"] for row in ledger.rows(communities, ("code",)) if row["street"]}
    by_name: dict[str, list[Row]] = {}
    for row in ledger.rows(estates, ("community", "name")):
        by_name.setdefault(row["name"], []).append(row)
    said: dict[str, Record] = {}
    for record in records:
        first = said.setdefault(record["code"], record)
        for key in ("name", "kind"):
            if first[key] != record[key]:
                plan.bad(record, key, f"与第{first.row}行不一致")
        where = _area(record, plan, by_name, streets)
        if where is not None:
            unit = units.unit(ledger, record["code"], record["name"], record["kind"], record["phone"] or None)
            units.area(ledger, unit, *where)


def _area(
    record: Record, plan: Plan, by_name: dict[str, list[Row]], streets: set[str]
) -> tuple[str, int, str] | None:
    """(scope, id, street) of a row; None when the row is bad."""
    scope = record["scope"]
    if scope == "全部":
        return "all", 0, ""
    if scope in streets:
        return "street", 0, scope
    community = plan.ledger.find(communities, code=scope)
    if community is not None:
        return "community", community["id"], ""
    found = by_name.get(scope, [])
    if record["community"]:
        at = plan.ledger.find(communities, code=record["community"])
        found = [row for row in found if at is not None and row["community"] == at["id"]]
    if len(found) == 1:
        return "estate", found[0]["id"], ""
    reason = (
        "几个社区都有这个小区；请填社区编码" if found else "没有这个小区、社区编码或街道；请核对，或先导入社区和房屋"
    )
    plan.bad(record, "scope", reason)
    return None


def plan_members(records: list[Record], plan: Plan) -> None:
    ledger = plan.ledger
    know_phones(plan, records)
    ledger.know(unit_table, ("code",))
    ledger.know(posts, ("person", "role", "scope"))
    joined = people_joined(plan)
    for record in records:
        unit = ledger.find(unit_table, code=record["unit"])
        if unit is None:
            plan.bad(record, "unit", "没有这个单位；请核对编码，或先导入单位")
            continue
        role = Role(record["role"])
        if (role is Role.STREET) != (unit["kind"] == "JD"):
            plan.bad(record, "role", "街道指挥室的人填“指挥室”，其他单位填“负责人”或“办事员”")
            continue
        owner = people.with_phone(ledger, record["phone"])
        if owner is not None and not same_name(record, plan, owner):
            continue
        person = people.person(ledger, record["name"], record["phone"], 0, plan.now, overwrite=plan.overwrite)
        if ledger.find(posts, person=person, role=role.value, scope=unit["id"]) is None:
            plan.newcomers.append(
                Newcomer(person, record["name"], ROLE_NAMES[role], unit["name"], joined=person in joined)
            )  # fmt: skip
        for row in [r for r in ledger.rows(posts, ("person", "role", "scope")) if r["person"] == person]:
            if row["scope"] == unit["id"] and row["role"] != role.value:
                ledger.end(posts, row, plan.now)  # the other role in the same unit
        units.member(ledger, unit["id"], person, role, plan.now)


def plan_categories(records: list[Record], plan: Plan) -> None:
    """Codes are their own key, so they do not pass through the ledger."""
    stored = {
        row.code: Category(
            row.code, row.name, row.lead, tuple(row.assist.split()), row.level, row.std_code, row.photo, row.verify
        )
        for row in plan.ledger.conn.execute(select(categories))
    }
    wanted: list[Category] = []
    for record in records:
        if record["code"] not in CATEGORIES:
            plan.bad(record, "code", "没有这个分类；只能改已有的90个分类和99")
            continue
        assist = [_BY_NAME.get(name) for name in record["assist"].split("、") if name]
        if None in assist:
            plan.bad(record, "assist", "协办里有不认识的单位类别")
            continue
        wanted.append(
            Category(
                record["code"], record["name"], record["lead"], tuple(kind for kind in assist if kind),
                record["level"], record["std_code"], record["photo"] == "yes", record["verify"] == "yes",
            )
        )  # fmt: skip
    changed = [one for one in wanted if stored.get(one.code) != one]
    new = sum(one.code not in stored for one in changed)
    plan.extra["categories"] = Tally(new, len(changed) - new, len(wanted) - len(changed))

    def write(conn: Connection) -> None:
        units.write_categories(conn, changed, frozenset(stored))
        for one in changed:
            before = stored.get(one.code, CATEGORIES[one.code])
            if before != one:
                plan.changed(conn, "categories", one.code, in_words(before), in_words(one))

    plan.after.append(write)


def in_words(category: Category) -> str:
    """楼道灯/路灯，物业，协办供电，T2，办结要照片."""
    assist = "、".join(UNIT_KINDS.get(kind, kind) for kind in category.assist)
    parts = (
        category.name, UNIT_KINDS.get(category.lead, category.lead), f"协办{assist}" if assist else "",
        category.level,
        "办结要照片" if category.photo else "", "办结要核查" if category.verify else "",
        f"标准编码{category.std_code}" if category.std_code else "",
    )  # fmt: skip
    return "，".join(part for part in parts if part)
