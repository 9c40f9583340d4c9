"""Limits per sender and per account: exact at their edges."""

from __future__ import annotations

from bot.bucket import Buckets
from bot.pace import Pace
from handlers.policy import Policy
from handlers.types import Sender

ANNA, BERT = Sender("webchat", "-", "a"), Sender("webchat", "-", "b")


def test_a_flood_is_answered_once_a_minute() -> None:
    pace = Pace(Policy(messages_per_minute=3))
    said = [pace.hear(ANNA, f"k{number}", 100.0 + number) for number in range(6)]
    assert said == ["pass", "pass", "pass", "fast", "hush", "hush"]
    assert pace.hear(BERT, "k", 105.0) == "pass"
    assert pace.hear(ANNA, "later", 160.5) == "pass"


def test_copies_are_not_counted() -> None:
    pace = Pace(Policy(messages_per_minute=2))
    assert [pace.hear(ANNA, key, 1.0) for key in ("a", "a", "a", "b", "b", "c", "b")] == [
        "pass", "again", "again", "pass", "again", "fast", "again",
    ]  # fmt: skip


def test_the_day_has_its_own_limit() -> None:
    pace = Pace(Policy(messages_per_minute=100, messages_per_day=2))
    assert [pace.hear(ANNA, key, at) for key, at in (("a", 0.0), ("b", 70.0), ("c", 140.0))] == [
        "pass",
        "pass",
        "many",
    ]
    assert pace.hear(ANNA, "d", 86_401.0) == "pass"


def test_buckets_let_a_burst_through_then_one_by_one() -> None:
    buckets = Buckets(rate=2.0, burst=3.0)
    assert [buckets.take("x", 10.0, 99.0) for _ in range(5)] == [0.0, 0.0, 0.0, 0.5, 1.0]
    assert buckets.take("y", 10.0, 99.0) == 0.0
    assert buckets.take("x", 100.0, 99.0) == 0.0


def test_how_many_may_act_soon() -> None:
    buckets = Buckets(rate=10.0, burst=5.0)
    assert buckets.within(0.0, 1.0) == (15.0, 15.0)
    for name in ("a", "a", "a", "b"):
        buckets.take(name, 0.0, 9.0)
    least, most = buckets.within(0.0, 0.5)
    assert (round(least, 6), round(most, 6)) == (7.0, 9.0)
    assert [buckets.take("a", 0.0, 9.0) <= 0.5 for _ in range(8)] == [True] * 7 + [False]
    assert buckets.within(9.0, 0.0) == (5.0, 5.0)
    buckets.block("a", 99.0)
    least, most = buckets.within(9.0, 0.5)
    assert least < 0 < most


def test_nothing_is_taken_beyond_patience() -> None:
    buckets = Buckets(rate=1.0, burst=1.0)
    assert buckets.take("x", 0.0, 5.0) == 0.0
    buckets.block("x", 100.0)
    assert buckets.take("x", 0.0, 5.0) == buckets.take("x", 0.0, 5.0) > 90.0
    assert buckets.take("x", 101.0, 5.0) == 0.0
