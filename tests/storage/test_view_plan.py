"""What stands around a place, on both databases: counts by sight, the list of one building, the indexes used."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import event

from handlers.tickets.rules import OPEN, Status
from storage import view_plan, work_list
from storage.engine import Database
from storage.sight import Sight
from storage.work_list import Wanted
from tests.storage.kit import HOME, do, opened
from tests.storage.town import build

STATES = frozenset(status.value for status in OPEN)


def test_counts_are_those_of_the_buildings_list(database: Database) -> None:
    town = build(database)
    seventh, micro = replace(HOME, building="7"), town.micro_grid
    for number, more in enumerate(
        (
            {"place": HOME, "micro_grid": micro}, {"place": seventh, "micro_grid": micro}, {"place": seventh},
            {"place": seventh, "category": "1203"}, {"place": seventh, "status": Status.DONE.value},
            {"place": replace(HOME, estate=6)}, {"place": replace(HOME, building="", spot="北门")},
        ), 1,
    ):  # fmt: skip
        do(database, opened(number, **{"community": town.community, "owner": 0, "micro_grid": 0, **more}))
    whole = Sight(town.desk, (town.community,))
    for sight, counts in (
        (whole, {30: 1, 31: 2}), (Sight(town.leader, (town.community,), micro_grids=(micro,)), {30: 1, 31: 1}),
    ):  # fmt: skip
        around = view_plan.around(database, HOME, sight)
        assert around is not None and (around.estate, around.word, around.here) == ("学府花园", "幢", 30)
        assert {site.id: site.open for site in around.sites} == counts
        for building, count in counts.items():
            assert len(work_list.page(database, sight, Wanted(STATES, building=building), None, 9)) == count
    for elsewhere in (Sight(town.desk, ()), Sight(town.desk, (town.community + 1,))):
        assert view_plan.around(database, HOME, elsewhere) is None
        assert view_plan.named(database, 30, elsewhere) == ""
    for place in (replace(HOME, building="99"), replace(HOME, building=""), replace(HOME, estate=0)):
        assert view_plan.around(database, place, whole) is None
    assert view_plan.named(database, 31, whole) == "学府花园7幢"


def test_two_statements_along_indexes(database: Database) -> None:
    town = build(database)
    asked: list[tuple[str, object]] = []

    def heard(conn: object, cursor: object, statement: str, parameters: object, *more: object) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", heard)
    try:
        view_plan.around(database, HOME, Sight(town.desk, (town.community,)))
    finally:
        event.remove(database.engine, "before_cursor_execute", heard)
    selects = [one for one in asked if one[0].lstrip().startswith("SELECT")]
    assert len(selects) == 2
    if database.postgresql:
        return  # the planner reads a table of a few rows whole, as it should
    with database.reading() as conn:
        cursor = conn.connection.cursor()
        for statement, parameters in selects:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plan = [str(row[3]) for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN")], plan
