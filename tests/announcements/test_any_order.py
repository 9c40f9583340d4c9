"""Whatever happens to an announcement in whatever order, the states add up and nobody is sent to twice."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.announcements.rules import Act
from handlers.policy import Policy
from storage import feeding, queue
from tests.announcements.kit import ALL, Office

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
