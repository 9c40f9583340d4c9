"""Several processes on a fresh SQLite file: one of them ended with "database is locked"."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from storage import engine
from tests.conftest import SECRET


def test_the_file_is_waited_for_while_another_process_makes_it(tmp_path: Path) -> None:
    """Changing to WAL needs the file alone and, unlike every other statement, does not wait for it."""
    file = tmp_path / "fresh.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE t (x)")
    ending = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    ending.start()
    db = engine.open_database(f"sqlite:///{file}", SECRET)
    with db.reading() as conn:
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    ending.join()
    other.close()
    db.close()


def test_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    file = tmp_path / "fresh.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    db = engine.open_database(f"sqlite:///{file}", SECRET)
    with pytest.raises((OperationalError, sqlite3.OperationalError), match="locked"), db.reading():
        pass
    other.close()
    db.close()
