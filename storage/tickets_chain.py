"""Applies what happens to a ticket along the chain to its tables; decides nothing."""

from __future__ import annotations

from typing import assert_never

from sqlalchemy import bindparam, update

from handlers.tickets import facts_chain as f
from handlers.tickets.rules import Status
from storage import erasure
from storage.pen import Pen
from storage.schema import leaves, ticket_units, tickets
from storage.sql import Prepared
from storage.ticket_pen import NOW, Change, given, keep_media, note

ChainFact = (
    f.MoreAsked | f.StateMoved | f.ReturnGrounded | f.HangAsked | f.HangRefused | f.TicketHung | f.TicketResumed
    | f.TicketMerged | f.TicketUnmerged | f.TicketRejected | f.EndAsked | f.TicketAppealed | f.LineCalled
    | f.TicketSubmitted | f.TicketChecked | f.TicketReclassed | f.UnitJoined | f.UnitArrived | f.UnitConcluded
    | f.UnitRated | f.UnitLate | f.ListRefused | f.ListNoted | f.CallbackSet | f.Recurred | f.LeaveTaken
)  # fmt: skip

_t, _u = tickets.c, ticket_units.c
_TOUCHED = Change()
_STATUS = Change(**given("status"))
_HANG_ASKED = Change(**given("hang_asked"))
_HUNG = Change(status=Status.HUNG.value, hang_asked=None, **given("hung_until"))
_RESUMED = Change(status=Status.IN_HAND.value, hung_until=None)
_MERGED = Change(status=Status.MERGED.value, **given("merged_into"))
_UNMERGED = Change(status=Status.TO_DISPATCH.value, merged_into=0, owner=0, unit=0, tier=2)
_REJECTED = Change(status=Status.REJECTED.value, closed=NOW, hung_until=None, hang_asked=None, **given("ended"))
_APPEALED = Change(status=Status.WAITING.value, closed=None, ended="", owner=0, unit=0, tier=2)
_SUBMITTED = Change(
    status=Status.TO_CHECK.value, hung_until=None, hang_asked=None, extension_until=None, **given("result")
)
_RECLASSED = Change(**given("category", "level"))
_LISTED = Change(**given("list_basis", "cost"))
_AGAINST = Change(**given("against"))
_JOINED = Prepared(
    lambda insert: (
        insert(ticket_units)
        .values(**given("ticket", "unit", "role", "asked", "arrive_by"))
        .on_conflict_do_update(
            index_elements=["ticket", "unit"],
            set_={name: bindparam(name, type_=_u[name].type) for name in ("role", "asked", "arrive_by")}
            | {"arrived": None, "concluded": None, "words": None, "rating": ""},
        )
    )
)
_unit = (_u.ticket == bindparam("of"), _u.unit == bindparam("with"))
_ARRIVED = Prepared(update(ticket_units).where(*_unit).values(arrived=NOW))
_CONCLUDED = Prepared(
    update(ticket_units).where(*_unit).values(concluded=NOW, words=bindparam("said", type_=_u.words.type))
)
_RATED = Prepared(update(ticket_units).where(*_unit).values(rating=bindparam("rating")))
_LEAVE = Prepared(leaves.insert().values(**given("id", "person", "first", "last")))


def apply(fact: ChainFact, pen: Pen) -> None:
    match fact:
        case f.MoreAsked(ticket, by, words):
            _STATUS.write(pen, ticket, status=Status.DRAFT.value)
            note(pen, fact, ticket, by, words)
        case f.StateMoved(ticket, _, _, status):
            _STATUS.write(pen, ticket, status=status)
        case f.HangAsked(ticket, by, until, reason):
            _HANG_ASKED.write(pen, ticket, hang_asked=until)
            note(pen, fact, ticket, by, reason)
        case f.HangRefused(ticket, by, words):
            _HANG_ASKED.write(pen, ticket, hang_asked=None)
            note(pen, fact, ticket, by, words)
        case f.TicketHung(ticket, by, until, reason):
            _HUNG.write(pen, ticket, hung_until=until)
            note(pen, fact, ticket, by, reason)
        case f.TicketResumed(ticket):
            _RESUMED.write(pen, ticket)
        case f.TicketMerged(ticket, _, into):
            _MERGED.write(pen, ticket, merged_into=into)
        case f.TicketUnmerged(ticket):
            _UNMERGED.write(pen, ticket)
        case f.TicketRejected(ticket, by, route, words):
            _REJECTED.write(pen, ticket, ended=route)
            note(pen, fact, ticket, by, words)
            erasure.ticket_ended(pen, ticket)
        case f.EndAsked(ticket, by, words) | f.ListRefused(ticket, by, words):
            _TOUCHED.write(pen, ticket)
            note(pen, fact, ticket, by, words)
        case f.TicketAppealed(ticket, person, words):
            _APPEALED.write(pen, ticket)
            note(pen, fact, ticket, person, words)
        case f.LineCalled(ticket):
            _STATUS.write(pen, ticket, status=Status.HOTLINE.value)
        case f.TicketSubmitted(ticket, by, words, photos):
            _SUBMITTED.write(pen, ticket, result=words)
            note(pen, fact, ticket, by, words)
            keep_media(pen, ticket, by, photos, "result")
        case f.TicketChecked(ticket, by, passed, words):
            (_TOUCHED if passed else _RESUMED).write(pen, ticket)
            note(pen, fact, ticket, by, words)
        case f.TicketReclassed(ticket, _, category, level):
            _RECLASSED.write(pen, ticket, category=category, level=level)
        case f.ListNoted(ticket, _, basis, cost):
            _LISTED.write(pen, ticket, list_basis=basis, cost=cost)
        case f.CallbackSet(ticket, handler):
            _AGAINST.write(pen, ticket, against=handler)
        case f.UnitJoined() | f.UnitArrived() | f.UnitConcluded() | f.UnitRated():
            _with_unit(fact, pen)
        case f.ReturnGrounded() | f.Recurred() | f.UnitLate():
            pass  # stands in the facts log only
        case f.LeaveTaken(person, first, last):
            pen.tx.write(_LEAVE, id=pen.new_id(), person=person, first=first.isoformat(), last=last.isoformat())
        case _:
            assert_never(fact)


def _with_unit(fact: f.UnitJoined | f.UnitArrived | f.UnitConcluded | f.UnitRated, pen: Pen) -> None:
    at = {"of": fact.ticket, "with": fact.unit}
    match fact:
        case f.UnitJoined(ticket, unit, _, role, arrive_by):
            pen.tx.write(_JOINED, ticket=ticket, unit=unit, role=role, asked=pen.now, arrive_by=arrive_by)
        case f.UnitArrived():
            pen.tx.write(_ARRIVED, **at, now=pen.now)
        case f.UnitConcluded(words=words):
            pen.tx.write(_CONCLUDED, **at, now=pen.now, said=words)
        case f.UnitRated(rating=rating):
            pen.tx.write(_RATED, **at, rating=rating)
    _TOUCHED.write(pen, fact.ticket)
