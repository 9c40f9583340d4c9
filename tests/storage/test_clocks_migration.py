"""An older database gets the start of every open order, so that its ladder goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import column, insert, table

import storage.migrations
from handlers.tickets.rules import Status
from storage.columns import Utc
from storage.engine import open_database
from storage.schema import clock_events
from tests.conftest import SECRET
from tests.storage.kit import NOW, rows


@pytest.mark.parametrize("ended", [Status.DONE, Status.TO_RATE, Status.WITHDRAWN])
def test_open_orders_begin(empty_url: str, ended: Status) -> None:
    db = open_database(empty_url, SECRET)
    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with db.writing() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
        orders = (("T0", Status.IN_HAND), ("T3", Status.TO_ACCEPT), ("T2", ended))
        for number, (level, status) in enumerate(orders, 1):
            values = {
                **dict.fromkeys(("micro_grid", "owner", "dispatches", "reopened", "followers", "version"), 0),
                **dict.fromkeys(("place_key", "rating", "words", "summary", "source", "place"), ""),
                **dict.fromkeys(("anonymous", "designated", "extended"), False),
                "id": number, "code": str(number), "tail": "0", "category": "0201", "level": level,
                "urgency": "normal", "kind": "求助", "status": status.value, "reporter": 1,
                "opened": NOW, "changed": NOW,
            }  # fmt: skip
            old = table("tickets", *(column(name, Utc() if value is NOW else None) for name, value in values.items()))
            conn.execute(insert(old).values(**values))
    db.migrate()
    started = [(event.ticket, event.at, event.kind, event.clock, event.terms) for event in rows(db, clock_events)]
    second = int(NOW.timestamp())
    assert started == [(1, second, "start", "整体", "120n"), (2, second, "start", "整体", "2400w")]
    db.close()
