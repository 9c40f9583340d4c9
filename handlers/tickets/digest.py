"""Digests for supervisors at set times, reminders of what nobody has read; nothing when there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets import reach, texts
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.digest_facts import DigestTold
from handlers.tickets.digest_port import Tally
from handlers.tickets.facts import TimerSet
from handlers.types import Fact, Person, Push, Rank, Role

DIGEST, REMINDER = "digest", "reminder"
SUPERVISORS = (Role.DESK, Role.STREET, Role.HEAD)
LATEST = timedelta(hours=2)  # a set time missed by more is left out: the next one comes
_NAMES = {Role.DESK: "", Role.STREET: "街道", Role.HEAD: "本单位"}
_COUNTS = (
    ("late", "超时"), ("today", "今天到期"), ("waiting", "没人接"), ("asked", "等您批"), ("danger", "紧急"),
)  # fmt: skip


def times(kind: str, policy: Policy) -> tuple[str, ...]:
    """HH:MM of a kind, Asia/Shanghai."""
    return policy.digest_times if kind == DIGEST else policy.reminder_times


def slot(kind: str, now: datetime, policy: Policy) -> datetime | None:
    """The set time that has come and is not long past; None between them."""
    local = now.astimezone(SHANGHAI)
    set_ = (datetime.combine(local.date(), time.fromisoformat(at), SHANGHAI) for at in times(kind, policy))
    return max((at for at in set_ if at <= local < at + LATEST), default=None)


def step(timer: str, subject: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """A due timer "dg_digest" or "dg_reminder" of a person. Fired again in the same slot it does nothing.

    Who has nothing to hear keeps it until the slot is over: asked once at a set time, not every minute.
    """
    kind = timer.removeprefix("dg_")
    start, person = slot(kind, now, policy), read.person(subject)
    if start is None or person is None or read.told_since(subject, kind, start):
        return ()
    told = _digest(person, now, policy, read) if kind == DIGEST else _reminder(person, now, read)
    return told or (TimerSet(subject, timer, start + LATEST),)


def pushes(fact: DigestTold) -> list[Push]:
    return [Push(fact.person, fact.words, fact.kind, Rank.NOTICE)]


def _digest(person: Person, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    local = now.astimezone(SHANGHAI)
    day_end = datetime.combine(local.date() + timedelta(days=1), time(), SHANGHAI)
    parts: list[str] = []
    count = 0
    for post in person.posts:
        if post.role not in SUPERVISORS:
            continue
        tally = read.tally(post.role, post.scope, now - timedelta(days=1), day_end, now)
        community = post.scope if post.role is Role.DESK else 0
        rests = not read.calendar(community).works(local.date())
        if not (tally.open or tally.new or tally.solved) or (rests and not tally.danger):
            continue
        known = read.community(community) if community else None
        name = known.name if known else _NAMES[post.role]
        parts.append(_scope(name, tally, read.pressing(post.role, post.scope, policy.digest_items), now, read))
        count += tally.open
    if not parts:
        return ()
    hello = "早上好。" if local.hour < 11 else "今天到现在："
    return (DigestTold(person.id, DIGEST, count, f"{hello}\n" + "\n\n".join(parts)),)


def _scope(name: str, tally: Tally, pressing: Iterable[Ticket], now: datetime, read: Read) -> str:
    counts = "，".join(f"{word}{getattr(tally, field)}件" for field, word in _COUNTS if getattr(tally, field))
    lines = [f"{name}在办{tally.open}件" + (f"，其中{counts}。" if counts else "，都在时限内。")]
    found = [_line(ticket, now, read) for ticket in pressing]
    lines += ["最急的：", *found] if found else []
    lines.append(f"一天里新报{tally.new}件，办好{tally.solved}件。")
    return "\n".join(lines)


def _line(ticket: Ticket, now: datetime, read: Read) -> str:
    owner = read.person(ticket.owner) if ticket.owner and not reach.kept_at_desk(ticket) else None
    clock = ""
    if ticket.due:
        clock = f"，{texts.when(ticket.due, now)}{'到期' if ticket.due < now else '前'}"
    return f"{ticket.short} {ticket.summary}（{ticket.place.label or '地点待定'}）{ticket.status}{clock}" + (
        f"，{owner.name}" if owner and owner.name else ""
    )


def _reminder(person: Person, now: datetime, read: Read) -> tuple[Fact, ...]:
    """Who has written or opened a page since needs no reminder; the ladder of each task runs all the same."""
    found = read.unread(person.id)
    if not found:
        return ()
    lines = [_mine(ticket, now) for ticket in found[:9]]
    more = f"\n还有{len(found) - 9}件。" if len(found) > 9 else ""
    words = f"您有{len(found)}件还没看：\n" + "\n".join(lines) + f"{more}\n说「我的待办」，或者打开清单。"
    return (DigestTold(person.id, REMINDER, len(found), words),)


def _mine(ticket: Ticket, now: datetime) -> str:
    by = f"，{texts.when(ticket.due, now)}{'到期' if ticket.due < now else '前'}" if ticket.due else ""
    return f"{ticket.short} {ticket.summary}（{ticket.place.label or '地点待定'}）{ticket.status}{by}"
