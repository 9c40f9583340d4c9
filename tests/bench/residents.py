"""Residents with a home and a WeChat address, written as rows into a town that stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select

from handlers.texts import NOTICE_VERSION
from storage.engine import open_database
from storage.ids import new_id
from storage.schema import homes, households, identities, persons
from tests.bench import town
from tests.bench.messages import APP_ID

CHUNK = 20_000


def settle_in(place: town.Town, people: int) -> None:
    """Residents with a home and a WeChat address whose window is open."""
    now = datetime.now(UTC)
    db = open_database(place.url, place.key)
    with db.writing() as conn:
        rooms = [tuple(row) for row in conn.execute(select(households.c.id, households.c.community))]
        window = {"window_until": now + timedelta(hours=40), "window_left": 5}
        ids = [new_id() for _ in range(people)]
        at = {number: rooms[place % len(rooms)] for place, number in enumerate(ids)}
        known = {"name": None, "notice": NOTICE_VERSION, "created": now, "building": 0, "anonymous": False}
        _write(conn, persons, ({**known, "id": n, "community": at[n][1]} for n in ids))
        home = {"relation": "owner", "source": "import", "since": now}
        _write(conn, homes, ({**home, "id": n, "person": n, "household": at[n][0]} for n in ids))
        address = {"channel": "wechat", "account": APP_ID, "followed": True, "seen": now, **window}
        _write(conn, identities, ({**address, "user": f"oB{place:026d}", "person": n} for place, n in enumerate(ids)))
    db.close()


def _write(conn: Any, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    for chunk in _chunks(rows):
        conn.execute(insert(table), chunk)


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    held: list[dict[str, Any]] = []
    for row in rows:
        held.append(row)
        if len(held) == CHUNK:
            yield held
            held = []
    if held:
        yield held
