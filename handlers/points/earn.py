"""From what somebody did to points: caps, only once, flags for a second look. Knows no feature but this one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol

from handlers.points import rules
from handlers.points.facts import PointsEarned, PointsReversed
from handlers.points.port import PointsRead
from handlers.points.rules import Rule
from handlers.policy import Policy
from handlers.types import Fact

_BURST = timedelta(minutes=10)


class Ids(PointsRead, Protocol):
    def new_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Merit:
    """Something done that a rule may thank for. `ref` is what it was: "ticket:<id>", "activity:<id>".

    `times`: how many times the rule's points (hours of service). `other`: the second person of a pair.
    """

    person: int
    community: int
    rule: str
    ref: str
    times: int = 1
    by: int = 0
    other: int = 0
    reused: bool = False  # its photo was seen before


@dataclass(frozen=True, slots=True)
class Unearned:
    """What a merit was given for turned out not to be so: its points go back."""

    person: int
    community: int
    rule: str
    ref: str
    by: int
    why: str


def granted(merits: Iterable[Merit | Unearned], now: datetime, policy: Policy, read: Ids) -> tuple[Fact, ...]:
    """The points of what was done, in order; what one merit used of a cap counts for the next."""
    facts: list[Fact] = []
    for merit in merits:
        if isinstance(merit, Unearned):
            facts += _back(merit, read)
            continue
        rule = next((r for r in read.points_rules(merit.community) if r.code == merit.rule and r.open), None)
        if rule is None or not merit.person or merit.by == merit.person:
            continue  # nobody approves his own
        once = f"{rule.code}:{merit.ref}:{merit.person}"
        so_far = [f for f in facts if isinstance(f, PointsEarned) and f.person == merit.person]
        if any(f.once == once for f in so_far) or read.points_given(once) or merit.reused:
            continue
        times = min(merit.times, _left(rule, merit, so_far, now, read))
        if times <= 0:
            continue
        facts.append(
            PointsEarned(
                read.new_id(), merit.person, merit.community, rule.code, rule.version, rule.worth(times), once,
                merit.ref, merit.by, 0, _flag(rule, merit, once, now, policy, read), times, merit.other or merit.by,
            )
        )  # fmt: skip
    return tuple(facts)


def day_start(now: datetime) -> datetime:
    """Midnight of a moment in Shanghai's local time; `now` is in that zone."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _left(rule: Rule, merit: Merit, so_far: list[PointsEarned], now: datetime, read: PointsRead) -> int:
    """How many more times the caps allow."""
    today = day_start(now)
    month = today.replace(day=1)
    here = sum(f.times for f in so_far if f.rule == rule.code)
    left = merit.times
    if rule.day_cap:
        left = min(left, rule.day_cap - here - read.points_times(merit.person, rule.code, today))
    if rule.month_cap:
        left = min(left, rule.month_cap - here - read.points_times(merit.person, rule.code, month))
    if rule.pair_month_cap and merit.other:
        left = min(
            left, rule.pair_month_cap - read.points_pair_times(merit.person, merit.other, rule.code, month)
        )  # fmt: skip
    return left


def _flag(rule: Rule, merit: Merit, once: str, now: datetime, policy: Policy, read: PointsRead) -> str:
    """Why this should be looked at again (domain.md §5.4). Flags hold nothing up, they make a list."""
    if read.points_times(merit.person, rule.code, now - _BURST) >= policy.points_burst:
        return "burst"
    if merit.by and read.points_pair_times(merit.person, merit.by, rule.code, now - timedelta(days=30)) >= (
        policy.points_pair_looked_at
    ):
        return "pair"
    # the same five in a hundred on every run: chance comes from what it is about, not from a die
    draw = int.from_bytes(blake2b(once.encode(), digest_size=2).digest(), "big") % 100
    return "sample" if draw < policy.points_recheck_percent else ""


def _back(merit: Unearned, read: Ids) -> list[Fact]:
    entry = read.points_entry(f"{merit.rule}:{merit.ref}:{merit.person}", merit.person)
    if entry is None or entry.points <= 0:
        return []
    return [
        PointsReversed(
            read.new_id(), entry.id, merit.person, merit.community, -entry.points, merit.by, merit.why
        )
    ]  # fmt: skip


__all__ = ["Merit", "Unearned", "day_start", "granted", "rules"]
