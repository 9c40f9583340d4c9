"""Tables come up once, in any number of processes, and never over a newer program's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from storage import migrations
from storage.engine import Database, open_database
from storage.migrations import NewerDatabase
from storage.schema import metadata
from tests.conftest import SECRET


def test_written_out_tables_are_the_schema(database: Database) -> None:
    with database.reading() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
        found = inspect(conn)
        for table in metadata.sorted_tables:
            there = {index["name"] for index in found.get_indexes(table.name)}
            assert {index.name for index in table.indexes} <= there, table.name


def test_versions_are_read_as_alembic_reads_them() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    known = migrations.revisions()
    assert known == {one.revision: one.down_revision or "" for one in script.walk_revisions()}
    assert migrations.head(known) == script.get_current_head()
    with pytest.raises(ValueError, match="too many"):
        migrations.head(known | {"another": "0001"})


def test_again_changes_nothing(database: Database) -> None:
    database.migrate()
    database.check()


def test_several_at_once(empty_url: str) -> None:
    def migrate(_: int) -> None:
        db = open_database(empty_url, SECRET)
        db.migrate()
        db.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, range(4)))
    db = open_database(empty_url, SECRET)
    db.check()
    db.close()


def test_newer_database_is_refused(database: Database) -> None:
    with database.writing() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="9999"):
        database.migrate()


def test_check_refuses_an_empty_database(empty_url: str) -> None:
    db = open_database(empty_url, SECRET)
    with pytest.raises(Exception, match="alembic_version"):
        db.check()
    db.close()


def test_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(ValueError, match="mysql"):
        open_database("mysql://host/name", SECRET)
    with pytest.raises(ValueError, match="file"):
        open_database("sqlite://", SECRET)
