"""Borders change on their day and bonds end by the desk: tickets keep their owner, all are told."""

from __future__ import annotations

from datetime import date

from handlers import succession
from handlers.grids import borders
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome, Role
from storage import places
from storage.engine import Database
from storage.people import add_home, add_person, add_post
from storage.schema import households, micro_grids, tickets
from storage.turns import Done
from tests.storage.desk import LATER, ON_THE_DAY, run, tick, told
from tests.storage.kit import NOW, asked, do, opened, row, rows
from tests.storage.town import Town


def second_micro_grid(db: Database, town: Town) -> int:
    done = run(db, lambda read: succession.add_micro_grid(town.grid, (town.community,), 42, NOW, Policy(), read))
    assert done.replies[0].text.startswith("已新增学府1-1微网格")
    return int(row(db, micro_grids, micro_grids.c.id != town.micro_grid).id)


def test_a_border_is_drawn_again_on_its_day(database: Database, town: Town) -> None:
    other = second_micro_grid(database, town)
    with database.writing() as conn:
        resident = add_person(conn, "王秀英", "", town.community, now=NOW)
        add_home(conn, resident, town.households["302"], now=NOW)
        add_post(conn, town.grid_worker, Role.LEADER, other, now=NOW)
    do(database, opened(1, community=town.community, micro_grid=town.micro_grid, owner=town.leader))
    wanted = {town.households["302"]: other, town.households["301"]: other, town.households["101"]: other}
    here = (town.community,)
    seen = asked(database, lambda read: borders.preview(wanted, here, town.community, Policy(), read))
    assert [(s.name, s.before, s.after, s.fault) for s in seen.sizes] == [
        ("学府1-1", 0, 3, "few"), ("学府1-3", 4, 2, "few"),
    ]  # fmt: skip
    assert set(seen.leaders) == {town.leader, town.deputy, town.grid_worker} and seen.residents == (resident,)

    def redraw(day: date, moves: borders.Moves = seen.moves, communities: tuple[int, ...] = here) -> Done:
        return run(
            database,
            lambda read: succession.redraw(moves, day, communities, town.community, 42, NOW, Policy(), read),
        )

    assert "不归您" in redraw(LATER, communities=(99,)).replies[0].text
    assert redraw(LATER).replies[0].text == "已安排：6月5日起调整3户。"
    assert "已经安排在6月5日调整" in redraw(LATER).replies[0].text
    before = places_version(database)
    with database.writing() as conn:  # another hand was faster with one of them
        conn.execute(households.update().where(households.c.id == town.households["101"]).values(micro_grid=12))
    tick(database, ON_THE_DAY)
    now = {h.id: h.micro_grid for h in rows(database, households)}
    assert now[town.households["302"]] == now[town.households["301"]] == other
    assert now[town.households["101"]] == 12
    assert places_version(database) > before
    ticket = row(database, tickets)
    assert (ticket.owner, ticket.micro_grid) == (town.leader, town.micro_grid)
    said = told(database)
    assert (resident, "您家现在归学府1-1微网格，微网格长是李网，有事还是直接在这里说。") in said
    assert (town.leader, "6月5日起，学府1-3微网格划出2户。手上的任务不变。") in said
    assert any(to == town.leader and "划出2户，现在共3户" in text for to, text in said)
    home = asked(database, lambda read: read.person(resident)).homes[0]
    assert home.micro_grid == other


def places_version(db: Database) -> int:
    with db.reading() as conn:
        return places.version(conn)


def test_nothing_to_move_or_somebody_elses_household_is_refused(database: Database, town: Town) -> None:
    other = second_micro_grid(database, town)

    def ask(wanted: dict[int, int]) -> str:
        def work(read: Read) -> Outcome:
            borders.preview(wanted, (town.community,), town.community, Policy(), read)
            return Outcome()

        return run(database, work).replies[0].text

    assert "没有要调整" in ask({town.households["302"]: town.micro_grid})
    assert "不归您" in ask({9999: other})
    assert "只能调到本社区" in ask({town.households["302"]: 9999})


def test_the_desk_ends_a_bond_and_the_person_is_told(database: Database, town: Town) -> None:
    with database.writing() as conn:
        resident = add_person(conn, "王秀英", "", town.community, now=NOW)
        add_home(conn, resident, town.households["302"], now=NOW)

    def out(reason: str, here: tuple[int, ...]) -> str:
        house = town.households["302"]
        work = lambda read: succession.move_out(resident, house, reason, here, 42, NOW, Policy(), read)  # noqa: E731
        return run(database, work).replies[0].text

    assert "没有登记在这一户" in out("moved", (99,))
    assert out("", (town.community,)) == "请选原因。"
    assert out("moved", (town.community,)) == "已解除这一户的登记，本人会收到通知。"
    assert asked(database, lambda read: read.person(resident)).homes == ()
    (to, text) = told(database)[0]
    assert to == resident and text.startswith("学府社区把您和学府花园3幢2单元302室的登记解除了。")
    assert "没有登记在这一户" in out("moved", (town.community,))
