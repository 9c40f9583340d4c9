"""The database for a command that does one thing and ends; errors as one line and exit status 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn

import typer
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.settings import SettingsError, load, previous_keys, secret_key
from storage.crypto import CannotOpen
from storage.engine import Database, open_database
from storage.migrations import NewerDatabase


def fail(*lines: str) -> NoReturn:
    """Say what is wrong on standard error and end with status 2."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(2)


@contextmanager
def opened() -> Iterator[Database]:
    """The database of the settings, migrated."""
    try:
        settings = load()
        db = open_database(settings.database, secret_key(settings), previous_keys(settings))
    except SettingsError as error:
        fail(*error.lines)
    try:
        db.migrate()
        yield db
    except NewerDatabase:
        fail("数据库是更新版本的程序写的，请先升级 jushe。")
    except CannotOpen:
        fail("已存的个人信息读不出来：JUSHE_SECRET_KEY（或数据目录里的 secret.key）不是原来的那个。")
    except IntegrityError:
        fail("同时有别的操作改了同一处，这一次什么都没有写入。请再试一次。")
    except OperationalError as error:
        fail(f"数据库连不上或正忙：{type(error.orig).__name__}。请稍后再试，或运行 jushe doctor。")
    finally:
        db.close()


def now() -> datetime:
    return datetime.now(UTC)
