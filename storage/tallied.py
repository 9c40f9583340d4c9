"""The kept sums of days as indicators: whole, by group, over time, and the tickets behind each number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal, select, union

from handlers.tickets.measures import MEASURES, Spread, Sums, added, told
from handlers.tickets.numbers import BY_KEY, Numbers
from storage.engine import Database
from storage.schema import communities, effort_days, number_days, number_lengths, ticket_numbers, tickets
from storage.sight import Sight, tickets_in
from storage.tally_days import ALL
from storage.tally_effort import MEASURES as EFFORT

_d, _l, _n, _e = number_days.c, number_lengths.c, ticket_numbers.c, effort_days.c
GROUPS = ("category", "micro_grid", "unit", "community")
ENDS = ("whole", "part", "rest")  # everything in the denominator, in the numerator, and what is missing there


@dataclass(frozen=True, slots=True)
class Asked:
    """Days of the report, both included (Asia/Shanghai). `communities` None: all."""

    communities: tuple[int, ...] | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Behind:
    """A ticket behind a number, and what it adds to it."""

    ticket: int
    code: str
    day: date
    category: str
    status: str
    part: float
    whole: int


@dataclass(frozen=True, slots=True)
class Effort:
    """`seconds`: at least so much work (storage/tally_effort.py); the rest are counts."""

    acts: int
    seconds: int
    answered: int
    unhelped: int
    handed: int
    replied: int


def whole(db: Database, asked: Asked) -> Numbers:
    with db.reading() as conn:
        sums = conn.execute(select(*_sums()).where(*_within(_d, asked), _d.of == "")).mappings().one()
        return told(_known(sums), _spreads(conn, asked))


def by_day(db: Database, asked: Asked) -> dict[date, Sums]:
    """Sums of each day that has any, in order."""
    wanted = select(_d.day, *_sums()).where(*_within(_d, asked), _d.of == "").group_by(_d.day).order_by(_d.day)
    with db.reading() as conn:
        return {date.fromisoformat(row["day"]): _known(row) for row in conn.execute(wanted).mappings()}


def by_group(db: Database, asked: Asked, of: str, most: int = 200) -> list[tuple[str, Numbers]]:
    """(key, indicators) of GROUPS, those with the most tickets first; times with the mean only."""
    count = func.sum(_d.tickets)
    key = _d.community.label("key") if of == "community" else _d.key
    apart = of == "community"
    rules = [*_within(_d, asked, apart=apart), _d.of == ("" if apart else of)]
    if apart and asked.communities is None:  # each is named: of the days all that is summed would be read
        rules.append(_d.community.in_(union(select(communities.c.id), select(literal(0)))))
    wanted = select(key, *_sums()).where(*rules).group_by(key).order_by(count.desc(), key).limit(most)
    with db.reading() as conn:
        return [(str(row["key"]), told(_known(row), {})) for row in conn.execute(wanted).mappings()]


def effort(db: Database, asked: Asked) -> Effort:
    sums = [func.coalesce(func.sum(_e[name]), 0) for name in EFFORT]
    ours = () if asked.communities is None else (_e.community.in_([*asked.communities, 0]),)
    days = (_e.day >= asked.first.isoformat(), _e.day <= asked.last.isoformat())
    with db.reading() as conn:
        return Effort(*map(int, conn.execute(select(*sums).where(*ours, *days)).one()))


def behind(
    db: Database, asked: Asked, key: str, end: str, of: str = "", group: str = "",
    before: tuple[str, int] | None = None, sight: Sight | None = None, limit: int = 50,
) -> list[Behind]:  # fmt: skip
    """The tickets behind an indicator ("" for all of them), newest first. Raises KeyError for an unknown one.

    `before`: day and id of the last one seen. `sight`: only those that may be looked at.
    """
    rules: list[ColumnElement[bool]] = _within(_n, asked, apart=True)
    part, total = _n.tickets, _n.tickets
    if key:
        part, total = _n[f"{BY_KEY[key].key}_part"], _n[f"{BY_KEY[key].key}_whole"]
        rules += {"whole": [total > 0], "part": [total > 0, part > 0], "rest": [total > 0, part < total]}[end]
    if of:
        rules.append(_n[of] == (group if of == "category" else int(group)))
    if before:
        rules.append((_n.day < before[0]) | ((_n.day == before[0]) & (_n.ticket < before[1])))
    wanted = (
        select(_n.ticket, tickets.c.code, _n.day, _n.category, tickets.c.status, part, total)
        .join(tickets, tickets.c.id == _n.ticket)
        .where(*rules, *tickets_in(sight))
        .order_by(_n.day.desc(), _n.ticket.desc())
        .limit(limit)
    )
    with db.reading() as conn:
        return [
            Behind(ticket, code, date.fromisoformat(day), category, status, float(one), int(all_))
            for ticket, code, day, category, status, one, all_ in conn.execute(wanted)
        ]


def _sums() -> list[Any]:
    return [func.sum(_d[name]).label(name) for name in MEASURES]


def _known(row: Mapping[Any, Any]) -> Sums:
    return added([{name: row[name] or 0 for name in MEASURES}])


def _within(columns: Any, asked: Asked, *, apart: bool = False) -> list[ColumnElement[bool]]:
    """`apart`: not from the rows of all together."""
    days = [columns.day >= asked.first.isoformat(), columns.day <= asked.last.isoformat()]
    if asked.communities is None:
        return [columns.community != ALL if apart else columns.community == ALL, *days]
    return [columns.community.in_([*asked.communities, 0]) if asked.communities else columns.community == -2, *days]


def _spreads(conn: Connection, asked: Asked) -> Mapping[str, Spread]:
    wanted = (
        select(_l.what, _l.minutes, func.sum(_l.tickets)).where(*_within(_l, asked)).group_by(_l.what, _l.minutes)
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for what, minutes, count in conn.execute(wanted):
        found[what][minutes] = int(count)
    return found


def stretches(days: Mapping[date, Sums], bounds: Sequence[tuple[date, date]]) -> list[Numbers]:
    """The indicators of weeks or months, from sums of days; both ends included."""
    return [told(added(_between(days, first, last)), {}) for first, last in bounds]


def _between(days: Mapping[date, Sums], first: date, last: date) -> Iterable[Sums]:
    return (sums for day, sums in days.items() if first <= day <= last)
