"""Plans for the operator's tables of time: limits and duty hours."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from bot.importing.clocks_out import length
from bot.importing.plan import Plan
from bot.importing.records import Record
from handlers.tickets.categories import CATEGORIES
from handlers.tickets.limits import CLASSES, DAY, WORK_DAY, limit_from
from storage.ledger import Tally
from storage.schema import communities, duty_hours, limits

Key = tuple[int, str, str]


def terms_of(length: str, timing: str, counting: str) -> str:
    """2小时, w, "" → 120w. A day of working time is eight hours. Raises ValueError for part of a minute."""
    unit = next(word for word in ("分钟", "小时", "天") if length.endswith(word))
    each = {"分钟": 1, "小时": 60, "天": WORK_DAY if timing == "w" else DAY}[unit]
    minutes = float(length.removesuffix(unit)) * each
    if minutes != int(minutes):
        raise ValueError(length)
    return limit_from(f"{int(minutes)}{timing}{counting}").terms


def _community(record: Record, plan: Plan) -> int | None:
    """The id, 0 for the whole city, None for a bad row."""
    if not record["community"]:
        return 0
    found = plan.ledger.find(communities, code=record["community"])
    if found is None:
        plan.bad(record, "community", "没有这个社区；请核对编码")
        return None
    return int(found["id"])


def plan_limits(records: list[Record], plan: Plan) -> None:
    """Rows are their own key, so they do not pass through the ledger. 默认 takes the own row away."""
    plan.ledger.know(communities, ("code",))
    stored: dict[Key, str] = {}
    for row in plan.ledger.conn.execute(select(limits)):
        stored[row.community, row.of, row.clock] = row.terms
    new: dict[Key, str] = {}
    other: dict[Key, str] = {}
    gone: list[Key] = []
    tally = plan.extra["limits"] = Tally()
    for record in records:
        community = _community(record, plan)
        of = record["of"].upper()
        if of not in CLASSES and of not in CATEGORIES:
            plan.bad(record, "of", "没有这个等级或分类编码；等级是 T0–T4、TC、TW、TX")
            continue
        if community is None:
            continue
        key = (community, of, record["clock"])
        if record["length"] in ("默认", "不设"):
            gone += [key] * (key in stored)
            tally.ended += key in stored
            continue
        try:
            terms = terms_of(record["length"], record["timing"], record["counting"])
        except ValueError:
            plan.bad(record, "length", "要是整分钟")
            continue
        if key not in stored:
            new[key] = terms
            tally.added += 1
        elif stored[key] != terms:
            other[key] = terms
            tally.changed += 1
        else:
            tally.same += 1

    def write(conn: Connection) -> None:
        for (community, of, clock), terms in new.items():
            conn.execute(insert(limits).values(community=community, of=of, clock=clock, terms=terms))
        for key, terms in other.items():
            conn.execute(update(limits).where(*_is(key)).values(terms=terms))
        for key in gone:
            conn.execute(delete(limits).where(*_is(key)))
        for key in [*new, *other, *gone]:
            after = new.get(key) or other.get(key) or ""
            plan.changed(conn, "limits", f"{key[0]}/{key[1]}/{key[2]}", _said(stored.get(key, "")), _said(after))

    plan.after.append(write)


def _said(terms: str) -> str:
    """3天工作时间; "" for the default."""
    if not terms:
        return ""
    limit = limit_from(terms)
    return f"{length(limit)}{'工作时间' if limit.working else '自然时间'}{'累计' if limit.cumulative else ''}"


def _is(key: Key) -> tuple[ColumnElement[bool], ...]:
    community, of, clock = key
    return limits.c.community == community, limits.c.of == of, limits.c.clock == clock


def plan_hours(records: list[Record], plan: Plan) -> None:
    """What a file says of a community's working days or weekends takes the place of what was there."""
    plan.ledger.know(communities, ("code",))
    wanted: dict[tuple[int, str], list[Record]] = defaultdict(list)
    for record in records:
        community = _community(record, plan)
        if record["end"] <= record["begin"]:
            plan.bad(record, "end", "结束要晚于开始；跨夜的请分成两天写")
        elif community is not None:
            wanted[community, record["day"]].append(record)
    for several in wanted.values():
        several.sort(key=lambda record: record["begin"])
        for before, after in pairwise(several):
            if after["begin"] < before["end"]:
                plan.bad(after, "begin", f"与第{before.row}行的时段重叠")
    tally = plan.extra["duty_hours"] = Tally()
    stored: dict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
    for row in plan.ledger.conn.execute(select(duty_hours).order_by(duty_hours.c.begin)):
        stored[row.community, row.day].append((row.begin, row.end))
    fresh = {
        key: periods
        for key, several in wanted.items()
        if (periods := [(record["begin"], record["end"]) for record in several]) != stored[key]
    }
    for key, several in wanted.items():
        if key not in fresh:
            tally.same += len(several)
        elif stored[key]:
            tally.changed += len(several)
        else:
            tally.added += len(several)

    def write(conn: Connection) -> None:
        for (community, day), periods in fresh.items():
            conn.execute(delete(duty_hours).where(duty_hours.c.community == community, duty_hours.c.day == day))
            said = tuple(
                "、".join(f"{begin}–{end}" for begin, end in one) for one in (stored[community, day], periods)
            )
            plan.changed(conn, "hours", f"{community}/{day}", *said)
            for begin, end in periods:
                conn.execute(insert(duty_hours).values(community=community, day=day, begin=begin, end=end))

    plan.after.append(write)
