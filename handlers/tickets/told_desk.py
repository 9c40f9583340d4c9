"""Who is told of the desk's own doings: whom a note names, the resident of a conversation that begins or ends."""

from __future__ import annotations

from handlers.tickets import facts_desk as f
from handlers.tickets import reach
from handlers.tickets import texts_desk as texts
from handlers.tickets.facts import WordsAdded
from handlers.tickets.listeners import Listeners
from handlers.types import Choice, Fact, Push, Rank, Role


def about(fact: Fact, said: Listeners) -> list[Push]:
    ticket, short = said.ticket, said.ticket.short
    match fact:
        case f.NoteKept(person=person, words=words, mentioned=mentioned):
            text = f"{said.there}：{said.name(person)}在备注里找您：{words}"
            return [Push(p, text, "desk", Rank.TASK, ticket.id) for p in mentioned if p != person]
        case f.TakeoverBegun(person=person, by=by):
            return [_to(person, texts.STAFF_COMES.format(who=_introduced(by, said), short=short), ticket.id)]
        case f.DeskSpoke(person=person, by=by, words=words):
            return [_to(person, f"{said.name(by)}：{words}", ticket.id)]
        case f.TakeoverEnded(person=person, why="handed"):
            return [_to(person, texts.STAFF_GOES, ticket.id)]
        case f.TakeoverEnded(person=person, why=why):
            held = said.read.takeover(person)
            told = [_to(person, texts.STAFF_AWAY.format(short=short), ticket.id)] if why == "timeout" else []
            gone = texts.TAKEOVER_OVER if why == "timeout" else texts.TAKEOVER_DANGER
            return told + ([_by(held.by, gone.format(head=said.head), ticket.id)] if held else [])
        case _:
            return []


def heard(fact: WordsAdded, said: Listeners, what: str) -> list[Push] | None:
    """What the resident says goes to who talks with them; None when nobody does."""
    held = said.read.takeover(fact.person)
    if held is None or held.ticket != fact.ticket or held.until <= said.now:
        return None
    reply = Choice("交还给机器人", f"交还 {said.ticket.short}")
    text = f"{said.ticket.short} 居民说：{what}\n回话说「回复 {said.ticket.short} …」。"
    return [Push(held.by, text, "reply", Rank.REPLY, said.ticket.id, (reply,), fact.media)]


def _introduced(person: int, said: Listeners) -> str:
    """Who comes to talk, by what makes the ticket theirs: nobody speaks as the community who is not of it."""
    who, ticket, name = said.read.person(person), said.ticket, said.name(person)
    if who is None or ticket.community in who.scopes(Role.DESK):
        return texts.OF_OFFICE.format(name=name)
    unit = said.read.unit(ticket.unit) if ticket.unit in reach.units_of(who) else None
    if unit is not None:
        return texts.OF_UNIT.format(unit=unit.name, name=name)
    if ticket.micro_grid in who.scopes(Role.LEADER):
        return texts.LEADER.format(name=name)
    if ticket.micro_grid in who.scopes(Role.DEPUTY):
        return texts.DEPUTY.format(name=name)
    return (texts.OF_STREET if who.holds(Role.STREET) else texts.OF_OFFICE).format(name=name)


def _to(person: int, text: str, ticket: int) -> Push:
    return Push(person, text, "reply", Rank.REPLY, ticket)


def _by(person: int, text: str, ticket: int) -> Push:
    return Push(person, text, "desk", Rank.TASK, ticket)
