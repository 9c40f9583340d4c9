"""Makes the facts of a new ticket: number, class, owner, limits and first timers. No conversation here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.policy import Policy
from handlers.read import Duty, Read, Ticket
from handlers.tickets import categories, rules
from handlers.tickets.clock import SHANGHAI, Calendar, add_working
from handlers.tickets.facts import TicketOpened, TimerSet
from handlers.tickets.ladder import first_rung
from handlers.tickets.limits import Clock, Limits
from handlers.tickets.rules import Status
from handlers.types import Fact, Media, Pin, Turn
from nlp.types import Place


@dataclass(frozen=True, slots=True)
class Report:
    """One matter, ready to become a ticket."""

    words: str
    summary: str
    category: str
    urgency: str = "normal"
    kind: str = "求助"
    place: Place | None = None
    media: tuple[Media, ...] = ()
    pin: Pin | None = None
    anonymous: bool = False
    to_desk: bool = False  # a question, a complaint, a voice: the community itself


@dataclass(frozen=True, slots=True)
class Promise:
    accept_by: datetime
    due: datetime


def limits(level: str, now: datetime, calendar: Calendar, table: Limits | None = None, category: str = "") -> Promise:
    """The two promises of a class that begins now (domain.md §2.4). `table`: the community's limits."""
    table = table or Limits()

    def after(clock: Clock) -> datetime:
        limit = table.of(clock, level, category)
        if limit is None:
            raise ValueError(f"the table has no limit of {clock} for {level}")
        minutes = timedelta(minutes=limit.minutes)
        return add_working(now, limit.minutes, calendar) if limit.working else now + minutes

    return Promise(after(Clock.ACCEPT), after(Clock.WHOLE))


def promised(read: Read, ticket: Ticket, now: datetime) -> Promise:
    """The promises of a ticket whose step or order begins again now."""
    return limits(
        ticket.level, now, read.calendar(ticket.community), read.limits(ticket.community), ticket.category
    )  # fmt: skip


def ladder(ticket: int, level: str, now: datetime, policy: Policy, calendar: Calendar) -> tuple[Fact, ...]:
    """Timers of the silent owner: remind, deputy, community. Natural time for T0/T1, duty time else."""
    steps = (
        ("remind", policy.accept_remind),
        ("deputy", policy.accept_deputy),
        ("community", policy.accept_community),
    )
    facts: list[Fact] = []
    for kind, table in steps:
        minutes = policy.by_class(table, level)
        due = now + timedelta(minutes=minutes) if level in ("T0", "T1") else add_working(now, minutes, calendar)
        facts.append(TimerSet(ticket, kind, due))
    return tuple(facts)


def goes_to_desk(report: Report) -> bool:
    """Questions and complaints go to the community: nobody judges a complaint against himself (§2.8)."""
    return (
        report.to_desk
        or report.category in categories.COMPLAINTS | categories.DESK_ONLY
        or (
            report.kind in ("投诉举报", "咨询")
            and not report.category.startswith(("01", "02", "03", "04", "05", "06", "07", "08", "09", "10"))
        )
    )


def open_ticket(turn: Turn, read: Read, report: Report) -> tuple[TicketOpened, tuple[Fact, ...]]:
    """The ticket's first fact and the timers that go with it."""
    now = turn.now
    place = report.place or Place(community=turn.who.community)
    calendar, table = read.calendar(place.community), read.limits(place.community)
    duty = read.duty(place) if place.community else Duty(community=0)
    category = report.category or categories.OTHER
    level = rules.level(categories.CATEGORIES[category].level, report.urgency)
    owner = 0 if goes_to_desk(report) else (duty.leader or duty.deputy)
    promised = limits(level, now, calendar, table, category)
    whole = table.of(Clock.WHOLE, level, category)
    assert whole is not None
    ticket = read.new_id()
    opened = TicketOpened(
        ticket=ticket,
        code=read.ticket_code(now.astimezone(SHANGHAI).date()),
        community=place.community,
        micro_grid=duty.micro_grid,
        reporter=turn.who.id,
        category=category,
        level=level,
        urgency=report.urgency,
        kind=report.kind,
        status=Status.TO_ACCEPT if owner else Status.TO_DISPATCH,
        owner=owner,
        place=place,
        words=report.words,
        summary=report.summary,
        media=report.media,
        pin=report.pin,
        anonymous=report.anonymous or turn.who.anonymous,
        source=turn.inbound.sender.channel,
        accept_by=promised.accept_by,
        due=promised.due,
    )
    timers: tuple[Fact, ...] = (TimerSet(ticket, "overdue", first_rung(whole, now, calendar)),)
    if owner:
        timers += ladder(ticket, level, now, turn.policy, calendar)
    else:
        timers += (TimerSet(ticket, "remind", promised.accept_by),)
    return opened, timers


def summary_of(text: str, limit: int = 40) -> str:
    """The fault in one line: blanks joined, cut at a border, never empty."""
    line = " ".join(text.split()).strip(" ,。;、:!?,.;:!?")
    return line if len(line) <= limit else line[: limit - 1] + "…"
