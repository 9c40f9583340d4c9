"""A danger in a handler's hands: what he says of it goes to it, and an order without a number means it first."""

from __future__ import annotations

import re

from handlers.read import Read, Ticket
from handlers.tickets import texts_danger
from handlers.tickets.chat import only
from handlers.tickets.doing import Args
from handlers.tickets.facts import WordsAdded
from handlers.tickets.rules import OPEN, Action, Status
from handlers.types import Outcome, Reply, Role, Turn
from nlp.orders import without_number

_CALLED = re.compile(  # help was called, or is there: no danger of its own
    r"(?:打|拨|报|叫)(?:过|了|完)?(?:119|110|120|122|火警|警|消防|救护车|燃气|抢修)(?:电话)?(?:了|过)?"
    r"|(?:119|110|120|消防|警察|民警|救护车|燃气公司?|抢修)(?:的人?|队|员|车)?(?:已经?|都|也)?(?:到|来)了?"
)
_ALONG = re.compile(r"去|来|过去|路上|到了|到场|到位")
_BEFORE: dict[Action, frozenset[Status]] = {
    Action.ACCEPT: frozenset({Status.TO_ACCEPT}),
    Action.VISIT: frozenset({Status.TO_ACCEPT, Status.IN_HAND}),
}


def at_hand(turn: Turn, read: Read) -> tuple[Ticket, ...]:
    """The open dangers that are this person's work, or his partner's."""
    grids = turn.who.scopes(Role.LEADER) + turn.who.scopes(Role.DEPUTY)
    people = {turn.who.id, *(one for grid in grids for one in (read.duty_of(grid).leader, read.duty_of(grid).deputy))}
    found = {t.id: t for person in sorted(people) for t in read.tasks_of(person)}
    found |= {t.id: t for t in read.tasks_in(grids)}
    return tuple(t for t in found.values() if t.level == "T0" and t.status in OPEN)


def told(turn: Turn, read: Read) -> Outcome | None:
    """「已经打119了」, 「煤气味还很重」 of who is there: words of that danger, no second alarm in the night.

    Another place or another kind of danger is a new one: None.
    """
    words = without_number(turn.inbound.text)
    here = [t for t in at_hand(turn, read) if _same_place(turn, t)]
    called = bool(_CALLED.search(words))
    same = next((t for t in here if turn.said.category == t.category or called), None)
    if same is None or not words:
        return None
    fact = WordsAdded(same.id, turn.who.id, words, turn.inbound.media, turn.inbound.pin, True)
    return Outcome(replies=(Reply(texts_danger.TOLD_ALL.format(short=same.short)),), facts=(fact,), dialog=None)


def _same_place(turn: Turn, ticket: Ticket) -> bool:
    found = turn.said.place.found
    if not found:
        return not turn.said.place.unknown
    return any((p.estate, p.building) == (ticket.place.estate, ticket.place.building) for p in found)


def at_once(turn: Turn, read: Read, action: Action) -> Outcome | None:
    """接单 or 到场 without a number while a danger waits: the danger, however often the same house reported it.

    「我也去」 where the partner has taken it: said to all of them, and no other task is taken by it.
    """
    dangers = at_hand(turn, read) if not turn.said.tickets else ()
    ready = [t for t in dangers if t.status in _BEFORE[action] and (action is Action.ACCEPT or not t.visited)]
    if not ready:
        theirs = next((t for t in dangers if t.owner not in (0, turn.who.id)), None)
        return _too(turn, theirs, read) if theirs and _ALONG.search(turn.inbound.text) else None
    if any(_house(t) != _house(ready[0]) for t in ready):
        return None
    outs = [only(turn, read, action, ticket, Args()) for ticket in ready]
    lines = "\n".join(reply.text for out in outs for reply in out.replies)
    return Outcome(replies=(Reply(lines),), facts=tuple(fact for out in outs for fact in out.facts), dialog=None)


def _too(turn: Turn, ticket: Ticket, read: Read) -> Outcome:
    fact = WordsAdded(ticket.id, turn.who.id, turn.inbound.text.strip(), working=True)
    text = texts_danger.TOO.format(short=ticket.short, name=read.name(ticket.owner))
    return Outcome(replies=(Reply(text),), facts=(fact,), dialog=None)


def _house(ticket: Ticket) -> tuple[object, object]:
    return ticket.place.estate, ticket.place.building
