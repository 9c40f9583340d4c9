"""The operator's tables of time as they leave: limits in force, duty hours, own holidays; in the import's columns."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, or_, select

from handlers.tickets.clock import DUTY
from handlers.tickets.limits import DAY, DEFAULTS, WORK_DAY, Clock, Limit, limit_from
from storage.schema import communities, duty_hours, holidays, limits

Rows = Iterator[list[str]]


def length(limit: Limit) -> str:
    """3天, 2小时, 30分钟: the largest unit that comes out even."""
    day = WORK_DAY if limit.working else DAY
    if limit.minutes % day == 0:
        return f"{limit.minutes // day}天"
    if limit.minutes % 60 == 0:
        return f"{limit.minutes // 60}小时"
    return f"{limit.minutes}分钟"


def limit_rows(conn: Connection, ids: tuple[int, ...]) -> Rows:
    """Every limit of the city, defaults included, then what communities have of their own."""
    codes = _codes(conn)
    own: dict[int, dict[tuple[str, Clock], Limit]] = {0: {}}
    for row in conn.execute(select(limits).order_by(limits.c.community, limits.c.of)):
        own.setdefault(row.community, {})[row.of, Clock(row.clock)] = limit_from(row.terms)
    for community, rows in {**own, 0: {**DEFAULTS, **own[0]}}.items():
        if community and ids and community not in ids:
            continue
        for (of, clock), limit in sorted(rows.items()):
            timing = "工作时间" if limit.working else "自然时间"
            counting = "累计" if limit.cumulative else "单次"
            yield [codes.get(community, ""), of, clock.value, length(limit), timing, counting]


def hour_rows(conn: Connection, ids: tuple[int, ...]) -> Rows:
    codes = _codes(conn)
    wanted = select(duty_hours).order_by(duty_hours.c.community, duty_hours.c.day.desc(), duty_hours.c.begin)
    if ids:
        wanted = wanted.where(or_(duty_hours.c.community.in_(ids), duty_hours.c.community == 0))
    rows = conn.execute(wanted).all()
    if not any(row.community == 0 and row.day == "work" for row in rows):
        for begin, end in DUTY:
            yield ["", "工作日", f"{begin:%H:%M}", f"{end:%H:%M}"]
    for row in rows:
        yield [codes.get(row.community, ""), "工作日" if row.day == "work" else "周末", row.begin, row.end]


def holiday_rows(conn: Connection) -> Rows:
    for row in conn.execute(select(holidays).order_by(holidays.c.day)):
        yield [row.day, "上班" if row.works else "放假", row.name]


def _codes(conn: Connection) -> dict[int, str]:
    return {row.id: row.code for row in conn.execute(select(communities.c.id, communities.c.code))}
