"""Makes the facts of a new ticket: number, class, owner, limits and first timers. No conversation here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.policy import Policy
from handlers.read import Duty, Read, Ticket
from handlers.tickets import categories, rules
from handlers.tickets.clock import SHANGHAI, Calendar, add_working
from handlers.tickets.facts import TicketOpened, TimerSet
from handlers.tickets.ladder import first_rung
from handlers.tickets.limits import Clock, Limits
from handlers.tickets.parties import first_hand, responsible
from handlers.tickets.rules import Status
from handlers.types import Fact, Media, Pin, Turn
from nlp.quick import quick
from nlp.types import Place
from nlp.unnamed import unnamed

_FULL = dict(zip(",;:!?", "，；：！？", strict=True))
# said while looking for words, as voices put into text are full of
_FILLERS = re.compile(
    r"就是那个就是|就是那个|那个就是|就是说|怎么说呢|我[跟同]你[讲说][啊哦呀]?|你[晓知]得[伐吧哦]|你知道[伐吧]|是这样的[啊呀]?"
)
_AFTER_HAN = re.compile(r"(?<=[㐀-鿿])[,;:!?]")
_BORDERS = "，。；！？"


@quick
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
    proxy_for: int = 0  # 代: whom it is for, when known here
    proxy_name: str = ""
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
    """Timers of the silent hand: remind, deputy, grid, community. Natural time for T0/T1, duty time else."""
    steps = (
        ("remind", policy.accept_remind),
        ("deputy", policy.accept_deputy),
        ("grid", policy.accept_grid),
        ("community", policy.accept_community),
    )
    return tuple(
        TimerSet(ticket, kind, _after(policy.by_class(table, level), level, now, calendar)) for kind, table in steps
    )


def accept_step(
    table: tuple[tuple[str, int], ...], level: str, now: datetime, policy: Policy, read: Read, ticket: Ticket
) -> datetime:
    """When a step of the ladder that begins now is due."""
    return _after(policy.by_class(table, level), level, now, read.calendar(ticket.community))


def _after(minutes: int, level: str, now: datetime, calendar: Calendar) -> datetime:
    return now + timedelta(minutes=minutes) if level in ("T0", "T1") else add_working(now, minutes, calendar)


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


def against(report: Report, place: Place, duty: Duty, read: Read) -> tuple[int, int]:
    """Who is complained of: (person, unit). They will have no part in the ticket (§2.8)."""
    if report.category not in categories.COMPLAINTS and report.kind != "投诉举报":
        return 0, 0
    named = next((p.id for p in read.staff(place.community) if p.name and p.name in report.words), 0)
    person = named or (duty.leader if "网格长" in report.words else 0)
    if person and "物业" not in report.words:
        return person, 0
    if report.category in categories.COMPLAINTS and read.category(report.category).lead == "WY":
        unit = responsible("WY", place, read) if place.community else None
        return person, unit.id if unit else 0
    return person, 0


def open_ticket(turn: Turn, read: Read, report: Report) -> tuple[TicketOpened, tuple[Fact, ...]]:
    """The ticket's first fact and the timers that go with it."""
    now = turn.now
    place = report.place or Place(community=turn.who.community)
    calendar, table = read.calendar(place.community), read.limits(place.community)
    duty = read.duty(place) if place.community else Duty(community=0)
    category = report.category or categories.OTHER
    known = read.category(category)
    to_desk = goes_to_desk(report)
    accused, accused_unit = against(report, place, duty, read)
    level = rules.level("TW" if accused_unit else known.level, report.urgency)
    hand = first_hand(known, level, place, now, read, desk=to_desk)
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
        status=Status.TO_ACCEPT if hand.owner or hand.unit else Status.TO_DISPATCH,
        owner=hand.owner,
        place=place,
        words=report.words,
        summary=report.summary,
        media=report.media,
        pin=report.pin,
        anonymous=report.anonymous or turn.who.anonymous,
        source=turn.inbound.sender.channel,
        accept_by=promised.accept_by,
        due=promised.due,
        unit=hand.unit,
        tier=hand.tier,
        proxy_for=report.proxy_for,
        proxy_name=report.proxy_name,
        against=accused,
        against_unit=accused_unit,
    )
    timers: tuple[Fact, ...] = (TimerSet(ticket, "overdue", first_rung(whole, now, calendar)),)
    if hand.owner or hand.unit:
        timers += ladder(ticket, level, now, turn.policy, calendar)
    else:
        timers += (TimerSet(ticket, "remind", promised.accept_by),)
    return opened, timers


def summary_of(text: str, limit: int = 40) -> str:
    """The fault in one line as it is printed: blanks joined, cut at a clause where there is one, without what names
    the reporter, for neighbours are told of it.
    """
    told = unnamed(" ".join(_FILLERS.sub("", text).split()))
    line = _AFTER_HAN.sub(lambda sign: _FULL[sign.group()], told.strip(" ,。;、:!?,.;:!?"))
    if len(line) <= limit:
        return line
    border = max(line.rfind(sign, limit // 2, limit) for sign in _BORDERS)
    return line[: border if border > 0 else limit - 1] + "…"
