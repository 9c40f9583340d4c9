"""Old records leave for a file; what is left stays verified, and the file shows every change."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.tickets.facts import OwnerReminded
from storage import archive, chain
from storage.archive import NotArchived
from storage.chain import ChainBroken
from storage.engine import Database, open_database
from storage.schema import facts
from tests.conftest import SECRET
from tests.storage.kit import NOW, do, rows

LATER = NOW + timedelta(days=365 * archive.YEARS + 40)
DAY = timedelta(days=1)


@pytest.fixture
def old(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Seven records on seven days, sealed."""
    monkeypatch.setattr(archive, "SLICE", 2)
    for day in range(7):
        do(database, OwnerReminded(day + 1, "remind", 0), now=NOW + day * DAY)
    chain.seal(database)
    return database


def test_the_oldest_leave_and_the_rest_is_whole(old: Database, tmp_path: Path) -> None:
    first = archive.write(old, tmp_path / "a", NOW + 3 * DAY, LATER)
    assert (first.first, first.last) == (0, 3)
    assert len(rows(old, facts)) == 7, "writing the file takes nothing away"
    assert list(archive.take_away(old, first)) == [2, 1]
    assert [fact.position for fact in rows(old, facts)] == [4, 5, 6, 7]
    assert chain.verify(old) == 4
    do(old, OwnerReminded(8, "remind", 0), now=LATER)
    assert chain.seal(old) == 1
    assert chain.verify(old) == 5
    second = archive.write(old, tmp_path / "b", NOW + 30 * DAY, LATER)
    assert sum(archive.take_away(old, second)) == 4
    assert chain.verify(old) == 1
    pieces = [archive.read(tmp_path / name) for name in "ba"]
    assert archive.fits(old, pieces)
    assert not archive.fits(old, pieces[:1])


def test_everything_may_leave_and_the_chain_goes_on(old: Database, tmp_path: Path) -> None:
    list(archive.take_away(old, archive.write(old, tmp_path / "a", NOW + 30 * DAY, LATER)))
    assert (rows(old, facts), chain.verify(old)) == ([], 0)
    do(old, OwnerReminded(9, "remind", 0), now=LATER)
    chain.seal(old)
    assert [fact.position for fact in rows(old, facts)] == [8]
    assert chain.verify(old) == 1


def test_broken_off_in_the_middle_it_is_whole_and_goes_on(old: Database, tmp_path: Path) -> None:
    steps = archive.take_away(old, archive.write(old, tmp_path / "a", NOW + 5 * DAY, LATER))
    next(steps)
    steps.close()
    assert chain.verify(old) == 5
    rest = archive.write(old, tmp_path / "b", NOW + 5 * DAY, LATER)
    assert (rest.first, rest.last) == (2, 5)
    assert sum(archive.take_away(old, rest)) == 3


def test_what_must_not_be_archived(old: Database, tmp_path: Path) -> None:
    with pytest.raises(NotArchived, match="不满3年"):
        archive.write(old, tmp_path / "a", NOW + 3 * DAY, NOW + 100 * DAY)
    with pytest.raises(NotArchived, match="没有记录"):
        archive.write(old, tmp_path / "a", NOW - DAY, LATER)
    (tmp_path / "there").write_text("x")
    with pytest.raises(NotArchived, match="已经有了"):
        archive.write(old, tmp_path / "there", NOW + DAY, LATER)
    with old.writing() as conn:
        conn.execute(text("UPDATE facts SET actor = 7 WHERE position = 2"))
    with pytest.raises(ChainBroken):
        archive.write(old, tmp_path / "a", NOW + 3 * DAY, LATER)
    assert list(tmp_path.glob("*.part")) == []
    assert len(rows(old, facts)) == 7


def test_a_changed_file_and_a_false_beginning_are_found(old: Database, tmp_path: Path) -> None:
    list(archive.take_away(old, archive.write(old, tmp_path / "a", NOW + 3 * DAY, LATER)))
    lines = gzip.decompress((tmp_path / "a").read_bytes()).split(b"\n")
    for number, changed in ((1, lines[1].replace(b'"actor":0', b'"actor":9')), (2, b""), (4, b"")):
        damaged = [*lines[:number], *([changed] if changed else []), *lines[number + 1 :]]
        (tmp_path / "x").write_bytes(gzip.compress(b"\n".join(damaged)))
        with pytest.raises((ChainBroken, ValueError)):
            archive.read(tmp_path / "x")
    with old.writing() as conn:  # somebody cuts off the beginning and says so, without the key
        said = conn.execute(text("SELECT value FROM meta WHERE name = 'chain_begins'")).scalar_one()
        conn.execute(text("DELETE FROM facts WHERE position = 4"))
        false = bytes(said).replace(b'"position":3', b'"position":4')
        conn.execute(text("UPDATE meta SET value = :value WHERE name = 'chain_begins'"), {"value": false})
    with pytest.raises(ChainBroken):
        chain.verify(old)


def test_after_the_key_was_changed(old: Database, database_url: str, tmp_path: Path) -> None:
    list(archive.take_away(old, archive.write(old, tmp_path / "a", NOW + 3 * DAY, LATER)))
    old.close()
    new = "a-new-key-that-is-long-enough-for-it"
    db = open_database(database_url, new, (SECRET,))
    assert chain.verify(db) == 4
    do(db, OwnerReminded(9, "remind", 0), now=LATER)
    chain.seal(db)
    db.close()
    db = open_database(database_url, new)
    assert chain.verify(db) == 5
    assert archive.fits(db, [archive.read(tmp_path / "a")])
    db.close()
