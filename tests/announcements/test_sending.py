"""How an announcement goes out: to whom and when, held by the night, stopped, asked again, read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from handlers.announcements import muster
from handlers.announcements.facts import MusterAnswered, NoticesSet
from handlers.announcements.port import Audience
from handlers.announcements.rules import Act, Kind
from handlers.types import Sender
from storage import feeding, queue, schema, view_announcements, windows
from tests.announcements.kit import DESK, NIGHT, Office, outbox_of, reachable
from tests.storage.kit import asked, do


def test_paused_resumed_cancelled(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "AHEAD", 10)
    number = office.start()
    assert office.places(number) == {"queued": 10, "waiting": 20, "skipped": 5}
    assert len(office.send(4)) == 4
    office.act(Act.PAUSE, number)
    office.run(2)
    assert office.send() == []
    assert office.places(number) == {"sent": 4, "waiting": 26, "skipped": 5}
    office.act(Act.RESUME, number)
    office.run(1)
    claimed = queue.claim(office.db, office.now, 3, "another", 60, quiet=False)  # on their way
    office.act(Act.CANCEL, number)
    assert office.places(number) == {"sent": 4, "queued": 3, "cancelled": 23, "skipped": 5}
    queue.sent(office.db, [row.id for row in claimed], "service", office.now)
    office.run(1)
    assert office.places(number) == {"sent": 7, "cancelled": 23, "skipped": 5}
    assert office.act(Act.RESUME, number) == "这条公告已经取消，不能这样操作。请刷新页面看看。"


def test_quiet_hours_hold_all_but_what_is_urgent(office: Office) -> None:
    office.now = NIGHT
    number = office.start()
    assert office.places(number) == {"waiting": 30, "skipped": 5}
    urgent = office.start(kind=Kind.EMERGENCY)
    assert office.places(urgent)["queued"] == 30
    rows = queue.claim(office.db, office.now, 100, "night", 60, quiet=True)
    assert {row.ticket for row in rows} == {urgent}
    office.now = NIGHT + timedelta(hours=8)
    office.run(2)
    assert office.places(number)["queued"] == 30
    office.now = NIGHT + timedelta(days=1)  # nobody sent them all day
    office.run(1)
    assert office.places(number) == {"waiting": 30, "skipped": 5}
    assert outbox_of(office.db, number) == []


def test_who_declined_and_who_had_enough(office: Office) -> None:
    do(office.db, NoticesSet(1000, on=False))
    for _ in range(3):
        number = office.start(kind=Kind.NEWS)
        office.send()
        office.run(2)
        assert office.places(number) == {"sent": 29, "skipped": 6}
    fourth = office.start(kind=Kind.NEWS)
    assert office.places(fourth) == {"skipped": 35}
    service = office.start(kind=Kind.SERVICE)
    assert office.places(service)["queued"] == 30
    assert asked(office.db, lambda read: read.notices_declined(1000))


def test_it_goes_behind_replies_and_tasks_and_leaves_the_last_of_a_window(office: Office) -> None:
    office.start()
    with office.db.writing() as conn:
        row = {
            "person": 1005,
            "ticket": 0,
            "body": queue.body("派给您"),
            "state": "waiting",
            "rung": "",
            "attempts": 0,
        }
        conn.execute(insert(schema.outbox), [{**row, "id": 2**62, "kind": "task", "rank": 2} | {
            "created": office.now, "next_at": office.now}])  # fmt: skip
    first = queue.claim(office.db, office.now, 1, "x", 60, quiet=False)
    assert (first[0].kind, first[0].person) == ("task", 1005)
    sender = Sender("wechat", "wx1", "o1001")
    assert windows.spend_windows(office.db, [(sender, 1)] * 6, office.now) == [True] * 4 + [False] * 2
    assert windows.spend_windows(office.db, [(sender, 0)] * 2, office.now) == [True, False]


def test_the_words_are_not_copied_to_every_row(office: Office) -> None:
    office.start()
    (row,) = queue.claim(office.db, office.now, 1, "x", 60, quiet=False)
    assert row.text == "【重要通知】停水\n明天上午停水\n——学府社区"
    with office.db.reading() as conn:
        assert set(conn.execute(select(schema.outbox.c.body)).scalars()) == {""}


def test_mobilisation_counted_by_micro_grid_and_its_roster_destroyed(office: Office) -> None:
    with office.db.writing() as conn:
        reachable(office.db, conn, [40, 41])
    audience = Audience((("community", 10),), ("leader", "volunteer"), adults=True)
    number = office.start(audience, muster=True)
    assert sorted(office.send()) == [40, 41]
    office.run(2)
    do(office.db, MusterAnswered(number, 40, "yes", 10))
    assert view_announcements.by_grid(office.db, number) == [("学府1-3", 1, 0, 1)]
    shown = view_announcements.recipients_of(office.db, number, "sent")
    assert [(one.person, one.where, one.answer) for one in shown] == [(40, "学府1-3", "yes"), (41, "学府1-3", "")]
    assert office.act(Act.REASK, number) == "没回话的再问一次。"
    office.run(2)
    assert office.send() == [41]
    office.run(2)
    office._do(lambda read: muster.close(number, office.writer(DESK), office.now, office.policy, read), DESK)
    told = queue.claim(office.db, office.now, 10, "x", 60, quiet=False)
    assert [row.person for row in told if "解除" in row.text] == [40]
    office.now += timedelta(days=31)
    office.run(2)
    found = view_announcements.progress(office.db, number, (10,), office.now)
    assert found and found.total == 0 and (found.yes, found.no) == (1, 0)


def test_opening_its_page_counts_as_read(office: Office) -> None:
    number = office.start()
    office.send()
    office.run(1)
    assert view_announcements.opened(office.db, number, 1002, office.now)
    assert view_announcements.opened(office.db, number, 1002, office.now + timedelta(hours=1))
    assert not view_announcements.opened(office.db, number, 9, office.now)
    found = view_announcements.progress(office.db, number, None, office.now)
    assert found and found.read == 1
