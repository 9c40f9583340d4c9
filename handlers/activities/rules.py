"""The rules of volunteering as tables and pure arithmetic (domain.md §4); standard library only."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Of an activity."""

    OPEN = "open"
    CANCELLED = "cancelled"
    RECORDED = "recorded"  # hours are in the ledger


class Place(StrEnum):
    """Of a sign-up."""

    SEATED = "seated"
    CONSENT = "consent"  # holds seats until the guardian answers
    REVIEW = "review"  # holds seats until the organiser answers
    OFFERED = "offered"  # holds seats until the person answers
    WAITING = "waiting"
    LEFT = "left"
    LAPSED = "lapsed"  # an offer or a guardian's answer did not come in time
    REFUSED = "refused"
    CAME = "came"
    ABSENT = "absent"


HOLDS = frozenset({Place.SEATED, Place.CONSENT, Place.REVIEW, Place.OFFERED})
LIVE = HOLDS | {Place.WAITING}

EMERGENCY = "抢险救灾"
KINDS = ("环境清洁", "助老助残", "文明劝导", "安全巡查", "文体活动", "便民服务", EMERGENCY, "其他")

ADULT, ALONE = 18, 14  # years; under ALONE only with a grown-up of the family (PIPL 31, 民法典 19–20)

STARS = ((1, 100), (2, 300), (3, 600), (4, 1000), (5, 1500))  # hours (domain.md §4.2)


def half_hours(minutes: int) -> int:
    """Half hours recorded for minutes served: rounded down, nothing under half an hour (domain.md §4.1 "Hours")."""
    return max(0, minutes) // 30


def served(came: datetime, went: datetime, starts: datetime) -> int:
    """Whole minutes of service. Who comes early waits; waiting and the way are not service."""
    return max(0, int((went - max(came, starts)).total_seconds() // 60))


def stars(half: int) -> int:
    """Stars 0–5 for half hours served."""
    return max((star for star, hours in STARS if half >= 2 * hours), default=0)


def missing(half: int) -> tuple[int, int] | None:
    """(next star, half hours missing for it); None with five stars."""
    return next(((star, 2 * hours - half) for star, hours in STARS if half < 2 * hours), None)


def hours_text(half: int) -> str:
    """3 → 1.5, 4 → 2."""
    return f"{half // 2}.5" if half % 2 else str(half // 2)


def may_come_in(at: datetime, starts: datetime, before: int, after: int) -> int:
    """-1 too early, 0 in the window of checking in, 1 too late. Minutes before and after the start."""
    if at < starts - timedelta(minutes=before):
        return -1
    return 1 if at > starts + timedelta(minutes=after) else 0


def age_in(year: int, born: int) -> int:
    """The age that is certain in that year: the birthday may still come."""
    return year - born - 1


def low_priority(absences: tuple[datetime, ...], now: datetime, most: int, days: int) -> bool:
    """Whether somebody stands behind the others: `most` absences, the last within `days` (domain.md §4.2)."""
    return len(absences) >= most and max(absences) > now - timedelta(days=days)
