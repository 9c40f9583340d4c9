"""The audience is frozen once and counted whole, whatever happens to the program; large ones need a second person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from handlers.announcements.port import Audience
from handlers.announcements.rules import Act
from handlers.policy import Policy
from storage import broadcast, schema, view_announcements
from tests.announcements.kit import ALL, OTHER_DESK, RESIDENTS, Office, outbox_of
from tests.storage.kit import asked


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
