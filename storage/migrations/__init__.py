"""Brings the tables to this program's version, in process; knows versions, not what tables mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.watched import unhurried

if TYPE_CHECKING:
    from storage.engine import Database

_LOCK = 0x6A75_7368_6500  # advisory lock of whoever migrates


class NewerDatabase(Exception):
    """The database was written by a newer version of the program."""


def upgrade(db: Database) -> None:
    """To the newest version, in one transaction under a lock. Raises NewerDatabase."""
    config, script = _scripts()
    with db.writing() as conn, unhurried(conn):
        if db.postgresql:
            conn.execute(text("SET LOCAL statement_timeout = 0"))
            conn.execute(text("SET LOCAL lock_timeout = 0"))
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        at = current(conn)
        if at is not None and at not in {revision.revision for revision in script.walk_revisions()}:
            raise NewerDatabase(
                f"the database is at version {at}, which this program does not know: install the newer program"
            )
        if at != script.get_current_head():
            config.attributes["connection"] = conn
            command.upgrade(config, "head")


def versions(db: Database) -> tuple[str | None, str | None]:
    """(what the tables are at, what this program wants)."""
    with db.reading() as conn:
        return current(conn), _scripts()[1].get_current_head()


def _scripts() -> tuple[Config, ScriptDirectory]:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config, ScriptDirectory.from_config(config)


def current(conn: Connection) -> str | None:
    """The version of the tables, None for an empty database."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
