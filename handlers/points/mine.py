"""A resident asks for his points: balance, where they came from, the rules, the list of honour, the household."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.points import texts
from handlers.points.earn import day_start
from handlers.points.facts import PointsShown
from handlers.read import Read
from handlers.types import Outcome, Refused, Reply, Turn, say

SHANGHAI = ZoneInfo("Asia/Shanghai")


def balance(turn: Turn, read: Read) -> Outcome:
    policy = turn.policy
    account = read.points_account(turn.who.id)
    soon = months_before(
        local(turn.now) + timedelta(days=policy.points_expiry_notice_days), policy.points_valid_months
    )
    expiring = min(account.balance, read.points_expiring(turn.who.id, soon))
    month = read.points_earned(turn.who.id, day_start(local(turn.now)).replace(day=1))
    held = len(read.redemptions_of(turn.who.id))
    return say(texts.balance(account, month, max(0, expiring), policy.points_expiry_notice_days, held))


def history(turn: Turn, read: Read) -> Outcome:
    found = read.points_entries(turn.who.id, limit=6)
    return say(texts.entries(found) if found else texts.NO_ENTRIES)


def rules(turn: Turn, read: Read) -> Outcome:
    return say(texts.rules(rule for rule in read.points_rules(turn.who.community) if rule.open))


def rank_on(turn: Turn, read: Read) -> Outcome:
    return _shown(turn, "ranked", True, texts.RANKED_ON)


def rank_off(turn: Turn, read: Read) -> Outcome:
    return _shown(turn, "ranked", False, texts.RANKED_OFF)


def share_on(turn: Turn, read: Read) -> Outcome:
    return _shown(turn, "shared", True, texts.SHARED_ON)


def share_off(turn: Turn, read: Read) -> Outcome:
    return _shown(turn, "shared", False, texts.SHARED_OFF)


def household(turn: Turn, read: Read) -> Outcome:
    """The sum of the members who agreed; nobody's own number is shown to the others."""
    if not turn.who.homes:
        raise Refused(texts.NO_HOME)
    lines = []
    for home in turn.who.homes:
        points, members = read.points_of_household(home.household)
        lines.append(texts.household(home.place.label, points, members))
    return say("\n".join(lines))


def _shown(turn: Turn, what: str, on: bool, words: str) -> Outcome:
    return Outcome(replies=(Reply(words),), facts=(PointsShown(turn.who.id, what, on),))


def local(now: datetime) -> datetime:
    """Caps, months and dates run by the community's own day."""
    return now.astimezone(SHANGHAI)


def months_before(at: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the month's last (31 → 28)."""
    number = at.year * 12 + at.month - 1 - months
    first = at.replace(year=number // 12, month=number % 12 + 1, day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(at.day, last.day))


def community_of(turn: Turn) -> int:
    """Where the person's points are kept. Raises Refused when no community is known."""
    if not turn.who.community:
        raise Refused(texts.NO_COMMUNITY)
    return turn.who.community


def masked(read: Read, person: int) -> str:
    """王*: what others may see of a person who agreed to be seen."""
    found = read.person(person)
    return f"{found.name[0]}*" if found and found.name else "居民"
