"""Every statement of the turns finds its rows by an index: no question reads a table that grows from end to end."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

import storage
from handlers.tickets.digest import REMINDER
from handlers.types import Role
from storage import (
    changes,
    digests,
    media,
    numbers_view,
    read_digest,
    settling,
    similar,
    tallied,
    ticket_list,
    upkeep,
    view_duty,
    view_gaps,
    work_list,
)
from storage.assignees import assignees
from storage.engine import Database
from storage.land import add_community
from storage.schema import metadata
from storage.sight import Sight
from storage.sql import Prepared
from storage.tallied import Asked
from storage.ticket_list import Filter, Scope
from storage.work_list import Wanted
from tests.storage.kit import NOW, do, opened
from tests.storage.plans import planned

# Tables of a few rows, or of rows that are few at any time
SMALL = {
    "categories", "communities", "duty_hours", "estates", "faq", "grids", "holidays", "job_runs", "limits", "meta",
    "point_rules", "shop_items", "synonyms", "tokens", "units",
}  # fmt: skip


# An audience may be everybody: counted and frozen by a job, never in a turn
WHOLE = {"storage.audience"}


def _statements() -> Iterator[tuple[str, Prepared]]:
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        if module.name in {"storage.migrations", *WHOLE}:
            continue
        found = importlib.import_module(module.name)
        for name, value in vars(found).items():
            several = value.items() if isinstance(value, dict) else [("", value)]
            for key, one in several:
                if isinstance(one, Prepared):
                    yield f"{module.name}.{name}{key}", one


STATEMENTS = dict(_statements())
GROWING = set(metadata.tables) - SMALL
OF_YEARS = {"tickets", "media", "outbox", "facts", "notes", "search_docs", "point_months"}
# indexes of rows that are few at any time: may be read whole
OF_FEW = "ix_facts_unsealed|ix_tickets_open|ix_tickets_pin|ix_tickets_raised|ix_media_gone"


def _scanned(database: Database, prepared: Prepared) -> set[str]:
    """Tables read from end to end."""
    compiled = prepared.on(database.dialect)
    if ("pg_" in compiled.sql or "->>" in compiled.sql) and not database.postgresql:
        return set()  # of PostgreSQL only
    with database.reading() as conn:
        cursor = conn.connection.cursor()
        if database.postgresql:
            # a plan for whatever values come, in which reading a whole table is the last thing to do
            sql = re.sub(r"%\((\w+)\)s", "NULL", compiled.sql).replace("%%", "%")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            return _whole(str(row[0]) for row in cursor.fetchall())
        cursor.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", (None,) * compiled.sql.count("?"))
        return _whole(str(row[3]) for row in cursor.fetchall())


def _whole(plan: Iterable[str]) -> set[str]:
    """Tables that a plan reads from end to end, on either database."""
    told = rf"(?:.*Seq Scan on|SCAN) (\w+)(?! USING (?:COVERING )?INDEX (?:{OF_FEW}))\b"
    return {m[1] for line in plan if (m := re.match(told, line))}


def test_no_table_is_read_from_end_to_end(database: Database) -> None:
    found = {name: _scanned(database, prepared) & GROWING for name, prepared in STATEMENTS.items()}
    assert {name: tables for name, tables in found.items() if tables} == {}


def test_a_digest_reads_what_is_open_or_new(database: Database) -> None:
    """Of a place's tickets of all years it would read each."""
    if database.postgresql:
        return  # reads a table of a few rows as it likes
    for role, tally in read_digest._TALLY.items():
        plan = planned(database, tally, scope="1", since=NOW, day_end=NOW, now=NOW)
        found = [line for line in plan if line.startswith("SEARCH tickets USING")]
        assert any("status=?" in line for line in found), (role, plan)
        assert role is Role.HEAD or any("changed>?" in line for line in found), (role, plan)


def _plans(database: Database, ask: Callable[[], object]) -> dict[str, list[str]]:
    """Statements that an action asks of the database → how each would be answered."""
    asked: list[tuple[str, Any]] = []

    def heard(conn: object, cursor: object, statement: str, parameters: Any, *more: object) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", heard)
    try:
        ask()
    finally:
        event.remove(database.engine, "before_cursor_execute", heard)
    said = [one for one in asked if one[0].startswith(("SELECT", "DELETE", "UPDATE"))]
    assert said
    found = {}
    with database.reading() as conn:
        cursor = conn.connection.cursor()
        if database.postgresql:
            cursor.execute("SET LOCAL enable_seqscan = off")
        for statement, parameters in said:
            cursor.execute(f"{'EXPLAIN' if database.postgresql else 'EXPLAIN QUERY PLAN'} {statement}", parameters)
            found[statement] = [str(row[-1]).strip() for row in cursor.fetchall()]
    return found


def _read_whole(database: Database, ask: Callable[[], object]) -> dict[str, set[str]]:
    """Statements → growing tables they would read from end to end."""
    found = {statement: _whole(plan) & OF_YEARS for statement, plan in _plans(database, ask).items()}
    return {statement: tables for statement, tables in found.items() if tables}


def test_retention_reads_what_has_served_its_time_and_not_the_years_before(database: Database) -> None:
    """In the one transaction of SQLite that also messages wait for."""
    assert _read_whole(database, lambda: (upkeep.sweep(database, NOW), upkeep.retire(database, NOW))) == {}


_DAYS = Asked(None, NOW.date() - timedelta(days=30), NOW.date())
_CITY, _DESK = Scope(tuple(range(1, 15))), Sight(7, (1,))
_UNIT, _STREET = Sight(7, (1, 2), units=(3, 4)), Sight(7, tuple(range(1, 15)), escalated=True)
_ASKED: dict[str, Callable[[Database], object]] = {
    "a street's newest from one source": lambda db: work_list.page(db, _STREET, Wanted(source="phone"), None, 50),
    "a unit's newest": lambda db: work_list.page(db, _UNIT, Wanted(), None, 50),
    "a unit's open ones": lambda db: work_list.page(db, _UNIT, Wanted(frozenset({"处置中"})), None, 50),
    "a unit's counts": lambda db: work_list.tallies(db, _UNIT, 7, NOW),
    "who has a unit's": lambda db: work_list.owners(db, _UNIT),
    "who has a street's": lambda db: work_list.owners(db, _STREET),
    "files to be taken off the disk": media.erased,
    "whether a file is still shown": lambda db: media.in_use(db, ["a.jpg"]),
    "who has tasks unread": lambda db: digests.due(db, REMINDER, NOW),
    "months to settle": lambda db: settling.due(db, NOW.date()),
    "figures of the whole city": lambda db: numbers_view.cases(db, None, NOW - timedelta(days=1), NOW, NOW),
}  # fmt: skip


@pytest.mark.parametrize("name", _ASKED)
def test_pages_and_jobs_read_what_they_are_about_and_not_all_of_the_years(database: Database, name: str) -> None:
    assert _read_whole(database, lambda: _ASKED[name](database)) == {}


def _listed(db: Database, scope: Scope, wanted: Filter) -> None:
    with db.reading() as conn:
        ticket_list.page(conn, scope, wanted, 0, 50)


def _followed(db: Database) -> None:
    with db.reading() as conn:
        changes.after(conn, Scope((1,)), 0, 100)


_PLACED: dict[str, tuple[str, Callable[[Database], object]]] = {
    "who can be given a task": ("role=? AND scope=?", lambda db: assignees(db, (1,))),
    "leaders and what they took": ("role=? AND scope=?", lambda db: view_gaps.leaders(db, (1,), NOW)),
    "duty of a community's leaders": ("role=? AND scope=?", lambda db: view_duty.month(db, 1, "2026-06", NOW, NOW)),
    "newest of a state": (
        "ix_tickets_desk (community=? AND status=?)",
        lambda db: work_list.page(db, _DESK, Wanted(frozenset({"归档"})), None, 50),
    ),
    "newest of one person": ("(owner=?)", lambda db: work_list.page(db, _DESK, Wanted(owner=7), None, 50)),
    "newest from one source": (
        "COVERING INDEX ix_tickets_list (community=?)",
        lambda db: work_list.page(db, _DESK, Wanted(source="phone"), None, 50),
    ),
    "open ones like a ticket": (
        "ix_tickets_desk (community=? AND status=?)",
        lambda db: similar.open_like(db, 1, _DESK),
    ),
    "a class of the city": ("ix_tickets_class (category=?)", lambda db: _listed(db, _CITY, Filter(category="12"))),
    "a unit's by the API": ("MULTI-INDEX OR", lambda db: _listed(db, Scope((1,), member=(7, (1,))), Filter())),
    "what happened lately": ("position>? AND position<?", _followed),
    "communities side by side": (
        "community=? AND of=? AND day>?",
        lambda db: tallied.by_group(db, _DAYS, "community"),
    ),
}


@pytest.mark.parametrize("name", _PLACED)
def test_what_is_rarest_is_looked_for_first(database: Database, name: str) -> None:
    """Without statistics SQLite takes every leader of the city, or all a community ever had, for as few as one."""
    if database.postgresql:
        return  # reads a table of a few rows as it likes
    with database.writing() as conn:
        community = add_community(conn, "330483001001", "学府社区")
    do(database, opened(1, community=community))
    by, ask = _PLACED[name]
    plans = _plans(database, lambda: ask(database))
    assert any(by in line for plan in plans.values() for line in plan), plans
    assert not any("(role=?)" in line or "ix_number_days_day" in line for plan in plans.values() for line in plan)
