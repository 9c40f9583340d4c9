"""Sealed values open with the right key and column only; moments are never naive; ids rise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from sqlalchemy import insert, select, text

from storage import crypto
from storage.columns import NaiveTime
from storage.crypto import CannotOpen, Keyring
from storage.engine import Database, open_database
from storage.ids import Ids
from storage.schema import persons

OLD, NEW = "an-old-secret-0123456789", "a-new-secret-0123456789"


def test_round_trip_and_no_two_alike() -> None:
    ring = Keyring(OLD)
    first, second = ring.seal("王师傅", "persons.name"), ring.seal("王师傅", "persons.name")
    assert first != second
    assert "王" not in first
    assert ring.open(first, "persons.name") == ring.open(second, "persons.name") == "王师傅"
    assert ring.open(ring.seal("", "persons.name"), "persons.name") == ""


def test_opens_in_its_column_only_and_unchanged_only() -> None:
    ring = Keyring(OLD)
    sealed = ring.seal("13800000000", "persons.phone")
    with pytest.raises(CannotOpen, match=r"persons\.name"):
        ring.open(sealed, "persons.name")
    middle = len(sealed) // 2
    other = "A" if sealed[middle] != "A" else "B"
    with pytest.raises(CannotOpen, match="changed"):
        ring.open(sealed[:middle] + other + sealed[middle + 1 :], "persons.phone")


def test_rotation() -> None:
    sealed, index = Keyring(OLD).seal("x", "c"), Keyring(OLD).index("138")
    both = Keyring(NEW, (OLD,))
    assert both.open(sealed, "c") == "x"
    assert both.indexes("138") == (Keyring(NEW).index("138"), index)
    with pytest.raises(CannotOpen, match="not configured"):
        Keyring(NEW).open(sealed, "c")
    with pytest.raises(CannotOpen, match="not configured"):
        Keyring(OLD).open(both.seal("x", "c"), "c")


def test_index_and_digest_are_keyed_and_differ() -> None:
    ring = Keyring(OLD)
    assert ring.index("138") == ring.index("138") != Keyring(NEW).index("138")
    assert ring.index("138") != ring.digest("138") != Keyring(NEW).digest("138")
    assert len(ring.index("138")) == 44


def test_short_secret_is_refused_without_saying_it() -> None:
    with pytest.raises(ValueError, match="16") as caught:
        Keyring("short-secret")
    assert "short-secret" not in str(caught.value)


def test_columns_are_sealed_in_the_database(database: Database) -> None:
    with database.writing() as conn:
        conn.execute(insert(persons).values(id=1, name="王师傅", phone=None, created=datetime.now(UTC)))
    with database.reading() as conn:
        assert conn.execute(select(persons.c.name, persons.c.phone)).one() == ("王师傅", None)
        stored = conn.execute(text("SELECT name FROM persons")).scalar_one()
    assert "王" not in stored
    assert crypto.current().open(stored, "persons.name") == "王师傅"


def test_moments_come_back_aware_in_utc(database: Database) -> None:
    shanghai = timezone(timedelta(hours=8))
    with database.writing() as conn:
        conn.execute(insert(persons).values(id=1, created=datetime(2026, 6, 1, 9, 0, 0, 5, shanghai)))
    with database.reading() as conn:
        found = conn.execute(select(persons.c.created)).scalar_one()
        assert found == datetime(2026, 6, 1, 1, 0, 0, 5, UTC)
        assert found.tzinfo is UTC
        later = select(persons.c.id).where(persons.c.created > datetime(2026, 6, 1, 9, 0, tzinfo=shanghai))
        assert conn.execute(later).all() == [(1,)]


def test_naive_moments_are_refused(database: Database) -> None:
    with database.writing() as conn, pytest.raises(Exception, match="no time zone") as caught:
        conn.execute(insert(persons).values(id=1, created=datetime(2026, 6, 1)))
    assert isinstance(caught.value.__cause__ or caught.value, NaiveTime)


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match="read"), database.reading() as conn:
        conn.execute(text("DELETE FROM persons"))
    with database.writing() as conn:  # and the connection is whole again
        conn.execute(text("DELETE FROM persons"))


def test_wrong_secret_does_not_open(database: Database, database_url: str) -> None:
    with database.writing() as conn:
        conn.execute(insert(persons).values(id=1, name="王师傅", created=datetime.now(UTC)))
    other = open_database(database_url, NEW)
    with pytest.raises(CannotOpen), other.reading() as conn:
        conn.execute(select(persons.c.name)).all()
    other.close()


def test_ids_rise_even_when_the_clock_steps_back() -> None:
    clock = iter([1_800_000_000.0, 1_800_000_000.0, 1_799_999_000.0, 1_800_000_000.002])
    ids = Ids(lambda: next(clock), lambda bits: (1 << bits) - 1)
    made = [ids() for _ in range(4)]
    assert all(a < b for a, b in pairwise(made))
    assert 0 < made[0] < 2**63
    assert Ids()() > 0
