"""Of whom nobody knows whether they got it: neither forgotten nor sent again unless staff say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.announcements.facts import MusterAnswered
from handlers.announcements.rules import Act
from storage import queue, schema, view_announcements
from tests.announcements.kit import RESIDENTS, Office
from tests.storage.kit import do


def test_what_a_dead_sender_had_in_hand_is_neither_forgotten_nor_sent_as_if_new(office: Office) -> None:
    number = office.start()
    (first, second) = queue.claim(office.db, office.now, 2, "dead", 60, quiet=False)
    office.now += timedelta(seconds=61)
    assert queue.release_expired(office.db, office.now) == 2
    office.act(Act.PAUSE, number)
    office.run(1)
    assert office.places(number) == {"queued": 2, "waiting": RESIDENTS - 2, "skipped": 5}
    (again,) = queue.claim(office.db, office.now, 1, "living", 60, quiet=False)
    assert (again.id, again.unsure) == (first.id, True)  # with the note that it may have arrived
    queue.sent(office.db, [again.id], "service", office.now)
    office.act(Act.CANCEL, number)
    office.run(1)
    assert office.send() == []
    assert office.places(number) == {"sent": 1, "unsure": 1, "cancelled": RESIDENTS - 2, "skipped": 5}
    with office.db.reading() as conn:
        reasons = conn.execute(
            select(schema.recipients.c.person, schema.recipients.c.reason).where(
                schema.recipients.c.announcement == number, schema.recipients.c.state == "unsure"
            )
        ).all()
    assert [tuple(row) for row in reasons] == [(second.person, "unknown")]  # nobody can say that it was not sent


def test_what_a_dead_sender_had_in_hand_is_not_repeated_after_all_was_cancelled(office: Office) -> None:
    number = office.start()
    queue.claim(office.db, office.now, 2, "dead", 60, quiet=False)
    office.act(Act.CANCEL, number)
    assert office.places(number) == {"queued": 2, "cancelled": RESIDENTS - 2, "skipped": 5}
    office.now += timedelta(seconds=61)
    assert queue.release_expired(office.db, office.now) == 2
    office.run(1)
    assert office.send() == []
    assert office.places(number) == {"unsure": 2, "cancelled": RESIDENTS - 2, "skipped": 5}


def announced(office: Office, holder: str = "test") -> list[queue.Outgoing]:
    """What of announcements is due, taken."""
    rows = queue.claim(office.db, office.now, 100, holder, 60, quiet=False)
    return [row for row in rows if row.kind == "announce"]


@pytest.fixture
def unsure(office: Office) -> int:
    """Sent to all, but 1003 was refused, and of 1004 and 1005 nobody knows whether they got it."""
    number = office.start()
    for row in announced(office):
        code = {1003: "43004", 1004: "timeout", 1005: "unknown"}.get(row.person)
        if code:
            queue.failed(office.db, row.id, code, office.now)
        else:
            queue.sent(office.db, [row.id], "test", office.now)
    office.run(2)
    return number


def test_what_may_have_come_stands_apart_and_is_sent_again_only_when_staff_say_so(
    office: Office, unsure: int
) -> None:
    assert office.places(unsure) == {"sent": 27, "failed": 1, "unsure": 2, "skipped": 5}
    found = view_announcements.progress(office.db, unsure, (10,), office.now)
    assert found and {("unsure", "timeout", 1), ("unsure", "unknown", 1)} < set(found.reasons)
    assert office.act(Act.RESEND, unsure) == "没送到的再发一次。"
    office.run(2)
    (refused,) = announced(office)
    assert (refused.person, refused.unsure) == (1003, False)  # it never came: nothing to note
    queue.sent(office.db, [refused.id], "test", office.now)
    office.run(2)

    assert office.act(Act.REPEAT, unsure) == "不知道到没到的再发一次，写明可能收到过。"
    office.run(2)
    again = announced(office)
    assert [(row.person, row.unsure, row.again) for row in again] == [(1004, True, True), (1005, True, True)]
    queue.sent(office.db, [again[0].id], "test", office.now)
    queue.failed(office.db, again[1].id, "43004", office.now)
    office.run(2)
    assert office.places(unsure) == {"sent": 29, "unsure": 1, "skipped": 5}  # the first time it may still have come
    office.act(Act.REPEAT, unsure)
    office.run(2)
    office.send()
    office.run(2)
    assert office.act(Act.REPEAT, unsure) == "没有不知道到没到的，不用再发。"


def test_a_repeat_can_be_paused_and_cancelled_and_is_not_forgotten(office: Office, unsure: int) -> None:
    office.act(Act.REPEAT, unsure)
    office.run(1)
    office.act(Act.PAUSE, unsure)
    assert office.places(unsure) == {"sent": 27, "failed": 1, "waiting": 2, "skipped": 5}
    assert office.send() == []
    office.act(Act.RESUME, unsure)
    office.run(1)
    assert len(announced(office, "pdead")) == 2
    assert queue.release_of(office.db, {"pdead"}) == 2
    assert [row.again for row in announced(office)] == [True, True]
    office.now += timedelta(seconds=61)
    assert queue.release_expired(office.db, office.now) >= 2
    office.act(Act.CANCEL, unsure)
    office.run(1)
    assert office.send() == []
    assert office.places(unsure) == {"sent": 27, "failed": 1, "unsure": 2, "skipped": 5}


def test_who_opens_it_or_answers_has_it(office: Office, unsure: int) -> None:
    assert view_announcements.opened(office.db, unsure, 1004, office.now)
    assert not view_announcements.opened(office.db, unsure, 1003, office.now)
    do(office.db, MusterAnswered(unsure, 1005, "yes", 10))
    assert office.places(unsure) == {"sent": 29, "failed": 1, "skipped": 5}


def test_a_push_that_may_have_come_stays_so_when_it_waits_too_long(office: Office) -> None:
    number = office.start()
    queue.claim(office.db, office.now, 1, "pdead", 60, quiet=False)
    assert queue.release_of(office.db, {"pdead"}) == 1
    queue.drop_stale(office.db, office.now + timedelta(hours=73), 72)
    office.run(1)
    assert office.places(number) == {"unsure": 1, "failed": RESIDENTS - 1, "skipped": 5}
