"""What an operator meets at night: another's key, no database, a port in use, a full disk; each is said in words."""

from __future__ import annotations

import errno
import re
import resource
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from bot import backups, checks, cli, presence, server
from bot.app import start
from bot.backups import BackupFailed
from bot.logs import where
from bot.settings import load
from bot.troubles import FOREIGN, NEWER, NOT_MADE, of_driver, trouble
from storage import crypto, jobs, rekey
from storage.alive import Alive
from storage.crypto import CannotOpen
from storage.engine import Database, open_database
from storage.migrations import NewerDatabase
from tests.commands import cli as jushe
from tests.conftest import SECRET, execute
from tests.storage.kit import NOW, message, say, take

KEY = "the-key-of-this-office-of-more-than-32-characters"
OTHER = "another-key-of-more-than-32-characters"


@pytest.fixture(autouse=True)
def keyring() -> Iterator[None]:
    yield
    crypto.use(crypto.Keyring(SECRET))


@pytest.fixture
def office(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An installation with a ticket, as its settings say."""
    crypto.use(crypto.Keyring(KEY))
    say(database, message("m1"), take)
    monkeypatch.chdir(tmp_path)
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    for name, value in (("DATABASE_URL", url), ("DATA_DIR", "data"), ("SECRET_KEY", KEY)):
        monkeypatch.setenv(f"JUSHE_{name}", value)
    return database


def types(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Status and what stands on the screen, as the whole program does it."""
    monkeypatch.setattr(sys, "argv", ["jushe", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    shown = capsys.readouterr()
    return int(ended.value.code or 0), shown.out + shown.err


async def test_nothing_is_written_beside_what_another_key_sealed(
    office: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUSHE_SECRET_KEY", OTHER)
    with pytest.raises(CannotOpen):
        await start(load(webchat=True), ticking=False)
    assert FOREIGN in CliRunner().invoke(jushe, ["staff", "list"]).output
    found = CliRunner().invoke(jushe, ["doctor"])
    assert f"问题  封存：{FOREIGN}" in found.output
    assert found.exit_code == 1
    known = open_database(database_url, OTHER, (KEY,))
    rekey.check(known)
    known.close()


def test_looking_makes_no_key_where_there_is_none(office: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUSHE_SECRET_KEY")
    assert FOREIGN in CliRunner().invoke(jushe, ["doctor"]).output
    assert not Path("data/secret.key").exists()


def test_an_older_program_says_so(
    office: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with office.writing() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'of_next_year'")
    assert types(monkeypatch, capsys, "migrate") == (2, NEWER + "\n")


@pytest.mark.parametrize("kind", ["text", "cut", "empty"])
def test_what_is_no_database_is_named(
    kind: str, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()
    (tmp_path / "jushe.db").write_bytes(
        {"text": b"a letter " * 90, "cut": whole[: len(whole) // 3], "empty": b""}[kind]
    )
    monkeypatch.setenv("JUSHE_DATA_DIR", str(tmp_path))
    status, shown = types(monkeypatch, capsys, "doctor")
    assert (status, f"问题  数据库：{NOT_MADE if kind == 'empty' else '文件坏了'}" in shown) == (1, True), shown


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('connection failed: FATAL:  password authentication failed for user "jushe"', "用户名或密码不对"),
        ('connection failed: FATAL:  database "jushee" does not exist', "没有这个库"),
        ('connection to server at "127.0.0.1", port 5432 failed: Connection refused', "没有数据库在运行"),
        ("failed to resolve host 'db': [Errno -2] Name or service not known", "找不到那台主机"),
        ("FATAL:  remaining connection slots are reserved", "max_connections"),
        ("pg_dump: error: aborting because of server version mismatch", "postgresql-client"),
        ("database or disk is full", "盘满了"),
        ("attempt to write a readonly database", "只能读"),
        ("something new", ""),
    ],
)
def test_drivers_are_understood(said: str, words: str) -> None:
    assert words in of_driver(said)
    assert bool(of_driver(said)) == bool(words)


def test_a_database_that_cannot_hold_chinese_is_refused(
    postgresql_server: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As createdb makes it on a machine without a locale; what psycopg gives of it are bytes."""
    execute(postgresql_server, "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'")
    url = postgresql_server("ascii").replace("postgresql://", "postgresql+psycopg://")
    monkeypatch.setenv("JUSHE_DATABASE_URL", url)
    status, shown = types(monkeypatch, capsys, "migrate")
    assert (status, "createdb --encoding UTF8" in shown, shown.count("\n")) == (2, True, 1), shown
    assert "问题  数据库：库的编码不是 UTF8" in CliRunner().invoke(jushe, ["doctor"]).output
    execute(postgresql_server, "DROP DATABASE ascii WITH (FORCE)")


def test_nobody_is_there() -> None:
    with pytest.raises(DBAPIError) as error:
        create_engine("postgresql+psycopg://jushe:geheim@127.0.0.1:1/jushe").connect()
    assert "没有数据库在运行" in trouble(error.value)
    assert re.search(r"OperationalError at .*: connection failed.* port 1 failed", where(error.value)), "for the log"
    assert "geheim" not in trouble(error.value) + where(error.value)


def test_files_and_versions() -> None:
    assert trouble(OSError(errno.ENOSPC, "No space left on device", "a", None, "b")) == "b：盘满了，请清理"
    assert trouble(PermissionError(errno.EACCES, "Permission denied", "/srv/x")) == "/srv/x：没有权限"
    assert trouble(NewerDatabase()) == NEWER


def test_a_port_in_use_is_known_before_anything_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUSHE_WEBCHAT", "true")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, shown = types(monkeypatch, capsys, "serve", "--port", str(port))
    assert (status, f"端口 {port} 正被别的程序用着" in shown) == (2, True)
    assert not (tmp_path / "jushe-data" / "jushe.db").exists()
    server.may_listen("127.0.0.1", port)
    with pytest.raises(server.CannotListen, match=r"没有地址 192\.0\.2\.1"):
        server.may_listen("192.0.2.1", port)


def test_a_backup_for_which_there_is_no_room(sqlite_url: str, tmp_path: Path) -> None:
    file, limits = tmp_path / "backup", resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, limits[1]))
    try:
        with pytest.raises(BackupFailed, match="没有备份成"):
            backups.save(sqlite_url, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.glob("backup*")) == []


def test_a_database_that_others_use_is_not_replaced(office: Database, tmp_path: Path) -> None:
    """On PostgreSQL they may be on another host, with a data directory of their own."""
    other = Alive(office, "p1", tmp_path / "run")
    other.look()
    (tmp_path / "backup").write_bytes(b"whatever")
    with presence.here(tmp_path / ("elsewhere" if office.postgresql else "data")):
        done = CliRunner().invoke(jushe, ["restore", "backup"], input="y\n")
    other.close()
    words = "还有 1 个居社通进程在用这个数据库" if office.postgresql else "正被另一个居社通程序使用"
    assert (done.exit_code, words in done.output) == (2, True), done.output


async def test_a_clock_before_what_has_happened_is_wrong(office: Database) -> None:
    jobs.record(office, "timers", NOW + timedelta(days=400), 0.1, True, "")
    found = dict(checks.checks(office, load(), NOW))
    with pytest.raises(checks.Wrong, match="服务还在运行"):
        found["时钟"]()
