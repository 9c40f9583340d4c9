"""What a page shows of a matter: to its reporter, to a neighbour who follows, to whoever handles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets import categories, page_texts, reach, texts
from handlers.tickets.buttons import WORDS, buttons
from handlers.tickets.listeners import reporter
from handlers.tickets.rules import OPEN, Action, Status, Who, possible
from handlers.tickets.tasks import lying
from handlers.types import Person, Pin

_ADDS = 10  # characters: what is little longer than the summary says nothing new


@dataclass(frozen=True, slots=True)
class Sheet:
    """A matter as one person may read it; "" where there is nothing to say.

    `asks`: solved, rating or "": what the reporter is asked now. `may_reopen`: still time to say 没解决.
    `hidden`: no handler is named (complaints).
    """

    ticket: int
    code: str
    title: str
    place: str
    state: str
    stage: int
    promise: str
    late: bool
    words: str
    result: str
    rating: str
    own: bool
    hidden: bool
    asks: str
    may_add: bool
    may_urge: bool
    may_reopen: bool


def sheet(ticket: Ticket, who: Person, now: datetime, policy: Policy, read: Read) -> Sheet | None:
    """None when the matter is not this person's to read."""
    parts = reach.parts(who, ticket, read)
    own = Who.REPORTER in parts
    if not own and Who.FOLLOWER not in parts:
        return None
    hidden = reach.kept_at_desk(ticket)
    may = possible(ticket.status, parts)
    running = ticket.status in OPEN and ticket.status is not Status.HUNG and ticket.due is not None
    late = bool(running and ticket.due and ticket.due < now)
    ended = ticket.closed or ticket.solved
    recent = ended is not None and now - ended <= timedelta(days=policy.reopen_days)
    return Sheet(
        ticket=ticket.id,
        code=ticket.code,
        # what somebody wrote may hold a door number or a name: a neighbour reads the matter's kind
        title=(ticket.summary or "（内容已删除）") if own else categories.name(ticket.category),
        place=ticket.place.label if own else _outside(ticket),
        state=page_texts.state(ticket.status, _facing(ticket, now, read, hidden=hidden), own=own),
        stage=page_texts.STAGE.get(ticket.status, -1),
        promise=_promise(ticket, now) if running else "",
        late=late,
        words=ticket.words if own and ticket.words != ticket.summary else "",
        result=ticket.result,
        rating=ticket.rating if own else "",
        own=own,
        hidden=hidden,
        asks=_asks(ticket) if own else "",
        may_add=Action.ADD in may and (own or ticket.status is not Status.TO_RATE),
        may_urge=own and Action.URGE in may,
        may_reopen=own and ticket.status is Status.DONE and recent,
    )


def _facing(ticket: Ticket, now: datetime, read: Read, *, hidden: bool) -> page_texts.Facing:
    """`hidden`: nobody is named, and what was written about it stays with the community."""
    main = read.ticket(ticket.merged_into) if ticket.merged_into else None
    hung = ticket.status is Status.HUNG
    return page_texts.Facing(
        owner="" if hidden else hand(ticket.owner, ticket.unit, read),
        level=page_texts.LEVELS.get(ticket.tier, "社区"),
        until=texts.when(ticket.hung_until, now),
        reason=read.noted(ticket.id, "TicketHung") if hung and not hidden else "",
        main=main.short if main else "",
        route=ticket.ended,
        waits=ticket.status in (Status.IN_HAND, Status.EXTENSION_ASKED) and ticket.due is None,
    )


def hand(owner: int, unit: int, read: Read) -> str:
    """The name of who has a matter: a person, else a unit; "" for nobody yet."""
    person = read.person(owner) if owner else None
    if person is not None:
        return person.name
    found = read.unit(unit) if unit else None
    return found.name if found else ""


def _promise(ticket: Ticket, now: datetime) -> str:
    assert ticket.due is not None
    return f"{texts.when(ticket.due, now)}前办好，{page_texts.remaining(ticket.due, now)}"


def _asks(ticket: Ticket) -> str:
    if ticket.status is Status.TO_RATE and ticket.solved_answer is None:
        return "solved"
    if ticket.status in (Status.TO_RATE, Status.DONE) and not ticket.rating and ticket.solved_answer:
        return "rating"
    return ""


def _outside(ticket: Ticket) -> str:
    """The place down to the building: a neighbour needs no door number."""
    place = ticket.place
    if not (place.unit or place.floor or place.room):
        return place.label
    at = place.label.find(place.building, len(place.estate_name)) if place.building else -1
    return place.label[: at + len(place.building) + 1] if at >= 0 else place.estate_name


@dataclass(frozen=True, slots=True)
class Task:
    """A matter on a handler's list. `verbs`: (button, what words it asks for, "" for none)."""

    ticket: int
    code: str
    short: str
    title: str
    place: str
    state: str
    due: str
    left: str
    group: str  # late, today, later
    danger: bool
    words: str
    reporter: str
    pin: Pin | None
    verbs: tuple[tuple[str, str], ...]


def tasks(who: Person, now: datetime, read: Read) -> tuple[Task, ...]:
    """What waits for a person: their own, then what lies with their desk, grid, street or units; pressing first."""
    found = list(read.tasks_of(who.id))
    found += [t for t in lying(who, read) if t.id not in {f.id for f in found}]
    far = now + timedelta(days=3650)
    found.sort(key=lambda t: (t.level != "T0", t.due or far, t.opened))
    return tuple(_task(ticket, who, now, read) for ticket in found)


def offered(ticket: Ticket, who: Person, parts: frozenset[Who], read: Read) -> tuple[str, ...]:
    """The buttons of a matter for somebody who is `parts` to it."""
    party = reach.party_of(who, ticket, read) if Who.PARTNER in parts else None
    return buttons(
        ticket.status, parts, visited=ticket.visited is not None, designated=ticket.designated,
        own=ticket.owner == who.id, party=party,
    )  # fmt: skip


def _task(ticket: Ticket, who: Person, now: datetime, read: Read) -> Task:
    kept = ticket.category in categories.DESK_ONLY and ticket.owner != 0
    late = ticket.due is not None and ticket.due < now
    today = ticket.due is not None and texts.when(ticket.due, now).startswith("今天")
    parts = reach.parts(who, ticket, read)
    verbs = offered(ticket, who, parts, read)
    return Task(
        ticket=ticket.id,
        code=ticket.code,
        short=ticket.short,
        title=categories.name(ticket.category) if kept else ticket.summary or "（内容已删除）",
        place=ticket.place.label or "地点还没说清",
        state=str(ticket.status),
        due=f"{texts.when(ticket.due, now)}前" if ticket.due else "",
        left=page_texts.remaining(ticket.due, now) if ticket.due else "",
        group="late" if late else "today" if today else "later",
        danger=ticket.level == "T0",
        words=ticket.words if not kept and len(ticket.words) - len(ticket.summary) > _ADDS else "",
        reporter="" if kept else reporter(ticket.reporter, ticket.anonymous, read),
        pin=None if kept else ticket.pin,
        verbs=tuple((verb, WORDS.get(verb, "")) for verb in verbs),
    )
