"""A tap on the button of a card or a page: the same command as its words, about exactly one matter."""

from __future__ import annotations

from dataclasses import replace

import nlp
from handlers import texts
from handlers.numerals import number_in
from handlers.read import Read, Ticket
from handlers.tickets import orders, reach, said
from handlers.tickets.rules import MOVES, OPEN, Action, Status
from handlers.types import Outcome, Refused, Turn
from nlp.types import Understanding

# The button's word → what the same word means in a message: intent and action of handlers/routes.py.
COMMANDS: dict[str, tuple[str, str]] = {
    "接单": ("staff_ops", "accept"),
    "到场": ("staff_ops", "arrive"),
    "办结": ("staff_ops", "finish"),
    "退单": ("staff_ops", "hand_back"),
    "求助": ("staff_ops", "escalate"),
    "上报": ("staff_ops", "escalate"),
    "同意": ("staff_ops", "agree"),
    "同意退单": ("staff_ops", "agree"),
    "同意延期": ("staff_ops", "agree"),
    "不同意": ("staff_ops", "disagree"),
    "不同意退单": ("staff_ops", "disagree"),
    "不同意延期": ("staff_ops", "disagree"),
    "回复": ("staff_ops", "reply"),
    "补充": ("urge_reopen_rate", "add"),
    "催办": ("urge_reopen_rate", "urge"),
    "解决了": ("urge_reopen_rate", "solved"),
    "没解决": ("urge_reopen_rate", "unsolved"),
    "评价": ("urge_reopen_rate", "rate"),
}
# Buttons whose words are an order of staff (nlp/orders.py) → its name there.
ORDERS: dict[str, str] = {
    "核查通过": "PASS", "核查不通过": "FAIL", "签到": "SIGN_IN", "报结论": "CONCLUDE", "跟进": "FOLLOW_UP",
    "办理情况": "ADD", "恢复": "RESUME", "挂账": "HANG", "终止": "END",
    "接管": "TAKE_OVER", "交还": "HAND_OVER", "备注": "NOTE",
}  # fmt: skip
_MOVES = {"接单": Action.ACCEPT, "到场": Action.VISIT, "办结": Action.SOLVE, "退单": Action.RETURN,
          "求助": Action.ESCALATE, "上报": Action.ESCALATE}  # fmt: skip


def for_staff(verb: str) -> bool:
    """Whether a button of this word is one of those who handle matters."""
    return verb in ORDERS or COMMANDS.get(verb, ("",))[0] == "staff_ops"


def meant(turn: Turn, read: Read) -> Turn | Outcome:
    """The turn as if the command had been written with the matter's whole number and the words given beside it;
    of an order its outcome, because no other matter can be meant.

    `event_key` is "<ticket id>:<word>[ …]"; a word that is no command here is read like a message. Raises Refused
    for a matter that is gone, and for a tap that came too late: then the words say who has the matter.
    """
    number, colon, rest = turn.inbound.event_key.partition(":")
    verb, _, beside = rest.partition(" ")
    known = number_in(number)
    ticket = read.ticket(known) if colon and known else None
    if ticket is None or not verb:
        raise Refused(texts.BUTTON_GONE)
    if verb in ORDERS:
        return _ordered(turn, read, ticket, verb, beside)
    if verb not in COMMANDS:  # a choice of another kind: what it says, as if it had been written
        spoken = replace(turn.inbound, event="", event_key="", text=rest)
        return replace(turn, said=nlp.understand(rest, now=turn.now), inbound=spoken)
    _not_too_late(turn, read, ticket, verb)
    intent, action = COMMANDS[verb]
    if intent == "staff_ops" and not turn.who.posts:
        raise Refused(said.NOT_YOUR_GRID)
    words = turn.inbound.text.strip()
    heard = Understanding(
        raw=words, text=turn.said.text or words, intent=intent, action=action, score=1.0,
        tickets=(ticket.code,), until=turn.said.until, reason=words,
    )  # fmt: skip
    return replace(turn, said=heard, inbound=replace(turn.inbound, event="", event_key=""))


def _ordered(turn: Turn, read: Read, ticket: Ticket, verb: str, beside: str) -> Outcome:
    if not turn.who.posts:
        raise Refused(said.NOT_YOUR_GRID)
    words = f"{beside.removeprefix(ticket.code).removeprefix(ticket.short)} {turn.inbound.text}"
    plain = replace(turn, inbound=replace(turn.inbound, event="", event_key=""))
    return orders.tapped(plain, read, ORDERS[verb], ticket, words)


def _not_too_late(turn: Turn, read: Read, ticket: Ticket, verb: str) -> None:
    move = _MOVES.get(verb)
    if move is None or (ticket.status, move) in MOVES or not reach.parts(turn.who, ticket, read) & reach.WORKING:
        return
    if ticket.status is Status.WITHDRAWN:
        raise Refused(texts.BUTTON_WITHDRAWN.format(short=ticket.short))
    if ticket.status not in OPEN:
        raise Refused(texts.BUTTON_DONE.format(short=ticket.short, by=_by(ticket, read)))
    if ticket.owner and ticket.owner != turn.who.id:
        raise Refused(texts.BUTTON_TAKEN.format(short=ticket.short, by=_by(ticket, read)))
    if verb == "接单" and ticket.owner == turn.who.id:
        raise Refused(texts.BUTTON_YOURS.format(short=ticket.short))


def _by(ticket: Ticket, read: Read) -> str:
    return read.name(ticket.owner) or "社区"
