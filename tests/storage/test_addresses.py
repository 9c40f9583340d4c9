"""How long the platform lets us answer (wechat.md §6), and whether somebody still follows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, update

from handlers.types import Sender
from storage import windows
from storage.addresses import Address, window
from storage.engine import Database
from storage.known import look_up
from storage.schema import identities
from storage.sql import Prepared
from storage.transaction import Transaction, written
from tests.storage.kit import NOW, at, message, row, say

HOURS_48 = NOW + timedelta(hours=48)
MINUTE = at(1)
_TOUCHED = Prepared(update(identities).where(identities.c.user == bindparam("who")).values(seen=identities.c.seen))


@pytest.mark.parametrize(
    ("event", "until", "left", "expected"),
    [
        ("", None, 0, (HOURS_48, 5)),
        ("", at(5), 2, (HOURS_48, 5)),
        ("", at(-5), 4, (HOURS_48, 5)),
        ("menu", None, 0, (MINUTE, 3)),
        ("follow", None, 0, (MINUTE, 3)),
        ("scan", at(-5), 5, (MINUTE, 3)),
        ("menu", at(600), 4, (at(600), 4)),  # never lowered
        ("menu", at(600), 1, (at(600), 3)),  # raised to the maximum, not added
        ("menu", at(600), 0, (MINUTE, 3)),  # spent: only the event's own window is left
        ("sent", None, 0, (None, 0)),
        ("unfollow", at(600), 4, (at(600), 4)),
    ],
)
def test_window(event: str, until: object, left: int, expected: object) -> None:
    known = Address(1, True, until, left)  # type: ignore[arg-type]
    assert window(known, message("m", event=event), NOW) == expected


def test_other_channels_have_no_window(database: Database) -> None:
    say(database, message("m1", channel="webchat"))
    found = row(database, identities)
    assert (found.window_until, found.window_left, found.seen) == (None, 0, NOW)


def test_kept_with_each_message(database: Database) -> None:
    say(database, message("m1", event="follow"))
    assert (row(database, identities).window_until, row(database, identities).window_left) == (MINUTE, 3)
    say(database, message("m2"), now=at(2))
    found = row(database, identities)
    assert (found.window_until, found.window_left, found.seen) == (HOURS_48 + timedelta(minutes=2), 5, at(2))
    say(database, message("m3", event="sent"), now=at(9))
    assert row(database, identities).seen == at(2)


def test_following_and_not(database: Database) -> None:
    followed: list[bool] = []

    def ask(turn, read):  # type: ignore[no-untyped-def]
        followed.append(turn.who.followed)
        from handlers.types import Outcome

        return Outcome()

    say(database, message("m1", event="follow"), ask)
    say(database, message("m2", event="unfollow"), ask)
    assert row(database, identities).followed is False
    say(database, message("m3", event="follow"), ask)
    assert row(database, identities).followed is True
    assert followed == [True, False, True]


def test_spending_the_window(database: Database) -> None:
    say(database, message("m1"))
    sender = Sender("wechat", "wx1", "resident")
    assert [windows.spend_windows(database, [(sender, 0)], at(1))[0] for _ in range(6)] == [True] * 5 + [False]
    say(database, message("m2"), now=at(2))
    assert not windows.spend_windows(database, [(sender, 0)], at(2) + timedelta(hours=48))[0]
    assert windows.spend_windows(database, [(sender, 0)], at(3))[0]
    assert not windows.spend_windows(database, [(Sender("wechat", "wx1", "nobody"), 0)], at(3))[0]


def test_spending_waits_for_the_turns_of_these_senders_and_never_in_a_ring(database: Database) -> None:
    """Late answers of many residents were spent for while their next messages changed the same rows: a deadlock."""
    for user in ("anna", "bert"):
        say(database, message("m1", user))
    again = [message("m2", user) for user in ("anna", "bert")]
    wanted = [(one.sender, 0) for one in reversed(again)]
    with ThreadPoolExecutor(1) as other:
        with written(database) as tx:
            look_up(tx, again, lock=database.postgresql)
            tx.write(_TOUCHED, who="anna")
            tx.flush()
            spent = other.submit(windows.spend_windows, database, wanted, at(1))
            wait([spent], 0.3)
            tx.write(_TOUCHED, who="bert")
        assert spent.result(10) == [True, True]


def test_what_is_paid_in_advance_waits_for_no_turn(database: Database) -> None:
    users = [f"user{number}" for number in range(6)]
    for user in users:
        say(database, message("m1", user))
    again = [message("m2", user) for user in users]

    def spent(tx: Transaction, wanted: list[tuple[Sender, int]]) -> list[int | None]:
        return windows.left(wanted, tx.gather(windows.asked(database, wanted, at(1))))

    busy = again[:2] if database.postgresql else []  # SQLite has one writer
    with ExitStack() as turn:
        if busy:
            tx = turn.enter_context(written(database))
            look_up(tx, busy, lock=True)
            tx.write(_TOUCHED, who="user2")  # somebody else changes it, in no turn of its own
            tx.flush()
        with written(database) as tx:
            all_six = spent(tx, [(one.sender, 0) for one in again])
            few = spent(tx, [(one.sender, 3) for one in again[1:4]])
    assert all_six == ([None] * 3 if busy else [4] * 3) + [4] * 3
    assert few == ([None, None, 3] if busy else [3, 3, 3])
    assert windows.spend_windows(database, [(again[3].sender, 3)], at(1)) == [False]
