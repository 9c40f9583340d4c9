"""The plan for social organisations, and the table as it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection, select

from bot.importing.plan import Plan
from bot.importing.records import Record, mask
from handlers.organisations.rules import COMMUNITY, NONE_OF_THESE
from storage.ledger import Row
from storage.schema import communities, organisations


def plan_organisations(records: list[Record], plan: Plan) -> None:
    """By community and name."""
    ledger = plan.ledger
    ledger.know(communities, ("code",))
    ledger.know(organisations, ("community", "name"))
    for record in records:
        community = ledger.find(communities, code=record["community"])
        if community is None:
            plan.bad(record, "community", "没有这个编码的社区；请核对，或先导入社区")
            continue
        if any(word in record["name"] for word in NONE_OF_THESE):
            plan.bad(record, "name", "业委会、楼栋小组、居委会的工作机构和物业不是社会组织")
            continue
        if record["public"] == "yes" and not record["phone"]:
            plan.bad(record, "public", "要公开电话，先填电话")
            continue
        stored = ledger.find(organisations, community=community["id"], name=record["name"])
        values = {
            "community": community["id"], "name": record["name"], "kind": record["kind"],
            "tier": record["tier"] or COMMUNITY, "services": record["services"], "place": record["place"],
            "members": int(record["members"] or 0), "leader": record["leader"], "phone": record["phone"],
            "public": record["public"] == "yes", "number": record["number"], "since": record["since"],
            "gone": record["state"] == "gone",
        }  # fmt: skip
        before = in_words(stored) if stored is not None else ""  # the ledger changes the row itself
        ledger.put(organisations, ("community", "name"), values)
        plan.after.append(_noting(plan, record, before, in_words(values)))


def _noting(plan: Plan, record: Record, before: str, after: str) -> Callable[[Connection], None]:
    def note(conn: Connection) -> None:
        if before != after:
            plan.changed(conn, "organisations", f"{record['community']}/{record['name']}", before, after)

    return note


def in_words(row: Row) -> str:
    """What of it may stand in the log: nobody's name or phone."""
    parts = (
        row["kind"],
        row["tier"],
        row["services"],
        row["place"],
        "电话公开" * row["public"],
        "注销" * row["gone"],
    )
    return "，".join(part for part in parts if part)


def organisation_rows(conn: Connection, of: Sequence[int], *, unmasked: bool) -> Iterator[list[str]]:
    o = organisations.c
    wanted = (
        select(organisations, communities.c.code)
        .join(communities, communities.c.id == o.community)
        .order_by(communities.c.code, o.name)
    )
    for row in conn.execute(wanted.where(o.community.in_(list(of))) if of else wanted):
        leader, phone = row.leader or "", row.phone or ""
        yield [
            row.code, row.name, row.kind, row.tier, row.services, row.place, str(row.members or ""),
            leader if unmasked else mask(leader), phone if unmasked or row.public else mask(phone),
            "是" if row.public else "否", row.number, row.since, "注销" if row.gone else "有效",
        ]  # fmt: skip
