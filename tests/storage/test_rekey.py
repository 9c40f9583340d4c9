"""The secret key is changed: old values are read, sealed anew, and then need the old key no more."""

from __future__ import annotations

import pytest
from sqlalchemy import text, update

from handlers.residents.facts import PhoneGiven
from storage import chain, rekey
from storage.crypto import CannotOpen
from storage.engine import open_database
from storage.ledger import Ledger
from storage.people import with_phone
from storage.schema import facts, inbox, meta, persons, tickets
from tests.conftest import SECRET
from tests.storage.kit import do, message, opened, row, rows, say, take

NEW = "another-secret-of-no-other-use"


def test_everything_is_sealed_anew_and_the_old_key_can_go(database_url: str) -> None:
    old = open_database(database_url, SECRET)
    done = say(old, message("m1"), take)
    do(old, PhoneGiven(done.person, "138-0000 1111"), opened(99))
    before = (row(old, inbox).replies, [ticket.words for ticket in rows(old, tickets)], row(old, persons).phone)
    old.close()

    both = open_database(database_url, NEW, (SECRET,))
    assert (row(both, inbox).replies, [ticket.words for ticket in rows(both, tickets)]) == before[:2]
    waiting = rekey.waiting(both)
    assert waiting >= 5
    assert sum(rekey.renew(both)) == waiting
    assert rekey.waiting(both) == 0
    assert list(rekey.renew(both)) == []
    both.close()

    new = open_database(database_url, NEW)
    assert (
        row(new, inbox).replies,
        [ticket.words for ticket in rows(new, tickets)],
        row(new, persons).phone,
    ) == before
    with new.reading() as conn:
        found = with_phone(Ledger(conn), "13800001111")
    assert found and found["id"] == done.person
    new.close()


def test_the_log_stays_whole_when_the_old_key_goes_before_anything_else_happens(database_url: str) -> None:
    old = open_database(database_url, SECRET)
    do(old, opened(99))
    chain.seal(old)
    sealed = chain.verify(old)
    last = row(old, facts)
    with old.writing() as conn:  # older ones went into an archive
        chain.begin_after(conn, chain.Begins(0, chain.START, last.at))
    old.close()
    both = open_database(database_url, NEW, (SECRET,))
    waiting = rekey.waiting(both)
    assert sum(rekey.renew(both)) == waiting
    assert rekey.waiting(both) == 0
    both.close()
    new = open_database(database_url, NEW)
    assert chain.verify(new) == sealed
    new.close()


def test_what_none_of_our_keys_signed_stays_broken(database_url: str) -> None:
    old = open_database(database_url, SECRET)
    do(old, opened(99))
    chain.seal(old)
    with old.writing() as conn:
        conn.execute(update(meta).where(meta.c.name == "chain_head").values(value=b"made up"))
    old.close()
    both = open_database(database_url, NEW, (SECRET,))
    list(rekey.renew(both))
    with pytest.raises(chain.ChainBroken):
        chain.verify(both)
    both.close()


def test_a_key_that_is_not_there_is_said_and_nothing_is_lost(database_url: str) -> None:
    old = open_database(database_url, SECRET)
    say(old, message("m1"), take)
    with old.reading() as conn:
        sealed = conn.execute(text("SELECT replies FROM inbox")).scalar()
    old.close()
    new = open_database(database_url, NEW)
    with pytest.raises(CannotOpen):
        list(rekey.renew(new))
    with new.reading() as conn:
        assert conn.execute(text("SELECT replies FROM inbox")).scalar() == sealed
    new.close()
