"""The same four digits are given every day: whoever says them means their own, however many came since."""

from __future__ import annotations

from dataclasses import replace

import nlp
from handlers.router import decide
from handlers.tickets.rules import Status
from nlp.register import Register
from storage.engine import Database
from tests.storage.kit import HOME, NOW, asked, do, message, open_turns, opened
from tests.storage.town import build

DAYS = 12


def _days(database: Database, **first: object) -> None:
    town = build(database)
    for day in range(1, DAYS + 1):
        mine = first if day == 1 else {}
        fact = opened(day, code=f"202606{day:02d}0007", community=town.community, micro_grid=town.micro_grid)
        do(database, replace(fact, **{"place": HOME, "reporter": 0, "owner": 0, **mine}))  # type: ignore[arg-type]


def _said(database: Database, text: str, user: str) -> str:
    with open_turns(database, decide) as turns:
        said = nlp.understand(text, Register(), now=NOW)
        done = turns.submit(message(f"m:{text}", user, text=text), said, NOW).result(10)
    return "".join(reply.text for reply in done.replies)


def test_a_resident_finds_the_own_report_by_its_last_digits(database: Database) -> None:
    with open_turns(database, decide) as turns:
        first = nlp.understand("你好", Register(), now=NOW)
        person = turns.submit(message("m:1", text="你好"), first, NOW).result(10).person
    _days(database, reporter=person)
    assert "楼道灯坏了" in _said(database, "查进度0007", "resident")
    assert "没有找到" in _said(database, "查进度0007", "stranger")


def test_staff_find_what_they_have_in_hand(database: Database) -> None:
    _days(database, owner=40, status=Status.IN_HAND)
    found = asked(database, lambda read: read.tickets_numbered("7", person=40))
    assert [ticket.id for ticket in found] == [1]
    assert len(asked(database, lambda read: read.tickets_numbered("0007", 10))) == 10
    assert [ticket.id for ticket in asked(database, lambda read: read.tickets_numbered("202606020007"))] == [2]
    assert asked(database, lambda read: read.tickets_numbered("202606020007", 11)) == ()
