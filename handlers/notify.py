"""Who is told of a fact, decided once. Handlers state what happened; nobody else addresses a push."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handlers.activities import told as activities_told
from handlers.activities.facts import ActivityFact
from handlers.announcements import told as announcements_told
from handlers.announcements.facts import AnnouncementFact, AnnouncementTried, AnnouncementWritten
from handlers.grids import told as grids_told
from handlers.grids.facts import GridFact, PostPlanned, RedrawPlanned
from handlers.knowledge import told as knowledge_told
from handlers.knowledge.facts import KnowledgeFact
from handlers.mutual import told as mutual_told
from handlers.mutual.facts import MutualFact
from handlers.points import told as points_told
from handlers.points.facts import PointsFact
from handlers.read import Read
from handlers.residents.facts import HomeBound
from handlers.tickets import digest, leave, told_opened
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.digest_facts import DigestTold
from handlers.tickets.facts import PlaceCorrected, TicketDispatched, TicketOpened
from handlers.tickets.told import about
from handlers.timing import TimersCleared, TimerSet
from handlers.types import Fact, Push, Rank
from nlp.types import Place


def pushes(facts: Iterable[Fact], actor: int, now: datetime, read: Read) -> tuple[Push, ...]:
    """The pushes of one turn. The actor is not told what he just did; nobody is told twice of one fact.

    What is only set for later, or is not any more, is told to nobody.
    """
    facts = tuple(fact for fact in facts if not isinstance(fact, _LATER))
    out: list[Push] = []
    opened = {f.ticket for f in facts if isinstance(f, TicketOpened)}
    moved = {f.ticket: f.place for f in facts if isinstance(f, PlaceCorrected)}
    handed = {f.ticket: f.owner for f in facts if isinstance(f, TicketDispatched) and f.ticket in moved}
    drafts = {f.announcement: f for f in facts if isinstance(f, AnnouncementWritten)}
    for fact in facts:
        for push in _told(fact, now, read, opened, moved, drafts):
            if isinstance(fact, PlaceCorrected) and push.to == handed.get(fact.ticket):
                continue  # the task that comes in the same moment says where it is
            own = push.to == actor and not isinstance(fact, AnnouncementTried)
            if push.to and not own and not any(p.to == push.to and p.text == push.text for p in out):
                out.append(push)
    return tuple(out)


_LATER = (TimerSet, TimersCleared)


def _told(
    fact: Fact, now: datetime, read: Read, fresh: set[int], moved: dict[int, Place],
    drafts: dict[int, AnnouncementWritten],
) -> Iterable[Push]:  # fmt: skip
    if isinstance(fact, AnnouncementFact):
        return announcements_told.of(fact, read, drafts)
    return _of(fact, now, read, fresh, moved)


def _of(fact: Fact, now: datetime, read: Read, fresh: set[int], moved: dict[int, Place]) -> Iterable[Push]:
    if isinstance(fact, TicketOpened):
        return told_opened.opened(fact, now, read)
    if isinstance(fact, ActivityFact):
        return activities_told.of(fact, now, read)
    if isinstance(fact, KnowledgeFact):
        return knowledge_told.of(fact, read)
    if isinstance(fact, GridFact):
        later = isinstance(fact, PostPlanned | RedrawPlanned) and fact.day > now.astimezone(SHANGHAI).date()
        return grids_told.of(fact, read, ahead=later)
    if isinstance(fact, HomeBound):
        return _bound(fact, read)
    if isinstance(fact, DigestTold):
        return digest.pushes(fact)
    if isinstance(fact, MutualFact):
        return mutual_told.of(fact, read)
    if isinstance(fact, PointsFact):
        return points_told.about(fact, read)
    if away := leave.told(fact, now, read):
        return away
    number: int = getattr(fact, "ticket", 0)
    ticket = read.ticket(number) if number and number not in fresh else None
    if ticket is None:
        return ()
    if number in moved:
        ticket = replace(ticket, place=moved[number])
    return about(fact, ticket, now, read)


def _bound(fact: HomeBound, read: Read) -> list[Push]:
    person = read.person(fact.person)
    home = next((h for h in person.homes if h.household == fact.household), None) if person else None
    if home is None:
        return []
    leader = read.duty_of(home.micro_grid).leader if home.micro_grid else 0
    return [Push(leader, f"{home.place.label}有住户新登记。", "notice", Rank.NOTICE)]
