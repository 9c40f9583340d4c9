"""Applies what happened to a ticket to its tables; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import and_, bindparam, case, delete, func, select, update

from handlers.tickets import facts as f
from handlers.tickets.rules import Status
from handlers.types import Media, Pin
from storage import erasure, places
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import followers, media, notes, tickets, timers
from storage.sql import Prepared
from storage.values import place_json

TicketFact = (
    f.TicketOpened | f.TicketFollowed | f.WordsAdded | f.PlaceCorrected | f.TicketUrged | f.TicketWithdrawn
    | f.NameHidden | f.TicketDispatched | f.TicketAccepted | f.TicketVisited | f.ReturnAsked | f.ReturnDecided
    | f.ExtensionAsked | f.ExtensionDecided | f.TicketSolved | f.SolvedAnswered | f.TicketReopened | f.TicketRated
    | f.TicketClosed | f.OwnerReminded | f.DeskReplied | f.AccessRefused
    | f.TimerSet | f.TimersCleared
)  # fmt: skip

_t = tickets.c
_now = bindparam("now", type_=Utc())


class _Change:
    """An UPDATE of one ticket, over the version that was read or over any."""

    def __init__(self, **values: Any) -> None:
        change = update(tickets).values(changed=_now, version=_t.version + 1, **values)
        mine = _t.id == bindparam("ticket")
        self._seen = Prepared(change.where(and_(mine, _t.version == bindparam("seen"))))
        self._any = Prepared(change.where(mine))

    def write(self, pen: Pen, ticket: int, **values: Any) -> None:
        seen = pen.reader.seen.get(ticket)
        if seen is None:
            pen.tx.write(self._any, ticket=ticket, now=pen.now, **values)
        else:
            pen.reader.seen[ticket] = seen + 1
            pen.tx.write_once(self._seen, ticket=ticket, now=pen.now, seen=seen, **values)


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_in_hand = Status.IN_HAND.value
_once_accepted = func.coalesce(_t.accepted, _now, type_=Utc())
_NEW = Prepared(
    tickets.insert().values(
        **_given(
            "id", "code", "tail", "community", "micro_grid", "category", "level", "urgency", "kind", "status",
            "place", "place_key", "lat", "lon", "words", "summary", "reporter", "owner", "anonymous", "dispatches",
            "source", "opened", "changed", "accept_by", "due", "dispatched",
        ),
        designated=False, reopened=0, followers=0, extended=False, rating="", version=0,
    )
)  # fmt: skip
_TOUCHED = _Change()
_PINNED = _Change(**_given("lat", "lon"))
_PLACED = _Change(**_given("place", "place_key", "community", "micro_grid"))
_WITHDRAWN = _Change(status=Status.WITHDRAWN.value, closed=_now)
_HIDDEN = _Change(anonymous=True)
_DISPATCHED = _Change(
    dispatches=_t.dispatches + bindparam("counts"), accepted=None, dispatched=_now,
    **_given("owner", "status", "designated", "accept_by"),
)  # fmt: skip
_ACCEPTED = _Change(status=_in_hand, accepted=_now)
_VISITED = _Change(
    status=case((_t.status == Status.EXTENSION_ASKED.value, _t.status), else_=_in_hand),
    visited=_now, accepted=_once_accepted,
)  # fmt: skip
_STATUS = _Change(**_given("status"))
_EXTENSION = _Change(status=Status.EXTENSION_ASKED.value, **_given("extension_until"))
_EXTENDED = _Change(
    status=_in_hand,
    extension_until=None,
    extended=case((bindparam("agreed") == 1, True), else_=_t.extended),
    **_given("due"),
)
_SOLVED = _Change(
    status=Status.TO_RATE.value, solved=_now, accepted=_once_accepted, solved_answer=None, rating="",
    extension_until=None, **_given("result"),
)  # fmt: skip
_ANSWERED = _Change(**_given("solved_answer"))
_REOPENED = _Change(
    status=_in_hand, reopened=_t.reopened + 1, solved_answer=None, rating="", solved=None, closed=None,
    **_given("accept_by", "due"),
)  # fmt: skip
_RATED = _Change(**_given("rating"))
_CLOSED = _Change(status=Status.DONE.value, closed=_now)
_FOLLOWED = Prepared(
    lambda insert: (
        insert(followers)
        .values(**_given("ticket", "person", "since"), until=None)
        .on_conflict_do_update(index_elements=["ticket", "person"], set_={"until": None})
    )
)
_COUNTED = Prepared(
    update(tickets)
    .where(_t.id == bindparam("ticket"))
    .values(
        followers=select(func.count())
        .where(followers.c.ticket == bindparam("ticket"), followers.c.until.is_(None))
        .scalar_subquery()
    )
)
_NOTE = Prepared(notes.insert().values(**_given("id", "ticket", "person", "at", "kind", "words")), log=True)
_MEDIUM = Prepared(
    media.insert().values(
        **_given("id", "ticket", "person", "kind", "ref", "file", "state", "next_at", "at", "of"), attempts=0
    ),
    log=True,
)
TIMER = Prepared(
    lambda insert: (
        insert(timers)
        .values(**_given("ticket", "kind", "due"), attempts=0)
        .on_conflict_do_update(
            index_elements=["ticket", "kind"], set_={"due": bindparam("due", type_=Utc()), "attempts": 0}
        )
    )
)
_CLEARED = Prepared(delete(timers).where(timers.c.ticket == bindparam("ticket"), timers.c.kind == bindparam("kind")))


def apply(fact: TicketFact, pen: Pen) -> None:
    match fact:
        case f.TicketOpened():
            _open(fact, pen)
        case f.TicketFollowed(ticket, person):
            pen.tx.write(_FOLLOWED, ticket=ticket, person=person, since=pen.now)
            pen.tx.write(_COUNTED, ticket=ticket)
            _TOUCHED.write(pen, ticket)
        case f.WordsAdded(ticket, person, words, photos, pin):
            _note(pen, fact, ticket, person, words)
            _keep_media(pen, ticket, person, photos, "report")
            _pin(pen, ticket, pin)
        case f.PlaceCorrected(ticket, _, place, community, micro_grid):
            _PLACED.write(
                pen, ticket, place=place_json(place), place_key=places.key(place), community=community or None,
                micro_grid=micro_grid,
            )  # fmt: skip
        case f.TicketUrged(ticket, person, words):
            _note(pen, fact, ticket, person, words, always=True)
            _TOUCHED.write(pen, ticket)
        case f.TicketWithdrawn(ticket, _, kept):
            (_HIDDEN if kept else _WITHDRAWN).write(pen, ticket)
            if not kept:
                erasure.ticket_ended(pen, ticket)
        case f.NameHidden(ticket):
            _HIDDEN.write(pen, ticket)
        case f.TicketDispatched(ticket, owner, by, why, status, designated, accept_by, reason):
            # somebody taking a ticket himself is no dispatch in the sense of 「派单3次」
            counts = int((owner != 0 or status == Status.TO_ACCEPT) and why != "taken")
            _DISPATCHED.write(
                pen, ticket, owner=owner, status=status, designated=designated, accept_by=accept_by, counts=counts
            )
            _note(pen, fact, ticket, by, reason)
        case f.TicketAccepted(ticket):
            _ACCEPTED.write(pen, ticket)
        case f.TicketVisited(ticket, by, words):
            _VISITED.write(pen, ticket)
            _note(pen, fact, ticket, by, words)
        case f.ReturnAsked(ticket, by, reason):
            _STATUS.write(pen, ticket, status=Status.RETURN_ASKED.value)
            _note(pen, fact, ticket, by, reason)
        case f.ReturnDecided(ticket, by, _, status, words):
            _STATUS.write(pen, ticket, status=status)
            _note(pen, fact, ticket, by, words)
        case f.ExtensionAsked(ticket, by, until, reason):
            _EXTENSION.write(pen, ticket, extension_until=until)
            _note(pen, fact, ticket, by, reason)
        case f.ExtensionDecided(ticket, by, agreed, due, words):
            _EXTENDED.write(pen, ticket, agreed=int(agreed), due=due)
            _note(pen, fact, ticket, by, words)
        case f.TicketSolved(ticket, by, words, photos):
            _SOLVED.write(pen, ticket, result=words)
            _note(pen, fact, ticket, by, words)
            _keep_media(pen, ticket, by, photos, "result")
        case f.SolvedAnswered(ticket, person, solved, words):
            _ANSWERED.write(pen, ticket, solved_answer=solved)
            _note(pen, fact, ticket, person, words)
        case f.TicketReopened(ticket, _, accept_by, due):
            _REOPENED.write(pen, ticket, accept_by=accept_by, due=due)
        case f.TicketRated(ticket, person, rating, words):
            _RATED.write(pen, ticket, rating=rating)
            _note(pen, fact, ticket, person, words)
        case f.TicketClosed(ticket):
            _CLOSED.write(pen, ticket)
            erasure.ticket_ended(pen, ticket)
        case f.DeskReplied(ticket, by, words):
            _note(pen, fact, ticket, by, words)
            _TOUCHED.write(pen, ticket)
        case f.OwnerReminded() | f.AccessRefused():
            pass  # stands in the facts log only
        case f.TimerSet(ticket, kind, due):
            pen.tx.write(TIMER, ticket=ticket, kind=kind, due=due)
        case f.TimersCleared(ticket, kinds):
            for kind in kinds:
                pen.tx.write(_CLEARED, ticket=ticket, kind=kind)
        case _:
            assert_never(fact)


def _open(fact: f.TicketOpened, pen: Pen) -> None:
    dispatched = fact.owner != 0 or fact.status == Status.TO_ACCEPT
    same = (
        "code", "micro_grid", "category", "level", "urgency", "kind", "status", "words", "summary", "reporter",
        "owner", "anonymous", "source", "accept_by", "due",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(fact, name) for name in same}
    pen.tx.write(
        _NEW, **values, id=fact.ticket, tail=fact.code[-4:], community=fact.community or None,
        place=place_json(fact.place), place_key=places.key(fact.place), lat=fact.pin.lat if fact.pin else None,
        lon=fact.pin.lon if fact.pin else None, dispatches=int(dispatched), opened=pen.now, changed=pen.now,
        dispatched=pen.now if dispatched else None,
    )  # fmt: skip
    _keep_media(pen, fact.ticket, fact.reporter, fact.media, "report")


def _pin(pen: Pen, ticket: int, pin: Pin | None) -> None:
    if pin:
        _PINNED.write(pen, ticket, lat=pin.lat, lon=pin.lon)
    else:
        _TOUCHED.write(pen, ticket)


def _note(pen: Pen, fact: TicketFact, ticket: int, person: int, words: str, *, always: bool = False) -> None:
    if words or always:
        pen.tx.write(
            _NOTE, id=pen.new_id(), ticket=ticket, person=person, at=pen.now, kind=type(fact).__name__[:16],
            words=words,
        )  # fmt: skip


def _keep_media(pen: Pen, ticket: int, person: int, items: Iterable[Media], of: str) -> None:
    for item in items:
        file = item.ref.removeprefix("file:") if item.ref.startswith("file:") else None
        wanted: datetime | None = None if file else pen.now
        pen.tx.write(
            _MEDIUM, id=pen.new_id(), ticket=ticket, person=person, kind=item.kind, ref=item.ref, file=file,
            state="stored" if file else "wanted", next_at=wanted, at=pen.now, of=of,
        )  # fmt: skip
