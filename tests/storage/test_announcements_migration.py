"""Recipients of an earlier program: who may have got it stands apart from who was refused."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import insert

import storage.migrations
from storage.engine import open_database
from storage.schema import recipients
from tests.conftest import SECRET
from tests.storage.kit import NOW, rows


def test_who_may_have_got_it_stands_apart(empty_url: str) -> None:
    db = open_database(empty_url, SECRET)
    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    stood = [("failed", "43004"), ("failed", "timeout"), ("failed", "unknown"), ("skipped", "declined"), ("sent", "")]
    with db.writing() as conn:
        config.attributes["connection"] = conn
        before = ScriptDirectory.from_config(config).get_revision("announcements_3")
        assert before is not None and isinstance(before.down_revision, str)
        command.upgrade(config, before.down_revision)
        conn.execute(
            insert(recipients),
            [
                {"announcement": 1, "person": at, "state": state, "reason": why, "changed": NOW}
                for at, (state, why) in enumerate(stood)
            ],
        )
    db.migrate()
    assert [row.state for row in rows(db, recipients)] == ["failed", "unsure", "unsure", "skipped", "sent"]
    db.close()
