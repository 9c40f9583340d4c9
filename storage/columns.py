"""Column types: moments in UTC, JSON and sealed text; nothing of the tables that use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from storage import crypto


class NaiveTime(ValueError):
    """A moment without a time zone was about to be stored or compared."""


def iso(value: datetime) -> str:
    """Fixed width, so that text order is time order: 2026-11-23T08:00:00.000000Z. Raises NaiveTime."""
    if value.tzinfo is None:
        raise NaiveTime(f"{value!r} has no time zone: give an aware datetime")
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[:26] + "Z"


class Utc(TypeDecorator[datetime]):
    """Aware datetimes in and out, always UTC. timestamptz on PostgreSQL, ISO text on SQLite."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return String(27) if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return self.bind_processor(dialect)(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """The conversion itself: SQLAlchemy's own wrapping of process_bind_param costs as much again."""
        return _iso_or_none if dialect.name == "sqlite" else _utc_or_none

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _moment if dialect.name == "sqlite" else _utc_or_none


@lru_cache(maxsize=4096)  # one moment is written many times in a turn
def _iso_or_none(value: datetime | None) -> str | None:
    return None if value is None else iso(value)


def _utc_or_none(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise NaiveTime(f"{value!r} has no time zone: give an aware datetime")
    return value.astimezone(UTC)


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """Lists and dicts as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class Secret(TypeDecorator[str]):
    """Text that is sealed in the table (storage/crypto.py). `column_name` is "table.column"."""

    impl = Text
    cache_ok = True

    def __init__(self, column_name: str) -> None:
        super().__init__()
        self.column_name = column_name

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return self.bind_processor(dialect)(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        name = self.column_name
        return lambda value: None if value is None else crypto.current().seal(value, name)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], str | None]:
        name = self.column_name
        return lambda value: None if value is None else crypto.current().open(value, name)
