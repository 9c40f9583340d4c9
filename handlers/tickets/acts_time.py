"""Acts about the limit of a ticket: an extension asked for and decided (domain.md §2.3 延期)."""

from __future__ import annotations

from handlers.tickets import said, texts
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.doing import Doing
from handlers.tickets.facts import ExtensionAsked, ExtensionDecided
from handlers.types import Outcome, Reply


def may_extend(it: Doing) -> None:
    """Before expiry only, once, and while the clock runs. Raises Refused."""
    if it.ticket.due is None:
        raise it.no(said.EXTEND_STOPPED.format(short=it.ticket.short))
    if it.now >= it.ticket.due:
        raise it.no(said.EXTEND_LATE.format(short=it.ticket.short))
    if it.ticket.extended:
        raise it.no(said.EXTENDED_ONCE.format(short=it.ticket.short))


def extend(it: Doing) -> Outcome:
    """延期 with date and reason, no longer than the original limit: its last day means until then."""
    found, until = it.ticket, it.args.until
    assert found.due is not None and until is not None
    latest = found.due + (found.due - found.opened)
    if until.astimezone(SHANGHAI).date() == latest.astimezone(SHANGHAI).date():
        until = min(until, latest)
    if until <= found.due:
        raise it.no(said.EXTEND_EARLIER.format(short=found.short, due=texts.when(found.due, it.now)))
    if until > latest:
        raise it.no(said.EXTEND_TOO_FAR.format(latest=texts.when(latest, it.now)))
    fact = ExtensionAsked(found.id, it.who.id, until, it.args.words)
    text = said.EXTEND_ASKED.format(short=found.short, until=texts.when(until, it.now))
    return Outcome(replies=(Reply(text),), facts=(fact,))


def decide_extension(it: Doing) -> Outcome:
    """同意 / 不同意; nobody decides what he asked for himself."""
    if it.ticket.owner == it.who.id:
        raise it.no(said.OWN_REQUEST, "role")
    agreed = it.args.agreed and it.ticket.extension_until is not None
    until = it.ticket.extension_until if agreed else it.ticket.due
    assert until is not None
    facts = (ExtensionDecided(it.ticket.id, it.who.id, agreed, until, it.args.words),)
    text = said.EXTENSION_DECIDED[agreed].format(short=it.ticket.short, until=texts.when(until, it.now))
    return Outcome(replies=(Reply(text),), facts=facts)
