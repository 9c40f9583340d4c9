"""Saves and restores a whole database, with the database's own means."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.troubles import of_driver


class BackupFailed(Exception):
    """`str(error)` says why, without a password."""


def save(url: str, file: Path) -> int:
    """Write a consistent copy while the service runs; its size in bytes. Raises BackupFailed."""
    draft = file.with_name(file.name + ".part")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # it holds everybody's data
    try:
        if url.startswith("sqlite"):
            _save_sqlite(_path(url), draft)
        else:
            _postgres("pg_dump", url, "--format=custom", "--no-owner", f"--file={draft}")
        draft.replace(file)
    except sqlite3.Error as error:
        raise BackupFailed(f"没有备份成：{of_driver(str(error)) or error}") from None
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def load(file: Path, url: str) -> Path | None:
    """Put a backup in the place of the database; where the one before was kept (SQLite). Raises BackupFailed."""
    if not file.is_file():
        raise BackupFailed(f"没有这个文件：{file}")
    if url.startswith("sqlite"):
        return _load_sqlite(file, _path(url))
    _postgres("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(file))
    return None


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _save_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise BackupFailed(f"还没有数据库：{source}")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _load_sqlite(file: Path, target: Path) -> Path | None:
    try:
        with closing(sqlite3.connect(f"file:{file.absolute()}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()[0]
    except sqlite3.DatabaseError:
        sound = ours = False
    if not sound or not ours:
        raise BackupFailed(f"{file} 不是完好的居社通备份，现在的数据库没有动。")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(target.name + ".part")
    try:
        shutil.copyfile(file, draft)
        draft.chmod(0o600)
        with draft.open("rb") as whole:
            os.fsync(whole.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    kept = None
    if target.exists():
        with closing(sqlite3.connect(target)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the old file is whole without its journal
        kept = target.with_name(f"{target.name}.{datetime.now(UTC):%Y%m%d%H%M%S}")
        target.replace(kept)
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    draft.replace(target)
    return kept


def _postgres(program: str, url: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(f"没有找到 {program}，请安装 PostgreSQL 的客户端程序。")
    at = make_url(url)
    host = at.host or str(at.query.get("host", ""))
    # By the environment: a password among the arguments could be read by every user of the machine.
    given = (("PGHOST", host), ("PGPORT", at.port), ("PGUSER", at.username), ("PGPASSWORD", at.password))
    env = os.environ | {name: str(value) for name, value in given if value}
    command = [found, f"--dbname={at.database}", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - fixed program
    if done.returncode:
        said = done.stderr.strip()
        last = said.splitlines()[-1:] or ["?"]
        raise BackupFailed(f"{program} 没有成功：{of_driver(said) or last[0]}")
