"""The operator's tables as the console shows them, and who changed what when; changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import holidays as published
import orjson
from sqlalchemy import select

from handlers.tickets.categories import CATEGORIES, Category
from handlers.tickets.clock import DUTY
from handlers.tickets.limits import DEFAULTS, Clock, Limit, limit_from
from storage.engine import Database
from storage.schema import categories, communities, duty_hours, facts, holidays, limits, persons

HISTORY = 2_000  # changes looked through


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting was changed. `by` "": at the command line."""

    at: datetime
    by: str
    via: str
    what: str
    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day: `off`, worked against the weekday (`work`), else ""; `own`: the operator's word for it."""

    day: date
    kind: str
    name: str
    own: bool


def history(db: Database, what: Sequence[str], key: str = "", limit: int = 20) -> list[Changed]:
    """The last changes of these settings, the newest first."""
    wanted = (
        select(facts.c.at, facts.c.via, facts.c.body, persons.c.name)
        .outerjoin(persons, persons.c.id == facts.c.actor)
        .where(facts.c.kind == "SettingChanged")
        .order_by(facts.c.id.desc())
        .limit(HISTORY)
    )
    found = []
    with db.reading() as conn:
        for at, via, body, name in conn.execute(wanted):
            said = orjson.loads(body)
            if said["what"] in what and key in ("", said["key"]):
                found.append(Changed(at, name or "", via, said["what"], said["key"], said["before"], said["after"]))
            if len(found) == limit:
                break
    return found


def all_categories(db: Database) -> list[Category]:
    """The city's table over the shipped one, by code."""
    with db.reading() as conn:
        own = {
            row.code: Category(
                row.code,
                row.name,
                row.lead,
                tuple(row.assist.split()),
                row.level,
                row.std_code,
                row.photo,
                row.verify,
            )
            for row in conn.execute(select(categories))
        }
    return [own.get(code, CATEGORIES[code]) for code in sorted(CATEGORIES)]


def all_limits(db: Database, community: int) -> dict[str, dict[str, tuple[Limit, str]]]:
    """Class or category → clock → the limit in force, and whose: own (the community's), city or "" (shipped)."""
    found: dict[str, dict[str, tuple[Limit, str]]] = defaultdict(dict)
    for (of, clock), limit in DEFAULTS.items():
        found[of][clock.value] = (limit, "")
    with db.reading() as conn:
        rows = conn.execute(
            select(limits).where(limits.c.community.in_([0, community])).order_by(limits.c.community)
        ).all()
    for row in rows:
        found[row.of][Clock(row.clock).value] = (limit_from(row.terms), "own" if row.community else "city")
    return dict(found)


def duty(db: Database, community: int) -> dict[str, tuple[list[tuple[str, str]], str]]:
    """work, weekend → periods and whose they are: own, city or "" (shipped)."""
    with db.reading() as conn:
        rows = conn.execute(
            select(duty_hours)
            .where(duty_hours.c.community.in_([0, community]))
            .order_by(duty_hours.c.community, duty_hours.c.begin)
        ).all()
    shipped = [(f"{begin:%H:%M}", f"{end:%H:%M}") for begin, end in DUTY]
    found: dict[str, tuple[list[tuple[str, str]], str]] = {"work": (shipped, ""), "weekend": ([], "")}
    for row in rows:
        whose = "own" if row.community else "city"
        if found[row.day][1] != whose:
            found[row.day] = ([], whose)
        found[row.day][0].append((row.begin, row.end))
    return found


def year(db: Database, wanted: int) -> list[Day]:
    """Every day of a year."""
    china = published.country_holidays("CN", years=wanted)
    worked = {day for day in china.weekend_workdays if day.year == wanted}
    with db.reading() as conn:
        own = {
            date.fromisoformat(row.day): (row.works, row.name)
            for row in conn.execute(select(holidays).where(holidays.c.day.startswith(f"{wanted}-")))
        }
    days = []
    day = date(wanted, 1, 1)
    while day.year == wanted:
        kind = "work" if day in worked else "off" if day in china else ""
        name = china.get(day, "") if kind == "off" else ""
        if day in own:
            works, name = own[day]
            kind = ("work" if day.weekday() > 4 else "") if works else "off"
        days.append(Day(day, kind, name, day in own))
        day += timedelta(days=1)
    return days


def named(db: Database, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """(id, code, name) of communities."""
    wanted = select(communities.c.id, communities.c.code, communities.c.name).order_by(communities.c.code)
    with db.reading() as conn:
        return [(row.id, row.code, row.name) for row in conn.execute(wanted.where(communities.c.id.in_(list(ids))))]
