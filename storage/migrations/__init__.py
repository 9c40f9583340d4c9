"""Brings the tables to this program's version, in process; knows versions, not what tables mean.

Alembic is loaded only when there is something to do: it would stay in memory for as long as the service runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

    from storage.engine import Database

_SAID = re.compile(r'^(revision|down_revision)\b[^=]*= "([^"]+)"$', re.MULTILINE)
_LOCK = 0x6A75_7368_6500  # advisory lock of whoever migrates


class NewerDatabase(Exception):
    """The database was written by a newer version of the program."""


def upgrade(db: Database) -> None:
    """To the newest version, in one transaction under a lock. Raises NewerDatabase."""
    known = revisions()
    with db.writing() as conn, db.unhurried(conn):
        if db.postgresql:
            conn.execute(text("SET LOCAL statement_timeout = 0"))
            conn.execute(text("SET LOCAL lock_timeout = 0"))
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        at = current(conn)
        if at is not None and at not in known:
            raise NewerDatabase(
                f"the database is at version {at}, which this program does not know: install the newer program"
            )
        if at != head(known):
            from alembic import command

            config = _config()
            config.attributes["connection"] = conn
            command.upgrade(config, "head")


def versions(db: Database) -> tuple[str | None, str | None]:
    """(what the tables are at, what this program wants)."""
    with db.reading() as conn:
        return current(conn), head(revisions())


def revisions() -> dict[str, str]:
    """Every version this program knows, each with the one before it ("" for the first)."""
    found = {}
    for path in (Path(__file__).parent / "versions").glob("*.py"):
        said = dict(_SAID.findall(path.read_text("utf-8")))
        found[said["revision"]] = said.get("down_revision", "")
    return found


def head(known: Mapping[str, str]) -> str:
    """The newest version. Raises ValueError when there is not exactly one."""
    (newest,) = set(known) - set(known.values())
    return newest


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def current(conn: Connection) -> str | None:
    """The version of the tables, None for an empty database."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
