"""What the clock does to points: codes that nobody fetched, deductions that nobody appealed, points that grew old."""

from __future__ import annotations

from datetime import datetime

from handlers.points import cases, months, rules, shop
from handlers.points.facts import PointsExpired
from handlers.points.mine import local, months_before
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimerSet
from handlers.types import Fact


def step(kind: str, subject: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The facts of a due timer; none when it has moved on. Raises ValueError for an unknown kind."""
    match kind:
        case "pt_code":
            found = read.redemption(subject)
            if found is None or found.state != "held":
                return ()
            if found.until > now:
                return (TimerSet(subject, kind, found.until),)
            return shop.ended(found, "expired", read)
        case "pt_case":
            case = read.case(subject)
            if case and case.rule == rules.FREEZE and case.state in ("proposed", "appealed"):
                return cases.refused(case, 0, "")
            return cases.applied(case, 0, "", read) if case and case.state == "proposed" else ()
        case months.TIMER:
            return months.due(subject, now, policy, read)
        case _:
            raise ValueError(f"no timer of the points is called {kind!r}")


def expire(person: int, community: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """Points older than the policy's months go; the oldest were spent first (domain.md §5.2)."""
    before = months_before(local(now), policy.points_valid_months)
    old = min(read.points_expiring(person, before), read.points_account(person).balance)
    return (PointsExpired(read.new_id(), person, community, -old),) if old > 0 else ()
