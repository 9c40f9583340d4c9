"""Applies what happened to a ticket to its tables; decides nothing."""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import bindparam, case, delete, func, literal, select, update

from handlers.tickets import facts as f
from handlers.tickets.rules import Status
from handlers.types import Pin
from storage import erasure, places
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import followers, tickets, timers
from storage.sql import Prepared
from storage.ticket_pen import NOW, Change, given, keep_media, note
from storage.values import place_json

TicketFact = (
    f.TicketOpened | f.TicketFollowed | f.WordsAdded | f.PlaceCorrected | f.TicketUrged | f.TicketWithdrawn
    | f.NameHidden | f.TicketDispatched | f.TicketAccepted | f.TicketVisited | f.ReturnAsked | f.ReturnDecided
    | f.ExtensionAsked | f.ExtensionDecided | f.TicketSolved | f.SolvedAnswered | f.TicketReopened | f.TicketRated
    | f.TicketClosed | f.OwnerReminded | f.DeskReplied | f.AccessRefused
    | f.TimerSet | f.TimersCleared
)  # fmt: skip

_t = tickets.c


_in_hand = Status.IN_HAND.value
_once_accepted = func.coalesce(_t.accepted, NOW, type_=Utc())
_NEW = Prepared(
    tickets.insert().values(
        **given(
            "id", "code", "tail", "community", "micro_grid", "category", "level", "urgency", "kind", "status",
            "place", "place_key", "lat", "lon", "words", "summary", "reporter", "owner", "anonymous", "dispatches",
            "source", "opened", "changed", "accept_by", "due", "dispatched", "unit", "tier", "proxy_for",
            "proxy_name", "against", "against_unit",
        ),
        designated=False, reopened=0, followers=0, extended=False, rating="", version=0,
    )
)  # fmt: skip
_TOUCHED = Change()
_PINNED = Change(**given("lat", "lon"))
_PLACED = Change(**given("place", "place_key", "community", "micro_grid"))
_WITHDRAWN = Change(status=Status.WITHDRAWN.value, closed=NOW)
_HIDDEN = Change(anonymous=True)
_DISPATCHED = Change(
    dispatches=_t.dispatches + bindparam("counts"), accepted=None, dispatched=NOW,
    tier=case((bindparam("tier") < 0, _t.tier), else_=bindparam("tier")),
    **given("owner", "status", "designated", "accept_by", "unit"),
)  # fmt: skip
_ACCEPTED = Change(status=_in_hand, accepted=NOW)
_WAITS = [literal(Status.EXTENSION_ASKED.value), literal(Status.HUNG.value)]
_VISITED = Change(
    status=case((_t.status.in_(_WAITS), _t.status), else_=_in_hand), visited=NOW, accepted=_once_accepted
)
_STATUS = Change(**given("status"))
_EXTENSION = Change(status=Status.EXTENSION_ASKED.value, **given("extension_until"))
_EXTENDED = Change(
    status=_in_hand,
    extension_until=None,
    extended=case((bindparam("agreed") == 1, True), else_=_t.extended),
    **given("due"),
)
_SOLVED = Change(
    status=Status.TO_RATE.value, solved=NOW, accepted=_once_accepted, solved_answer=None, rating="",
    extension_until=None, hang_asked=None, hung_until=None, **given("result"),
)  # fmt: skip
_ANSWERED = Change(**given("solved_answer"))
_REOPENED = Change(
    status=_in_hand, reopened=_t.reopened + 1, solved_answer=None, rating="", solved=None, closed=None,
    **given("accept_by", "due"),
)  # fmt: skip
_RATED = Change(**given("rating"))
_CLOSED = Change(status=Status.DONE.value, closed=NOW)
_FOLLOWED = Prepared(
    lambda insert: (
        insert(followers)
        .values(**given("ticket", "person", "since"), until=None)
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
TIMER = Prepared(
    lambda insert: (
        insert(timers)
        .values(**given("ticket", "kind", "due"), attempts=0)
        .on_conflict_do_update(
            index_elements=["ticket", "kind"], set_={"due": bindparam("due", type_=Utc()), "attempts": 0}
        )
    ),
    log=True,
)
_CLEARED = Prepared(delete(timers).where(timers.c.ticket == bindparam("ticket"), timers.c.kind == bindparam("kind")))


def apply(fact: TicketFact, pen: Pen) -> None:
    match fact:
        case f.TimerSet(ticket, kind, due):  # five times as often as any other
            pen.tx.write(TIMER, ticket=ticket, kind=kind, due=due)
        case f.TicketOpened():
            _open(fact, pen)
        case f.TicketFollowed(ticket, person):
            pen.tx.write(_FOLLOWED, ticket=ticket, person=person, since=pen.now)
            pen.tx.write(_COUNTED, ticket=ticket)
            _TOUCHED.write(pen, ticket)
        case f.WordsAdded(ticket, person, words, photos, pin):
            note(pen, fact, ticket, person, words)
            keep_media(pen, ticket, person, photos, "report")
            _pin(pen, ticket, pin)
        case f.PlaceCorrected(ticket, _, place, community, micro_grid):
            _PLACED.write(
                pen, ticket, place=place_json(place), place_key=places.key(place), community=community or None,
                micro_grid=micro_grid,
            )  # fmt: skip
        case f.TicketUrged(ticket, person, words):
            note(pen, fact, ticket, person, words, always=True)
            _TOUCHED.write(pen, ticket)
        case f.TicketWithdrawn(ticket, _, kept):
            (_HIDDEN if kept else _WITHDRAWN).write(pen, ticket)
            if not kept:
                erasure.ticket_ended(pen, ticket)
        case f.NameHidden(ticket):
            _HIDDEN.write(pen, ticket)
        case f.TicketDispatched(ticket, owner, by, why, status, designated, accept_by, reason, unit, tier):
            # taking a ticket, passing it on in one's own house is no dispatch in the sense of 「派单3次」
            counts = int((owner != 0 or status == Status.TO_ACCEPT) and why not in ("taken", "transfer", "deputy"))
            _DISPATCHED.write(
                pen, ticket, owner=owner, status=status, designated=designated, accept_by=accept_by, counts=counts,
                unit=unit, tier=tier,
            )  # fmt: skip
            note(pen, fact, ticket, by, reason)
        case f.TicketAccepted(ticket):
            _ACCEPTED.write(pen, ticket)
        case f.TicketVisited(ticket, by, words):
            _VISITED.write(pen, ticket)
            note(pen, fact, ticket, by, words)
        case f.ReturnAsked(ticket, by, reason):
            _STATUS.write(pen, ticket, status=Status.RETURN_ASKED.value)
            note(pen, fact, ticket, by, reason)
        case f.ReturnDecided(ticket, by, _, status, words):
            _STATUS.write(pen, ticket, status=status)
            note(pen, fact, ticket, by, words)
        case f.ExtensionAsked(ticket, by, until, reason):
            _EXTENSION.write(pen, ticket, extension_until=until)
            note(pen, fact, ticket, by, reason)
        case f.ExtensionDecided(ticket, by, agreed, due, words):
            _EXTENDED.write(pen, ticket, agreed=int(agreed), due=due)
            note(pen, fact, ticket, by, words)
        case f.TicketSolved(ticket, by, words, photos):
            _SOLVED.write(pen, ticket, result=words)
            note(pen, fact, ticket, by, words)
            keep_media(pen, ticket, by, photos, "result")
        case f.SolvedAnswered(ticket, person, solved, words):
            _ANSWERED.write(pen, ticket, solved_answer=solved)
            note(pen, fact, ticket, person, words)
        case f.TicketReopened(ticket, _, accept_by, due):
            _REOPENED.write(pen, ticket, accept_by=accept_by, due=due)
        case f.TicketRated(ticket, person, rating, words):
            _RATED.write(pen, ticket, rating=rating)
            note(pen, fact, ticket, person, words)
        case f.TicketClosed(ticket):
            _CLOSED.write(pen, ticket)
            erasure.ticket_ended(pen, ticket)
        case f.DeskReplied(ticket, by, words):
            note(pen, fact, ticket, by, words)
            _TOUCHED.write(pen, ticket)
        case f.OwnerReminded() | f.AccessRefused():
            pass  # stands in the facts log only
        case f.TimersCleared(ticket, kinds):
            for kind in kinds:
                pen.tx.write(_CLEARED, ticket=ticket, kind=kind)
        case _:
            assert_never(fact)


def _open(fact: f.TicketOpened, pen: Pen) -> None:
    dispatched = fact.owner != 0 or fact.unit != 0 or fact.status == Status.TO_ACCEPT
    same = (
        "code", "micro_grid", "category", "level", "urgency", "kind", "status", "words", "summary", "reporter",
        "owner", "anonymous", "source", "accept_by", "due", "unit", "tier", "proxy_for", "against", "against_unit",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(fact, name) for name in same}
    pen.tx.write(
        _NEW, **values, id=fact.ticket, tail=fact.code[-4:], community=fact.community or None,
        place=place_json(fact.place), place_key=places.key(fact.place), lat=fact.pin.lat if fact.pin else None,
        lon=fact.pin.lon if fact.pin else None, dispatches=int(dispatched), opened=pen.now, changed=pen.now,
        dispatched=pen.now if dispatched else None, proxy_name=fact.proxy_name or None,
    )  # fmt: skip
    keep_media(pen, fact.ticket, fact.reporter, fact.media, "report")


def _pin(pen: Pen, ticket: int, pin: Pin | None) -> None:
    if pin:
        _PINNED.write(pen, ticket, lat=pin.lat, lon=pin.lon)
    else:
        _TOUCHED.write(pen, ticket)
