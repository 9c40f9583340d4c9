"""接管: staff talk with a resident themselves. The bot is silent meanwhile, except in danger, and comes back by
itself when nobody speaks; every word of the resident is kept with the ticket.

That somebody talks stands as the resident's dialog, so that no message costs a question more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from handlers.read import Read, Ticket
from handlers.tickets import reach, said
from handlers.tickets.acts_reporter import add, goes_on
from handlers.tickets.doing import Doing
from handlers.tickets.facts import DeskReplied, TimersCleared, TimerSet, WordsAdded
from handlers.tickets.facts_desk import DeskSpoke, NoteKept, TakeoverBegun, TakeoverEnded
from handlers.types import Dialog, Fact, Outcome, Reply, Turn

FORM = "takeover"
TIMER = "takeover"


def begin(it: Doing) -> Outcome:
    """Who takes over speaks for the community; one person at a time."""
    ticket, now = it.ticket, it.now
    reporter = it.read.person(ticket.reporter) if ticket.reporter else None
    if reporter is None or not it.read.channels(reporter.id):
        raise it.no(said.NOBODY_TO_TALK.format(short=ticket.short))
    if reporter.posts:
        raise it.no(said.TALK_TO_STAFF.format(short=ticket.short))
    held = it.read.takeover(reporter.id)
    if held and held.until > now:
        text = said.TALKED_WITH.format(name=it.read.name(held.by) or "同事")
        raise it.no(said.YOU_TALK.format(short=ticket.short) if held.by == it.who.id else text, "repeat")
    until = now + timedelta(minutes=it.policy.takeover_minutes)
    facts: tuple[Fact, ...] = (
        TakeoverBegun(ticket.id, reporter.id, it.who.id, until), TimerSet(ticket.id, TIMER, until),
    )  # fmt: skip
    text = said.TAKEN_OVER.format(short=ticket.short, minutes=it.policy.takeover_minutes)
    return Outcome(replies=(Reply(text),), facts=facts)


def end(it: Doing) -> Outcome:
    """交还: the bot answers again."""
    held = it.read.takeover(it.ticket.reporter) if it.ticket.reporter else None
    if held is None or held.ticket != it.ticket.id:
        raise it.no(said.NOT_TALKING.format(short=it.ticket.short), "repeat")
    facts = (
        TakeoverEnded(it.ticket.id, it.ticket.reporter, it.who.id, "handed"),
        TimersCleared(it.ticket.id, (TIMER,)),
    )
    return Outcome(replies=(Reply(said.HANDED_OVER.format(short=it.ticket.short)),), facts=facts)


def reply(it: Doing) -> Outcome:
    """回复 the reporter: the next word of a conversation, else the community's words or how the work goes."""
    ticket = it.ticket
    held = it.read.takeover(ticket.reporter) if ticket.reporter else None
    if held is None or held.ticket != ticket.id or held.until <= it.now:
        if not it.parts & reach.OFFICE:  # speaks for itself, not for the community
            return add(it)
        fact = DeskReplied(ticket.id, it.who.id, it.args.words)
        return Outcome(replies=(Reply(said.REPLIED.format(short=ticket.short)),), facts=(fact,))
    if held.by != it.who.id:
        raise it.no(said.TALKED_WITH.format(name=it.read.name(held.by) or "同事"))
    until = it.now + timedelta(minutes=it.policy.takeover_minutes)
    facts = (
        DeskSpoke(ticket.id, ticket.reporter, it.who.id, until, it.args.words), TimerSet(ticket.id, TIMER, until),
    )  # fmt: skip
    return Outcome(replies=(Reply(said.SPOKEN.format(short=ticket.short)),), facts=facts)


def note(it: Doing) -> Outcome:
    """备注 for the house; who is mentioned must be somebody whose work it may be, and may read of it (§2.8)."""
    ticket = it.ticket
    for person in it.args.mentioned:
        named = it.read.person(person)
        if named is None or not named.posts or person == ticket.reporter:
            raise it.no(said.NOBODY_THERE, "unknown")
        kept = reach.kept_at_desk(ticket) and not reach.parts(named, ticket, it.read) & reach.WORKING
        if kept or reach.complained_of(named, ticket):
            raise it.no(said.NOT_FOR_THEM.format(short=ticket.short, name=named.name or "他"))
    fact = NoteKept(it.ticket.id, it.who.id, it.args.words, it.args.mentioned)
    return Outcome(replies=(Reply(said.NOTED.format(short=it.ticket.short)),), facts=(fact,))


def heard(turn: Turn, read: Read) -> Outcome | None:
    """What the resident says in such a conversation: kept, told to who talks, answered by nobody else."""
    dialog = turn.dialog
    if dialog is None or dialog.form != FORM:
        return None
    words, media = turn.inbound.text.strip(), turn.inbound.media
    if not (words or media or turn.inbound.pin):
        return Outcome()
    fact = WordsAdded(dialog.answers["ticket"], turn.who.id, words, media, turn.inbound.pin)
    ticket = read.ticket(fact.ticket)
    return Outcome(facts=(fact, *(goes_on(ticket, turn.who.id, read) if ticket else ())))


def over(dialog: Dialog, now: datetime) -> bool:
    """Whether it is such a conversation in which nobody spoke for too long."""
    return dialog.form == FORM and datetime.fromisoformat(dialog.answers["until"]) <= now


def undisturbed(turn: Turn, out: Outcome) -> Outcome:
    """A tap on a button is answered as ever; the conversation goes on."""
    talking = turn.dialog is not None and turn.dialog.form == FORM
    return replace(out, dialog="keep") if talking and turn.inbound.event else out


def broken_off(turn: Turn, out: Outcome) -> Outcome:
    """Danger: the bot speaks at once, and who talked is told."""
    if turn.dialog is None or turn.dialog.form != FORM:
        return out
    ticket = turn.dialog.answers["ticket"]
    ended = (TakeoverEnded(ticket, turn.who.id, 0, "danger"), TimersCleared(ticket, (TIMER,)))
    return replace(out, facts=(*ended, *out.facts))


def silent(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    """The timer: nobody spoke for the policy's minutes."""
    held = read.takeover(ticket.reporter) if ticket.reporter else None
    if held is None or held.ticket != ticket.id or held.until > now:
        return ()
    return (TakeoverEnded(ticket.id, ticket.reporter, 0, "timeout"),)
