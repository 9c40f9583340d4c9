"""Indicators from what really happened to stored tickets, and the command that prints them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from bot import figures
from handlers.tickets import facts as f
from handlers.tickets import facts_chain as g
from handlers.tickets.numbers import Case
from handlers.tickets.rules import Status
from storage import numbers_view
from storage.engine import Database
from storage.land import add_community
from tests.commands import cli
from tests.storage.kit import NOW, at, do, opened


def lives(database: Database, community: int) -> None:
    """1 goes well, 2 comes back and is redone, 3 waits too long, 4 is withdrawn."""
    for number in (1, 2, 3, 4):
        do(database, opened(number, community=community, due=at(3 * 1440)))
    do(database, f.TicketVisited(1, 200), now=at(30))
    do(database, f.TicketSolved(1, 200, "换好了"), now=at(90))
    do(
        database,
        f.SolvedAnswered(1, 100, True),
        f.TicketRated(1, 100, "满意"),
        f.TicketClosed(1, "answered"),
        now=at(99),
    )
    do(database, f.ReturnAsked(2, 200, "市政的"), now=at(10))
    do(
        database, f.ReturnDecided(2, 300, True, Status.TO_DISPATCH),
        f.TicketDispatched(2, 400, 300, "desk", Status.TO_ACCEPT), now=at(20),
    )  # fmt: skip
    do(database, f.TicketSolved(2, 400, "修了"), now=at(60))
    do(database, f.SolvedAnswered(2, 100, False), f.TicketReopened(2, 100, at(200), at(4000)), now=at(70))
    do(database, f.TicketSolved(2, 400, "又修了"), now=at(80))
    do(database, f.TicketWithdrawn(4, 100, False), now=at(5))
    do(database, g.ListNoted(1, 900, "清单内"), g.ListNoted(2, 900, "清单外", 800), g.ListNoted(3, 900, "清单外"))
    do(database, g.ListRefused(3, 300, "不在清单"), now=at(6))


def test_cases(database: Database) -> None:
    with database.writing() as conn:
        community = add_community(conn, "330483001001", "学府社区")
    lives(database, community)
    later = NOW + timedelta(days=10)
    found = numbers_view.cases(database, (community,), NOW - timedelta(days=1), later, later)
    one, two, three, four = found
    assert (one.contacted, one.on_time, one.first_minutes, one.done_minutes) == (True, True, 30, 90)
    assert (two.returns, two.first_returned, two.reopened, two.dispatches) == (1, True, 1, 2)
    assert (two.contacted, two.on_time, two.solved_answer, two.first_minutes) == (True, True, False, 60)
    assert (three.contacted, three.on_time, three.solved) == (False, False, False)
    assert four.status == Status.WITHDRAWN
    soon = numbers_view.cases(database, None, NOW, NOW + timedelta(days=1), at(100))[2]
    assert isinstance(soon, Case) and (soon.contacted, soon.on_time) == (None, None)  # may still be in time
    assert numbers_view.cases(database, (community + 1,), NOW, later, later) == []
    assert numbers_view.cases(database, None, at(1), later, later) == []


def test_the_command(database_url: str, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    with database.writing() as conn:
        community = add_community(conn, "330483001001", "学府社区")
    lives(database, community)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUSHE_DATABASE_URL", database_url.replace("postgresql://", "postgresql+psycopg://"))
    monkeypatch.setenv("JUSHE_SECRET_KEY", "test-secret-of-no-other-use-but-long-enough")
    days = ["numbers", "--from", "2026-06-01", "--to", "2026-06-02"]
    ran = CliRunner().invoke(cli, [*days, "--json", "--by", "category", "--trace", "returned"])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.output)
    assert found["whole"]["tickets"] == 4
    behind = [(row["code"][-1], row["part"], row["whole"]) for row in found["trace"]]
    assert behind == [("1", 0, 1), ("2", 1, 2), ("3", 0, 1)]
    assert [group["group"] for group in found["groups"]] == ["0201 楼道灯/路灯"]
    assert found["whole"]["lists"] == {"inside": 1, "outside": 2, "refused": 1, "cost": 800}
    shown = CliRunner().invoke(cli, days)
    assert "清单内1件，清单外2件（经费800元），拒收1件" in shown.output
    assert "办结率" in shown.output and "不足5件" in shown.output
    for wrong in (["--from", "2026-13-01"], ["--by", "people"], ["--trace", "x"], ["--community", "1"],
                  ["--from", "2026-06-03"]):  # fmt: skip
        bad = CliRunner().invoke(cli, [*days, *wrong])
        assert (bad.exit_code, len(bad.output.strip().splitlines())) == (2, 1), bad.output


def test_days() -> None:
    asked = figures.wanted(None, None, None, "", "", NOW)
    assert (asked.first, asked.last) == (date(2026, 6, 1), date(2026, 6, 1))
    with pytest.raises(figures.FiguresRefused):
        figures.wanted(None, date(2020, 1, 1), None, "", "", NOW)
