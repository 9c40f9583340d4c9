"""What was acknowledged survives a power cut: the databases are asked how they write, and the spool is watched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.spool import Spool
from storage import crypto
from storage.engine import Database
from storage.schema import facts, inbox, outbox, tickets
from storage.transaction import Transaction
from tests.storage.kit import message, rows, say, take


def test_every_commit_is_on_disk(database: Database) -> None:
    """synchronous=NORMAL lost acknowledged commits in 120 of 120 simulated power cuts (reliability.md §0.5)."""
    with database.writing() as conn:
        if database.postgresql:
            assert conn.execute(text("SHOW synchronous_commit")).scalar() == "on"
        else:
            assert conn.execute(text("PRAGMA synchronous")).scalar() == 2
            assert conn.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_the_spool_is_on_disk_before_it_is_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crypto.use(crypto.Keyring("k" * 32))
    spool = Spool(tmp_path / "messages.jsonl")
    sizes: list[int] = []
    real = os.fsync

    def fsync(file: int) -> None:
        sizes.append(os.fstat(file).st_size)
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)
    spool.add(message("1"))
    assert spool.path.stat().st_size in sizes, "the line was not synced"
    assert len(sizes) == 2, "the folder of a new file was not synced"


def test_all_or_nothing_when_the_last_write_fails(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything of the turn was sent to the database by then; what another process may see of it is nothing."""
    real = Transaction.flush

    def flush(tx: Transaction) -> None:
        real(tx)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "flush", flush)
        with pytest.raises(ZeroDivisionError):
            say(database, message("m1"), take)
    assert [table.name for table in (inbox, tickets, facts, outbox) if rows(database, table)] == []
    assert not say(database, message("m1"), take).copy
