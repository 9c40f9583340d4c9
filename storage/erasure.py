"""Takes a person's data away: what goes at once, what waits for a ticket's end (domain.md §8, scenario 18)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, func, literal_column, null, select, update

from handlers.residents.facts import PersonErased
from storage import erasure_activities, erasure_points, mutual
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import (
    declines,
    dialogs,
    estates,
    examples,
    followers,
    homes,
    identities,
    inbox,
    media,
    notes,
    open_questions,
    outbox,
    persons,
    posts,
    search_docs,
    tickets,
)  # fmt: skip
from storage.sql import Prepared
from storage.values import coarse, place_from, place_json, replies_json

_now = bindparam("now", type_=Utc())
_ticket: BindParameter[int] = bindparam("ticket")
_person: BindParameter[int] = bindparam("person")

_TICKETS = Prepared(select(tickets.c.id).where(tickets.c.reporter == _person))
_PLACE = Prepared(select(tickets.c.place).where(tickets.c.id == _ticket))
_WORD = Prepared(select(estates.c.word).where(estates.c.id == bindparam("estate")))
_ERASED = Prepared(
    select(persons.c.erased).join(tickets, tickets.c.reporter == persons.c.id).where(tickets.c.id == _ticket)
)
_LIVE_POST = Prepared(select(posts.c.id).where(posts.c.person == _person, posts.c.until.is_(None)).limit(1))
_ADDRESSES = Prepared(
    select(identities.c.channel, identities.c.account, identities.c.user).where(identities.c.person == _person)
)
_OF_TICKET = tuple(
    Prepared(statement)
    for statement in (
        update(tickets)
        .where(tickets.c.id == _ticket)
        .values(
            words="", summary="", result=None, proxy_name=None, lat=None, lon=None, place=bindparam("place"),
            version=tickets.c.version + 1,
        ),
        update(examples).where(examples.c.ticket == _ticket).values(words=""),
        update(notes).where(notes.c.ticket == _ticket).values(words=""),
        delete(search_docs).where(search_docs.c.ticket == _ticket),  # its old place in the index leads nowhere
        # the file's name stays until storage.media.erased() has had it removed from the disk
        update(media).where(media.c.ticket == _ticket).values(state="erased", ref="", next_at=None),
        update(outbox).where(outbox.c.ticket == _ticket).values(body="", same=None),
        update(outbox)
        .where(outbox.c.ticket == _ticket, outbox.c.state == literal_column("'waiting'"))
        .values(state="failed", code="erased", done=_now),
    )
)  # fmt: skip
_PERSON = tuple(
    Prepared(statement)
    for statement in (
        update(persons)
        .where(persons.c.id == _person)
        .values(name=null(), phone=null(), phone_index=null(), building=0, anonymous=False, erased=_now),
        delete(homes).where(homes.c.person == _person),
    )
)
_TRACES = tuple(
    Prepared(statement)
    for statement in (
        update(notes)
        .where(
            notes.c.person == _person,
            notes.c.ticket.not_in(select(tickets.c.id).where(tickets.c.reporter == _person)),
        )
        .values(words=""),
        update(open_questions)
        .where(open_questions.c.person == _person)
        .values(words="", person=literal_column("0"), replied=func.coalesce(open_questions.c.replied, _now)),
        update(outbox).where(outbox.c.person == _person).values(body="", same=None),
        update(outbox)
        .where(outbox.c.person == _person, outbox.c.state == literal_column("'waiting'"))
        .values(state="failed", code="erased", done=_now),
        update(followers).where(followers.c.person == _person, followers.c.until.is_(None)).values(until=_now),
        delete(identities).where(identities.c.person == _person),
        delete(declines).where(declines.c.person == _person),
    )
)


def _at(table: Any) -> tuple[Any, ...]:
    return tuple(table.c[name] == bindparam(name) for name in ("channel", "account", "user"))


_DIALOG = Prepared(delete(dialogs).where(*_at(dialogs)))
_ANSWERS = Prepared(update(inbox).where(*_at(inbox)).values(replies=replies_json(())))


def erase(fact: PersonErased, pen: Pen) -> None:
    """Name, phone, homes, addresses, conversations, words and photos; not tickets in `kept`.

    Who holds a post keeps name, phone and post: they belong to the post and end with it.
    """
    person, tx = fact.person, pen.tx
    for (ticket,) in tx.rows(_TICKETS, person=person):
        if ticket not in fact.kept:
            wipe(pen, ticket)
    for channel, account, user in tx.rows(_ADDRESSES, person=person):
        tx.write(_DIALOG, channel=channel, account=account, user=user)
        tx.write(_ANSWERS, channel=channel, account=account, user=user)
    if tx.one(_LIVE_POST, person=person) is None:
        for prepared in _PERSON:
            _write(pen, prepared, person=person)
    for prepared in _TRACES:
        _write(pen, prepared, person=person)
    erasure_activities.erase(pen, person)
    erasure_points.erase(pen, person)
    mutual.erase(pen, person)


def ticket_ended(pen: Pen, ticket: int) -> None:
    """A ticket kept for safety has ended: now its words go too, when its reporter was erased."""
    row = pen.tx.one(_ERASED, ticket=ticket)
    if row is not None and row[0] is not None:
        wipe(pen, ticket)


def wipe(pen: Pen, ticket: int) -> None:
    """Words, result, notes, photos and pushes of one ticket; the place down to the building."""
    row = pen.tx.one(_PLACE, ticket=ticket)
    place = place_from(row[0]) if row else place_from("")
    word = pen.tx.one(_WORD, estate=place.estate)
    rough = place_json(coarse(place, word[0] if word else ""))
    for prepared in _OF_TICKET:
        _write(pen, prepared, ticket=ticket, place=rough)
    if ticket in pen.reader.seen:
        pen.reader.seen[ticket] += 1


def _write(pen: Pen, prepared: Prepared, **values: Any) -> None:
    pen.tx.write(prepared, now=pen.now, **values)
