"""A matter of another platform becomes a ticket: once, whoever sends it how often (domain.md §2.6 来源)."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.read import Read
from handlers.tickets.opening import Report, open_ticket
from handlers.tickets.received_facts import MatterReceived
from handlers.types import Outcome, Reply, Turn


@dataclass(frozen=True, slots=True)
class Matter:
    """`external`: its number on the platform `source`. `contact`: JSON of the caller's name and phone, "" without."""

    source: str
    external: str
    report: Report
    contact: str = ""


def receive(turn: Turn, read: Read, matter: Matter) -> Outcome:
    """The ticket's facts; the reply's text is its number. The same number again: nothing but the reply."""
    known = read.received(matter.source, matter.external) if matter.external else 0
    if known:
        found = read.ticket(known)
        return Outcome(replies=(Reply(found.code if found else ""),))
    opened, timers = open_ticket(turn, read, matter.report)
    facts = (opened, *timers)
    if matter.external:
        facts += (MatterReceived(opened.ticket, matter.source, matter.external, matter.contact),)
    return Outcome(replies=(Reply(opened.code),), facts=facts)
