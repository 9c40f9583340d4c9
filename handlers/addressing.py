"""Which of a person's addresses a push goes to: one, by a table; not how it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WORK = frozenset({"wecom"})  # channels people use for their post
# Kind of push → what decides, in order: the person's wish, the channel for work or for private life, last seen.
ORDER: dict[str, tuple[str, ...]] = {
    "task": ("wish", "seen"),
    "alarm": ("seen",),  # danger: where the person was a moment ago
    "desk": ("wish", "seen"),
    "digest": ("wish", "work", "seen"),
    "reminder": ("wish", "seen"),
    "reply": ("seen",),  # the answer to what was just written
    "progress": ("private", "seen"),  # of what the person reported as a resident
    "rating": ("private", "seen"),
    "*": ("wish", "seen"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """An address that takes messages; `seen`: when the person last wrote there."""

    channel: str
    seen: datetime


def choose(kind: str, known: Sequence[Known], wish: str = "") -> int:
    """Index of the address for this kind of push. `wish`: the channel the person asked for, "" for none."""
    rule = ORDER.get(kind, ORDER["*"])

    def rank(place: int) -> tuple[float, ...]:
        address = known[place]
        tests = {
            "wish": address.channel == wish,
            "work": address.channel in WORK,
            "private": address.channel not in WORK,
            "seen": True,
        }
        return (*(float(tests[test]) for test in rule if test != "seen"), address.seen.timestamp())

    return max(range(len(known)), key=rank)
