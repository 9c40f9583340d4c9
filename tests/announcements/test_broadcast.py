"""The audience is frozen once and counted whole, whatever happens to the announcement and to the program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from handlers.announcements import muster
from handlers.announcements.facts import MusterAnswered, NoticesSet
from handlers.announcements.port import Audience
from handlers.announcements.rules import Act, Kind
from handlers.policy import Policy
from handlers.types import Sender
from storage import broadcast, feeding, queue, schema, view_announcements, windows
from storage.engine import Database
from tests.announcements.kit import DESK, NIGHT, OTHER_DESK, Office, reachable, settle_in
from tests.storage.kit import asked, do

RESIDENTS = 30
ALL = RESIDENTS + 5  # the staff of the town belong to the community and have no address


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    settle_in(database, RESIDENTS)
    found = Office(database)
    yield found
    found.close()


def outbox_of(db: Database, announcement: int) -> list[tuple[int, str]]:
    table = schema.outbox.c
    with db.reading() as conn:
        wanted = select(table.person, table.state).where(table.ticket == announcement, table.kind == "announce")
        return [tuple(row) for row in conn.execute(wanted)]


def test_everybody_once_with_a_reason_where_nothing_is_sent(office: Office) -> None:
    number = office.start()
    assert office.places(number) == {"queued": RESIDENTS, "skipped": ALL - RESIDENTS}
    reached = office.send(failing=frozenset({1003, 1004}))
    assert sorted(reached) == [1000 + one for one in range(RESIDENTS)]
    office.run(2)
    assert office.places(number) == {"sent": 28, "failed": 2, "skipped": 5}
    assert office.state(number) == "done"
    found = view_announcements.progress(office.db, number, (10,), office.now)
    assert found and found.total == ALL == found.one.people and found.done == ALL
    assert set(found.reasons) == {("failed", "43004", 2), ("skipped", "no_address", 5)}
    assert view_announcements.progress(office.db, number, (11,), office.now) is None

    assert office.act(Act.RESEND, number) == "没送到的再发一次。"
    office.run(2)
    assert sorted(office.send()) == [1003, 1004]
    office.run(2)
    assert office.places(number) == {"sent": 30, "skipped": 5}
    assert office.act(Act.RESEND, number) == "没有没送到的，不用再发。"


def test_the_audience_is_that_of_the_start(office: Office) -> None:
    number = office.start()
    with office.db.writing() as conn:
        conn.execute(update(schema.homes).values(until=office.now))
        conn.execute(insert(schema.persons), [{"id": 2000, "community": 10, "created": office.now}])
    office.run(2)
    assert sum(office.places(number).values()) == ALL


@pytest.mark.parametrize(
    ("audience", "people"),
    [
        (Audience((("building", 30),)), 30), (Audience((("building", 31),)), 0), (Audience((("estate", 5),)), 30),
        (Audience((("micro_grid", 12),)), 23), (Audience((("building", 30),), ("owner",)), 10),
        (Audience((("building", 30),), ("owner", "tenant")), 20), (Audience((("micro_grid", 12),), ("leader",)), 2),
        (Audience((("community", 10),), ("leader", "volunteer")), 4),
        (Audience((("building", 30),), ("volunteer",)), 2),
        (Audience((("community", 10),), ("leader", "volunteer"), adults=True), 3),
        (Audience((("building", 30), ("micro_grid", 12), ("community", 10))), ALL),
    ],
)  # fmt: skip
def test_who_is_meant(office: Office, audience: Audience, people: int) -> None:
    with office.db.writing() as conn:
        conn.execute(
            insert(schema.volunteers),
            [
                {"person": 1000, "adult": True, "since": office.now},
                {"person": 1001, "adult": None, "since": office.now},
            ],
        )
    found = asked(office.db, lambda read: read.reached(audience))
    assert found.people == people
    if people:
        number = office.start(audience, muster=audience.adults)
        assert sum(office.places(number).values()) == people


def test_names_are_masked_and_places_named(office: Office) -> None:
    found = asked(office.db, lambda read: read.reached(Audience((("building", 30), ("micro_grid", 12)))))
    assert found.where == "学府花园3幢、学府1-3"
    assert found.names == ("王*",) * 5


def test_more_than_five_hundred_need_a_second_person(office: Office) -> None:
    office.policy = Policy(announcement_second_above=20)
    number = office.write()
    assert office.act(Act.SUBMIT, number) == "超过20人，要另一位同志复核才发。已经告诉他们了。"
    assert office.state(number) == "asked"
    assert office.act(Act.APPROVE, number) == "自己写的公告要另一个人复核，不能自己同意。"
    office.run()
    assert office.state(number) == "asked"
    assert office.act(Act.APPROVE, number, OTHER_DESK) == "同意了，到时间就发。"
    office.run()
    assert office.state(number) == "sending"


def test_an_audience_that_grew_over_the_limit_is_asked_about(office: Office) -> None:
    office.policy = Policy(announcement_second_above=40)
    number = office.write(at=office.now + timedelta(hours=1))
    office.act(Act.SUBMIT, number)
    with office.db.writing() as conn:
        conn.execute(
            insert(schema.persons), [{"id": 3000 + n, "community": 10, "created": office.now} for n in range(20)]
        )
    office.run()
    assert office.state(number) == "waiting"
    office.now += timedelta(hours=1)
    office.run()
    assert (office.state(number), office.places(number)) == ("asked", {})
    office.act(Act.APPROVE, number, OTHER_DESK)
    office.run()
    assert sum(office.places(number).values()) == ALL + 20


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


STEPS = st.sampled_from(
    [
        "tick",
        "send",
        "send few",
        "fail",
        "pause",
        "resume",
        "cancel",
        "resend",
        "repeat",
        "kill feed",
        "kill send",
        "lease",
    ]
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14), ahead=st.sampled_from([3, 7, 50]))
def test_whatever_happens_the_states_add_up_and_nobody_is_sent_to_twice(
    office: Office, steps: list[str], ahead: int
) -> None:
    feeding.AHEAD, before = ahead, feeding.AHEAD
    office.policy = Policy(storm_times=1_000_000)  # the same words in every example: no storm here
    try:
        number = office.start()
        got: list[int] = []
        for step in steps:
            _happens(office, number, step, got)
            assert sum(office.places(number).values()) == ALL
        if office.state(number) == "paused":
            office.act(Act.RESUME, number)
        for _ in range(40):
            got += office.send()
            office.run(1)
            if office.state(number) in ("done", "cancelled") and "queued" not in office.places(number):
                break
        found = office.places(number)
        assert sum(found.values()) == ALL and set(found) <= {"sent", "failed", "unsure", "skipped", "cancelled"}
        assert len(got) == len(set(got))
        assert found.get("sent", 0) == len(got)
    finally:
        feeding.AHEAD = before


def _happens(office: Office, number: int, step: str, got: list[int]) -> None:
    match step:
        case "tick":
            office.run(1)
        case "send":
            got += office.send()
        case "send few":
            got += office.send(2)
        case "fail":
            for row in queue.claim(office.db, office.now, 2, "test", 60, quiet=False):
                queue.failed(office.db, row.id, "43004", office.now)
        case "pause" | "resume" | "cancel" | "resend" | "repeat":
            office.act(Act(step), number)
        case "kill feed":  # the process dies inside the transaction that feeds

            class Dead(Exception):
                pass

            def die(*_: object, **__: object) -> object:
                raise Dead

            real, feeding.crypto = feeding.crypto, type("Gone", (), {"current": staticmethod(die)})  # type: ignore[assignment,misc]
            try:
                office.run(1)
            except Dead:
                pass
            finally:
                feeding.crypto = real  # type: ignore[misc]
        case "kill send":  # claimed, then the sender dies before anything left
            queue.claim(office.db, office.now, 3, "dead", 60, quiet=False)
            office.now += timedelta(seconds=61)
            queue.release_expired(office.db, office.now)
        case "lease":
            office.now += timedelta(seconds=61)
            queue.release_expired(office.db, office.now)


def test_killed_in_the_middle_of_preparing_nobody_is_taken_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "SLICE", 8)
    number = office.write()
    office.act(Act.SUBMIT, number)
    office.run(2)
    assert office.state(number) == "preparing" and 0 < sum(office.places(number).values()) < ALL
    office.close()
    office.__post_init__()  # another process goes on
    office.run(8)
    assert sum(office.places(number).values()) == ALL and office.state(number) == "sending"
    assert outbox_of(office.db, number) == [(1000 + n, "waiting") for n in range(RESIDENTS)]
