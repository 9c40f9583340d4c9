"""Plans for places: communities, grids, households, and the holiday table."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from bot.importing.plan import Agreement, Plan
from bot.importing.records import Record
from storage import land
from storage.ledger import Row, Tally
from storage.schema import buildings, communities, estates, grids, holidays, households, micro_grids


def plan_communities(records: list[Record], plan: Plan) -> None:
    plan.ledger.know(communities, ("code",))
    for record in records:
        land.community(
            plan.ledger, record["code"], record["name"], street=record["street"] or None,
            phone=record["phone"] or None,
        )  # fmt: skip


def plan_grids(records: list[Record], plan: Plan) -> None:
    for table in (communities, grids, micro_grids):
        plan.ledger.know(table, ("code",))
    names = Agreement(plan)
    for record in records:
        names.note(record, "grid_name", record["grid"])
    for record in records:
        community = plan.ledger.find(communities, code=record["grid"][:12])
        if community is None:
            plan.bad(record, "grid", "前12位不是已有社区的编码；请核对，或先导入社区")
            continue
        if record["micro"] and not record["micro"].startswith(record["grid"]):
            plan.bad(record, "micro", "前15位应与网格编码相同")
            continue
        grid = land.grid(plan.ledger, community["id"], record["grid"], names.value("grid_name", record["grid"]))
        if record["micro"]:
            name = record["micro_name"]
            if not name and plan.ledger.find(micro_grids, code=record["micro"]) is None:
                name = land.micro_grid_name(community["name"], record["micro"])
            land.micro_grid(plan.ledger, grid, community["id"], record["micro"], name)


def plan_households(records: list[Record], plan: Plan) -> None:
    ledger = plan.ledger
    for table in (communities, micro_grids):
        ledger.know(table, ("code",))
    located = [(record, found) for record in records if (found := _located(record, plan)) is not None]
    ids = {community["id"] for _, (community, _) in located}
    ledger.know(estates, ("community", "name"), estates.c.community.in_(ids))
    ledger.know(buildings, ("estate", "name"), buildings.c.community.in_(ids))
    ledger.know(households, ("building", "unit", "room"), households.c.community.in_(ids))
    said = Agreement(plan)
    doors: dict[tuple[str, ...], int] = {}
    for record, (community, _) in located:
        _note(said, record, community["code"])
        # the community may be given by its code or by the micro-grid's: the same door once only
        door = (community["code"], record["estate"], record["building"], record["unit"], record["room"])
        if doors.setdefault(door, record.row) != record.row:
            plan.bad(record, "room", f"与第{doors[door]}行是同一户，请删去其中一行")
    estate_ids: dict[tuple[int, str], int] = {}
    building_ids: dict[tuple[int, str], int] = {}
    for record, (community, micro) in located:
        at = (community["id"], record["estate"])
        if at not in estate_ids:
            estate_ids[at] = _estate(said, plan, record, community)
        estate = estate_ids[at]
        building = building_ids.get((estate, record["building"]))
        if building is None:
            building = _building(said, plan, record, community, estate)
            building_ids[estate, record["building"]] = building
        land.household(
            ledger, building, estate, community["id"], record["room"], unit=record["unit"],
            floor=record["floor"] or None, micro_grid=micro,
        )  # fmt: skip


def _located(record: Record, plan: Plan) -> tuple[Row, int | None] | None:
    """The community and the micro-grid of a row; None when the row is bad."""
    code = record["community"] or record["micro"][:12]
    if not code:
        plan.bad(record, "community", "社区编码和微网格编码至少填一个")
        return None
    community = plan.ledger.find(communities, code=code)
    if community is None:
        plan.bad(record, "community" if record["community"] else "micro", "没有这个社区；请核对编码，或先导入社区")
        return None
    if not record["micro"]:
        return community, None
    micro = plan.ledger.find(micro_grids, code=record["micro"])
    if micro is None:
        plan.bad(record, "micro", "没有这个微网格；请核对编码，或先导入网格")
        return None
    if micro["community"] != community["id"]:
        plan.bad(record, "micro", "这个微网格不在所填的社区里")
        return None
    return community, micro["id"]


def _note(said: Agreement, record: Record, code: str) -> None:
    for key in ("road", "lane", "aliases", "spots"):
        said.note(record, key, code, record["estate"])
    said.note(record, "word", code, record["estate"], value=record["word"] or record["word_written"])
    for key in ("lat", "lon"):
        said.note(record, key, code, record["estate"], record["building"])


def _estate(said: Agreement, plan: Plan, record: Record, community: Row) -> int:
    def value(key: str) -> str | None:
        return said.value(key, community["code"], record["estate"])

    aliases, spots = value("aliases"), value("spots")
    return land.estate(
        plan.ledger, community["id"], record["estate"], road=value("road"), lane=value("lane"), word=value("word"),
        aliases=aliases.split("、") if aliases else None, spots=spots.split("、") if spots else None,
    )  # fmt: skip


def _building(said: Agreement, plan: Plan, record: Record, community: Row, estate: int) -> int:
    thing = (community["code"], record["estate"], record["building"])
    lat, lon = said.value("lat", *thing), said.value("lon", *thing)
    if bool(lat) != bool(lon):
        plan.bad(record, "lat" if lon else "lon", "经度和纬度要一起填")
    return land.building(
        plan.ledger, estate, community["id"], record["building"], lat=float(lat) if lat else None,
        lon=float(lon) if lon else None, plate=land.plate_of(*thing),
    )  # fmt: skip


def plan_holidays(records: list[Record], plan: Plan) -> None:
    """Days are their own key, so they do not pass through the ledger."""
    stored = {row.day: (row.works, row.name) for row in plan.ledger.conn.execute(select(holidays))}
    wanted = {
        record["day"]: (record["works"] == "on", record["name"]) for record in records if record["works"] != "law"
    }
    gone = [record["day"] for record in records if record["works"] == "law" and record["day"] in stored]
    new = [day for day in wanted if day not in stored]
    other = [day for day in wanted if day in stored and stored[day] != wanted[day]]
    plan.extra["holidays"] = Tally(len(new), len(other), len(wanted) - len(new) - len(other), len(gone))

    def write(conn: Connection) -> None:
        for day in new:
            conn.execute(insert(holidays).values(day=day, works=wanted[day][0], name=wanted[day][1]))
        for day in other:
            values = {"works": wanted[day][0], "name": wanted[day][1]}
            conn.execute(update(holidays).where(holidays.c.day == day).values(values))
        for day in gone:
            conn.execute(delete(holidays).where(holidays.c.day == day))
        for day in [*new, *other, *gone]:
            before, after = (_day_said(table.get(day)) for table in (stored, wanted))
            plan.changed(conn, "holidays", day, before, after)

    plan.after.append(write)


def _day_said(row: tuple[bool, str] | None) -> str:
    """放假 国庆节; "" where the published table decides."""
    return f"{'上班' if row[0] else '放假'} {row[1]}".strip() if row else ""
