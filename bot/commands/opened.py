"""The database for a command that does one thing and ends; errors as one line and exit status 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn

import typer
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.settings import SettingsError, load, previous_keys, secret_key
from bot.troubles import of_database, trouble
from storage import rekey
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
    """The database of the settings, migrated and of our key."""
    try:
        settings = load()
        db = open_database(settings.database, secret_key(settings), previous_keys(settings))
    except SettingsError as error:
        fail(*error.lines)
    try:
        db.migrate()
        rekey.check(db)
        yield db
    except (NewerDatabase, CannotOpen) as error:
        fail(trouble(error))
    except IntegrityError:
        fail("同时有别的操作改了同一处，这一次什么都没有写入。请再试一次。")
    except OperationalError as error:
        fail(f"数据库：{of_database(error)}。")
    finally:
        db.close()


def now() -> datetime:
    return datetime.now(UTC)
