"""The sealed log shows whatever was changed, taken out, put in or cut off."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from handlers.tickets.facts import OwnerReminded
from storage import chain
from storage.chain import ChainBroken
from storage.engine import Database, open_database
from storage.schema import facts
from tests.conftest import SECRET
from tests.storage.kit import do, rows


def happen(database: Database, count: int) -> None:
    do(database, *(OwnerReminded(n, "remind", 0) for n in range(1, count + 1)))


def test_empty(database: Database) -> None:
    assert chain.seal(database) == chain.verify(database) == 0


def test_sealed_in_order_a_few_at_a_time(database: Database) -> None:
    happen(database, 5)
    assert chain.verify(database) == 0
    assert [chain.seal(database, 2) for _ in range(4)] == [2, 2, 1, 0]
    found = rows(database, facts)
    assert [fact.position for fact in found] == [1, 2, 3, 4, 5]
    assert found[1].hash == chain.link(found[0].hash, found[1])
    assert chain.verify(database) == 5
    happen(database, 1)
    assert chain.verify(database) == 5  # what is not sealed yet is not checked
    chain.seal(database)
    assert chain.verify(database) == 6


@pytest.mark.parametrize(
    ("what", "position"),
    [
        ("UPDATE facts SET body = '{}' WHERE position = 3", 3),
        ("UPDATE facts SET actor = 7 WHERE position = 1", 1),
        ("DELETE FROM facts WHERE position = 4", 4),
        ("DELETE FROM facts WHERE position = 5", 5),  # cut off at the end
        ("DELETE FROM facts", 1),
        ("DELETE FROM meta", 6),
    ],
)
def test_tampering_is_found(database: Database, what: str, position: int) -> None:
    happen(database, 5)
    chain.seal(database)
    with database.writing() as conn:
        conn.execute(text(what))
    with pytest.raises(ChainBroken) as caught:
        chain.verify(database)
    assert caught.value.position == position


def test_a_whole_chain_made_anew_has_no_signature(database: Database) -> None:
    happen(database, 3)
    chain.seal(database)
    with database.writing() as conn:
        conn.execute(text("UPDATE facts SET actor = 7 WHERE position = 2"))
        before = chain.START
        for row in conn.execute(facts.select().order_by(facts.c.position)).all():
            before = chain.link(before, row)
            conn.execute(facts.update().where(facts.c.id == row.id).values(hash=before))
    with pytest.raises(ChainBroken):
        chain.verify(database)


def test_two_sealers(database: Database, database_url: str) -> None:
    happen(database, 60)
    second = open_database(database_url, SECRET)
    with ThreadPoolExecutor(4) as pool:
        sealed = list(pool.map(lambda db: chain.seal(db, 20), [database, second, database, second]))
    second.close()
    assert sum(sealed) == chain.verify(database) == 60


def test_another_seals_between_the_look_and_the_write(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    linked = chain._linked

    def meanwhile(before: str, said: list[object]) -> str:
        monkeypatch.setattr(chain, "_linked", linked)
        assert chain.seal(database, 2) == 2
        return linked(before, said)

    happen(database, 5)
    monkeypatch.setattr(chain, "_linked", meanwhile)
    assert chain.seal(database) == 3
    assert chain.verify(database) == 5


def test_after_the_key_was_changed(database: Database, database_url: str) -> None:
    happen(database, 2)
    chain.seal(database)
    database.close()
    newer = open_database(database_url, "another-secret-0123456789", (SECRET,))
    assert chain.verify(newer) == 2
    happen(newer, 1)
    chain.seal(newer)
    assert chain.verify(newer) == 3
    newer.close()
