"""The community desk's orders by chat: dispatch, decide returns and extensions, reply to the resident."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import said, texts
from handlers.tickets.chat import done, given
from handlers.tickets.doing import refusal
from handlers.tickets.port import Unit
from handlers.tickets.rules import Action, Status
from handlers.tickets.tasks import PICK, waiting
from handlers.types import Choice, Outcome, Person, Reply, Role, Turn, say

_DECISIONS = frozenset({Action.AGREE_RETURN, Action.DECIDE_EXTENSION, Action.PASS})


def dispatch(turn: Turn, read: Read) -> Outcome:
    """派给 somebody with a post in the community."""
    found = waiting(turn, read, frozenset({Action.DISPATCH}), "派给")
    if isinstance(found, Outcome):
        return found
    args = replace(given(turn), **_listed(turn.inbound.text))
    chosen = called(read, found, args.words) if args.words else ()
    if len(chosen) > 1:
        choices = tuple(Choice(p.name, f"派给 {found.short} {p.name}") for p in chosen[:5])
        text = f"有{len(chosen)}位，派给哪一位？"
        return Outcome(replies=(Reply(text, choices),), dialog=forms.ask(turn, PICK, {}, *choices))
    units = units_here(read, found, args.words) if args.words and not chosen else ()
    if len(units) > 1:
        choices = tuple(Choice(u.name, f"派给 {found.short} {u.name}") for u in units[:5])
        text = f"有{len(units)}家，派给哪一家？"
        return Outcome(replies=(Reply(text, choices),), dialog=forms.ask(turn, PICK, {}, *choices))
    if units:
        return done(turn, read, Action.DISPATCH, found, replace(args, unit=units[0].id))
    if args.words and not chosen:
        text = said.NOBODY_CALLED.format(name=args.words[:12])
        raise refusal(text, found.id, turn.who.id, Action.DISPATCH, "unknown")
    return done(turn, read, Action.DISPATCH, found, replace(args, to=chosen[0].id if chosen else 0))


def _listed(text: str) -> dict[str, Any]:
    """What a dispatch says of the community's list 准入清单, and what off-list work is paid (yuan)."""
    basis = next((word for word in ("清单内", "清单外") if word in text), "")
    paid = re.search(r"(\d+)\s*元", text)
    return {"list_basis": basis, "cost": int(paid.group(1)) if paid else 0}


def units_here(read: Read, ticket: Ticket, words: str) -> tuple[Unit, ...]:
    """The units these words name, those that serve the very place first."""
    named = read.units_named(ticket.community, words)
    near = tuple(u for u in named if u.id in {o.id for o in read.units_for(u.kind, ticket.place)})
    return near or named


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
    args = replace(given(turn), agreed=agreed)
    if found.status is Status.EXTENSION_ASKED:
        action = Action.DECIDE_EXTENSION
    elif found.hang_asked is not None:
        action = Action.HANG if agreed else Action.REFUSE_HANG
        args = replace(args, until=found.hang_asked, words=args.words or read.noted(found.id, "HangAsked"))
    elif found.status is Status.TO_CHECK:
        action = Action.PASS if agreed else Action.FAIL
    return done(turn, read, action, found, args)


def help_(turn: Turn, read: Read) -> Outcome:
    return say(texts.DESK_HELP if turn.who.holds(Role.DESK) else texts.STAFF_HELP)
