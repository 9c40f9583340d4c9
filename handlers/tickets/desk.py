"""The community desk's orders by chat: dispatch, decide returns and extensions, reply to the resident."""

from __future__ import annotations

from dataclasses import replace

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import said, texts
from handlers.tickets.chat import done, given
from handlers.tickets.doing import refusal
from handlers.tickets.rules import Action, Status
from handlers.tickets.tasks import PICK, waiting
from handlers.types import Choice, Outcome, Person, Reply, Role, Turn, say

_DECISIONS = frozenset({Action.AGREE_RETURN, Action.DECIDE_EXTENSION})


def dispatch(turn: Turn, read: Read) -> Outcome:
    """派给 somebody with a post in the community."""
    found = waiting(turn, read, frozenset({Action.DISPATCH}), "派给")
    if isinstance(found, Outcome):
        return found
    args = given(turn)
    chosen = called(read, found, args.words) if args.words else ()
    if len(chosen) > 1:
        choices = tuple(Choice(p.name, f"派给 {found.short} {p.name}") for p in chosen[:5])
        text = f"有{len(chosen)}位，派给哪一位？"
        return Outcome(replies=(Reply(text, choices),), dialog=forms.ask(turn, PICK, {}, *choices))
    if args.words and not chosen:
        text = said.NOBODY_CALLED.format(name=args.words[:12])
        raise refusal(text, found.id, turn.who.id, Action.DISPATCH, "unknown")
    return done(turn, read, Action.DISPATCH, found, replace(args, to=chosen[0].id if chosen else 0))


def called(read: Read, ticket: Ticket, name: str) -> tuple[Person, ...]:
    """By name, or by post: 微网格长, 副微网格长 of the ticket's own micro-grid."""
    if "网格长" in name and ticket.micro_grid:
        duty = read.duty_of(ticket.micro_grid)
        person = read.person(duty.deputy if "副" in name else duty.leader)
        return (person,) if person else ()
    return read.person_named(ticket.community, name)


def agree(turn: Turn, read: Read) -> Outcome:
    return _decide(turn, read, True)


def disagree(turn: Turn, read: Read) -> Outcome:
    return _decide(turn, read, False)


def _decide(turn: Turn, read: Read, agreed: bool) -> Outcome:
    """同意 / 不同意 a return or an extension; the words are the reason."""
    found = waiting(turn, read, _DECISIONS, "同意" if agreed else "不同意")
    if isinstance(found, Outcome):
        return found
    action = Action.AGREE_RETURN if agreed else Action.REFUSE_RETURN
    if found.status is Status.EXTENSION_ASKED:
        action = Action.DECIDE_EXTENSION
    return done(turn, read, action, found, replace(given(turn), agreed=agreed))


def reply(turn: Turn, read: Read) -> Outcome:
    found = waiting(turn, read, frozenset({Action.REPLY}), "回复")
    return found if isinstance(found, Outcome) else done(turn, read, Action.REPLY, found, given(turn))


def help_(turn: Turn, read: Read) -> Outcome:
    return say(texts.DESK_HELP if turn.who.holds(Role.DESK) else texts.STAFF_HELP)
