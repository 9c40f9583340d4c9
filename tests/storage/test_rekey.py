"""The secret key is changed: old values are read, sealed anew, and then need the old key no more."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from handlers.residents.facts import PhoneGiven
from storage import rekey
from storage.crypto import CannotOpen
from storage.engine import open_database
from storage.ledger import Ledger
from storage.people import with_phone
from storage.schema import inbox, persons, tickets
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
