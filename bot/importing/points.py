"""The points shop and a community's own rules of points as tables: in, checked, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from dataclasses import fields as dataclass_fields
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.importing.kinds_points import PROOF
from bot.importing.plan import Plan
from bot.importing.records import Record
from handlers.points.rules import TABLE, Rule, fault
from storage.ids import new_id
from storage.ledger import Tally
from storage.schema import communities, point_rules, shop_items

Rows = Iterator[list[str]]


def plan_shop(records: list[Record], plan: Plan) -> None:
    ids = _ids(plan, records)
    stored = {(row.community, row.name): row for row in plan.ledger.conn.execute(select(shop_items))}
    new: list[dict[str, Any]] = []
    changed: list[tuple[int, dict[str, Any]]] = []
    for record in records:
        community = ids.get(record["community"])
        if community is None:
            continue
        values = {
            "points": int(record["points"]), "stock": int(record["stock"]), "pickup": record["pickup"],
            "open": record["open"] != "off",
        }  # fmt: skip
        there = stored.get((community, record["name"]))
        if there is None:
            new.append({"id": new_id(), "community": community, "name": record["name"], **values})
        elif any(getattr(there, name) != value for name, value in values.items()):
            changed.append((there.id, values))

    def write(conn: Connection) -> None:
        for row in new:
            conn.execute(insert(shop_items).values(row))
        for item, values in changed:
            conn.execute(update(shop_items).where(shop_items.c.id == item).values(values))

    _planned(plan, "shop_items", len(new), len(changed), len(records))
    plan.after.append(write)


def plan_rules(records: list[Record], plan: Plan) -> None:
    """A rule that differs from the one in force becomes its next version; the entries keep the version they had."""
    ids = _ids(plan, records)
    known = {rule.code: rule for rule in TABLE}
    newest: dict[tuple[int, str], Rule] = {}
    for row in plan.ledger.conn.execute(select(point_rules).order_by(point_rules.c.version)):
        newest[row.community, row.code] = Rule(**{one.name: getattr(row, one.name) for one in dataclass_fields(Rule)})
    rows: list[dict[str, Any]] = []
    for record in records:
        community = ids.get(record["community"])
        if community is None:
            continue
        before = newest.get((community, record["code"]), known.get(record["code"]))
        rule = _rule(record, before)
        if wrong := fault(rule, before):
            plan.bad(record, "code", wrong.rstrip("。"))
        elif rule != before:
            now = replace(rule, version=before.version + 1 if before else 1)
            rows.append({"community": community, "since": plan.now, **asdict(now)})

    def write(conn: Connection) -> None:
        for row in rows:
            conn.execute(insert(point_rules).values(row))

    _planned(plan, "point_rules", len(rows), 0, len(records))
    plan.after.append(write)


def _rule(record: Record, before: Rule | None) -> Rule:
    """The line as the row has it; what a table has no column for stays as it is."""
    points = int(record["points"])
    first = Rule(
        record["code"], "减分" if points < 0 else "自治", record["name"], points,
        proof="review" if points < 0 else "auto",
    )  # fmt: skip
    there = before or first
    return replace(
        there, name=record["name"], points=points, most=int(record["most"] or 0),
        day_cap=int(record["day_cap"] or 0), month_cap=int(record["month_cap"] or 0),
        proof=record["proof"] or there.proof, open=record["open"] != "off",
    )  # fmt: skip


def shop_rows(conn: Connection, ids: tuple[int, ...]) -> Rows:
    codes = _codes(conn)
    for row in conn.execute(select(shop_items).order_by(shop_items.c.community, shop_items.c.points)):
        if not ids or row.community in ids:
            open_ = "是" if row.open else "否"
            yield [codes[row.community], row.name, str(row.points), str(row.stock), row.pickup, open_]


def rule_rows(conn: Connection, ids: tuple[int, ...]) -> Rows:
    """The table in force of each community: the default with its own lines over it."""
    proofs = {value: word for word, value in PROOF.items()}
    own: dict[int, dict[str, Any]] = {}
    for row in conn.execute(select(point_rules).order_by(point_rules.c.version)):
        own.setdefault(row.community, {})[row.code] = row
    for community, code in _codes(conn).items():
        if ids and community not in ids:
            continue
        rules: dict[str, Rule] = {rule.code: rule for rule in TABLE} | own.get(community, {})
        for rule in rules.values():
            yield [
                code, rule.code, rule.name, str(rule.points), str(rule.most or ""), str(rule.day_cap or ""),
                str(rule.month_cap or ""), proofs[rule.proof], "是" if rule.open else "否",
            ]  # fmt: skip


def _codes(conn: Connection) -> dict[int, str]:
    return {row.id: row.code for row in conn.execute(select(communities.c.id, communities.c.code))}


def _ids(plan: Plan, records: list[Record]) -> dict[str, int]:
    """Ids of the communities that the rows name; a row of one that is not there is bad."""
    found = {code: community for community, code in _codes(plan.ledger.conn).items()}
    for record in records:
        if record["community"] not in found:
            plan.bad(record, "community", "没有这个社区；请先导入社区，或核对编码")
    return found


def _planned(plan: Plan, table: str, new: int, changed: int, rows: int) -> None:
    plan.extra[table] = Tally(new, changed, rows - new - changed)
