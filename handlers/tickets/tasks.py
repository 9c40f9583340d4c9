"""Which task a handler's command means, and whether it is theirs. Changes nothing."""

from __future__ import annotations

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import categories, texts
from handlers.tickets.facts import AccessRefused, TicketDispatched
from handlers.tickets.rules import MOVES, Action, Status, WrongState, move
from handlers.types import Choice, Fact, Media, Outcome, Person, Refused, Reply, Role, Turn

PICK, PHOTOS = "pick", "photos"
LADDER = ("remind", "deputy", "community")


def may_act(who: Person, ticket: Ticket) -> bool:
    """The owner, the leader and deputy of its micro-grid, the desk of its community (domain.md §2.8)."""
    if ticket.owner == who.id:
        return True
    if ticket.micro_grid and ticket.micro_grid in who.scopes(Role.LEADER) + who.scopes(Role.DEPUTY):
        # What is kept at the desk never opens to those who may be complained of, or live next door.
        kept = ticket.category in categories.COMPLAINTS | categories.DESK_ONLY or ticket.kind == "投诉举报"
        return ticket.owner != 0 or not kept
    if not ticket.community:  # nobody knows yet where it is: every desk may take it
        return who.holds(Role.DESK)
    return ticket.community in who.scopes(Role.DESK)


def task(turn: Turn, read: Read, action: Action, command: str) -> Ticket | Outcome:
    """The ticket a command means. Raises Refused; an unclear one comes back as a question."""
    fits = frozenset(status for status, act in MOVES if act is action)
    if turn.said.tickets:
        return _numbered(turn, read, action, turn.said.tickets[0])
    mine = list(read.tasks_of(turn.who.id))
    if not mine and action in (Action.ACCEPT, Action.VISIT):
        # The partner's task: leader and deputy stand in for each other.
        mine = list(read.tasks_in(turn.who.scopes(Role.LEADER) + turn.who.scopes(Role.DEPUTY)))
    for community in turn.who.scopes(Role.DESK):
        mine += [t for t in read.desk_tasks(community) if t.id not in {m.id for m in mine}]
    ready = [t for t in mine if t.status in fits]
    if len(ready) == 1:
        return ready[0]
    if ready:
        tail = f" {turn.said.reason}" if turn.said.reason else ""
        choices = tuple(
            Choice(f"{t.short} {t.summary}（{t.place.label}）", f"{command} {t.short}{tail}") for t in ready[:9]
        )
        media = {"media": forms.media_json(media_of(turn))}
        return Outcome(replies=(Reply(texts.WHICH_TASK, choices),), dialog=forms.ask(turn, PICK, media, *choices))
    if mine:
        raise WrongState(mine[0].status, action)
    raise Refused(texts.NO_TASKS)


def _numbered(turn: Turn, read: Read, action: Action, digits: str) -> Ticket | Outcome:
    found = read.tickets_numbered(digits)
    allowed = [t for t in found if may_act(turn.who, t)]
    if allowed:
        ticket = allowed[0]
        move(ticket.status, action)
        return ticket
    if found:
        return Outcome(
            replies=(Reply(texts.NOT_YOUR_GRID),), facts=(AccessRefused(found[0].id, turn.who.id, str(action)),)
        )
    raise Refused(texts.NO_SUCH_TASK.format(number=digits))


def media_of(turn: Turn) -> tuple[Media, ...]:
    """Photos of this message and those sent just before it."""
    before: tuple[Media, ...] = ()
    if turn.dialog is not None and turn.dialog.form in (PHOTOS, PICK):
        before = forms.media_from(turn.dialog.answers.get("media"))
    return before + turn.inbound.media


def taken(turn: Turn, ticket: Ticket) -> tuple[Fact, ...]:
    """Whoever acts on a ticket owns it from then on (首接负责)."""
    if ticket.owner == turn.who.id:
        return ()
    return (TicketDispatched(ticket.id, turn.who.id, turn.who.id, "taken", Status.TO_ACCEPT),)
