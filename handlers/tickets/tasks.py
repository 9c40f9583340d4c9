"""Which ticket a handler's or the desk's order means. Changes nothing."""

from __future__ import annotations

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import reach, said, texts
from handlers.tickets.doing import refusal, wrong_state
from handlers.tickets.rules import TABLE, Action
from handlers.types import Choice, Media, Outcome, Person, Refused, Reply, Role, Turn

PICK, PHOTOS = "pick", "photos"


def task(turn: Turn, read: Read, action: Action, command: str) -> Ticket | Outcome:
    """The ticket an order means. Raises Refused; an unclear one comes back as a question."""
    if turn.said.tickets:
        return numbered(turn, read, action, turn.said.tickets[0])
    mine = list(read.tasks_of(turn.who.id))
    if not mine and action in (Action.ACCEPT, Action.VISIT):
        # The partner's task: leader and deputy stand in for each other.
        mine = list(read.tasks_in(turn.who.scopes(Role.LEADER) + turn.who.scopes(Role.DEPUTY)))
    mine += [t for t in at_desk(turn, read) if t.id not in {m.id for m in mine}]
    return _one(turn, read, tuple(mine), frozenset((action,)), command)


def waiting(turn: Turn, read: Read, actions: frozenset[Action], command: str) -> Ticket | Outcome:
    """The ticket of the desk an order means: by number, or the only one that waits for it."""
    if turn.said.tickets:
        return numbered(turn, read, next(iter(actions)), turn.said.tickets[0])
    here = at_desk(turn, read)
    if Action.DISPATCH in actions and not here:  # who took it himself may send somebody else
        here = read.tasks_of(turn.who.id)
    return _one(turn, read, here, actions, command)


def at_desk(turn: Turn, read: Read) -> tuple[Ticket, ...]:
    """What waits with this person's desk, grid, street or unit."""
    return lying(turn.who, read)


def lying(who: Person, read: Read) -> tuple[Ticket, ...]:
    """What waits with somebody's desk, grid, street or unit, without what he is himself complained of in."""
    found: dict[int, Ticket] = {}
    for community in who.scopes(Role.DESK):
        found |= {t.id: t for t in read.desk_tasks(community)}
    for grid in who.scopes(Role.GRID):
        found |= {t.id: t for t in read.tier_tasks(1, grid)}
    for street in who.scopes(Role.STREET):
        found |= {t.id: t for t in read.tier_tasks(reach.STREET, street)}
    if units := reach.units_of(who):
        found |= {t.id: t for t in read.unit_tasks(units)}
    return tuple(t for t in found.values() if not reach.complained_of(who, t))


def _one(
    turn: Turn, read: Read, mine: tuple[Ticket, ...], actions: frozenset[Action], command: str
) -> Ticket | Outcome:
    fits = frozenset(status for row in TABLE if row.action in actions for status in row.states)
    hung = Action.AGREE_RETURN in actions
    ready = [t for t in mine if t.status in fits or (hung and t.hang_asked is not None)]
    if len(ready) == 1:
        return ready[0]
    if ready:
        return which(turn, tuple(ready), command)
    if mine:
        raise wrong_state(mine[0], next(iter(actions)), turn.who, reach.parts(turn.who, mine[0], read))
    raise Refused(texts.NO_TASKS)


def which(turn: Turn, ready: tuple[Ticket, ...], command: str) -> Outcome:
    """Several fit: asked, with numbers to answer by."""
    tail = f" {turn.said.reason}" if turn.said.reason else ""
    choices = tuple(
        Choice(f"{t.short} {t.summary}（{t.place.label}）", f"{command} {t.short}{tail}") for t in ready[:9]
    )
    media = {"media": forms.media_json(media_of(turn))}
    return Outcome(replies=(Reply(texts.WHICH_TASK, choices),), dialog=forms.ask(turn, PICK, media, *choices))


def numbered(turn: Turn, read: Read, action: Action, digits: str) -> Ticket:
    """The newest ticket with this number that the person has in hand, else has a part in. Raises Refused, kept in
    the log."""
    mine, found = worked_on(turn.who, digits, read)
    if mine is not None:
        return mine
    if found:
        raise refusal(said.NOT_YOUR_GRID, found[0].id, turn.who.id, action, "role")
    raise refusal(texts.NO_SUCH_TASK.format(number=digits), 0, turn.who.id, action, "unknown")


def worked_on(who: Person, digits: str, read: Read) -> tuple[Ticket | None, tuple[Ticket, ...]]:
    """The newest ticket with this number that the person has a part in working on, looked for at theirs first; and
    the last tickets looked at, whoever's."""
    found: tuple[Ticket, ...] = ()
    for community, person in ((0, who.id), *((desk, 0) for desk in who.scopes(Role.DESK)), (0, 0)):
        found = read.tickets_numbered(digits, community, person)
        for ticket in found:
            if reach.parts(who, ticket, read) & reach.WORKING:
                return ticket, found
    return None, found


def media_of(turn: Turn) -> tuple[Media, ...]:
    """Photos of this message and those sent just before it."""
    before: tuple[Media, ...] = ()
    if turn.dialog is not None and turn.dialog.form in (PHOTOS, PICK):
        before = forms.media_from(turn.dialog.answers.get("media"))
    return before + turn.inbound.media
