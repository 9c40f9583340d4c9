"""Databases written by earlier programs, brought to today's version step after step: nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

import nlp
import storage.migrations
from handlers.policy import Policy
from handlers.router import decide
from handlers.types import Inbound, Sender
from nlp.register import EMPTY
from storage import chain, ledger_audit, volunteer_audit
from storage.engine import Database, open_database
from storage.migrations import versions
from storage.schema import persons, tickets
from storage.turns import Turns
from tests.storage.kit import NOW, rows
from tests.storage.old import KEY, load

DUMPS = sorted((Path(__file__).parent / "dumps").glob("*.json"))


def upgrade(conn: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, to)


def counts(db: Database, data: dict[str, Any]) -> dict[str, int]:
    with db.reading() as conn:
        return {name: conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in data["tables"]}


@pytest.mark.parametrize("path", DUMPS, ids=lambda path: path.stem)
def test_data_of_an_earlier_program_comes_along(empty_url: str, path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["version"] == path.stem
    db = open_database(empty_url, KEY)
    with db.writing() as conn:
        upgrade(conn, path.stem)
        load(conn, data)
    before = counts(db, data)
    assert before["tickets"] >= 2
    assert before["facts"] >= 5
    there, wanted = versions(db)
    steps = 0
    while there != wanted:
        with db.writing() as conn:
            upgrade(conn, "+1")
        steps += 1
        there, _ = versions(db)
        now = counts(db, data)
        assert {name for name in before if now[name] < before[name]} == set(), f"lost on the way to {there}"
    assert steps > 3
    db.migrate()
    assert chain.verify(db) == before["facts"]
    assert (ledger_audit.findings(db), volunteer_audit.findings(db)) == ([], [])
    assert any(person.name for person in rows(db, persons)), "what was sealed is opened"
    _goes_on(db)
    db.close()


def _goes_on(db: Database) -> None:
    """A resident of then writes today, and hears of the report of then."""
    turns = Turns(db, decide, Policy())
    said = nlp.understand("查进度", EMPTY, now=NOW)
    asked = Inbound(Sender("webchat", "-", "neighbour"), "later", NOW, text="查进度")
    done = turns.submit(asked, said, NOW).result(20)
    turns.close(10)
    codes = {ticket.code[-4:] for ticket in rows(db, tickets)}
    assert any(code in reply.text for reply in done.replies for code in codes), done.replies
