"""A handler's orders by chat that move a task or its limit: hand back, transfer, extend, escalate."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from handlers.read import Read, Ticket
from handlers.tickets import chat
from handlers.tickets.acts_pass import names_of_team
from handlers.tickets.chat import done, given
from handlers.tickets.desk import called, units_here
from handlers.tickets.doing import Args
from handlers.tickets.rules import Action
from handlers.tickets.tasks import task
from handlers.types import Outcome, Turn
from nlp import numbers
from nlp.orders import sent, without_number

_BARE = re.compile(r"退|延|展期|推迟")  # the command itself; words without it that came to the same are the reason
_ONLY_WHEN = re.compile(r"[,，\s](?:才|再|能|会)?(?:到|来|有)(?:货)?$")  # 「周五才到」 without its day
_LONGER = re.compile(
    r"(?:延|推|宽限)(?:期|后|迟|长)?\s*(\d{1,2}|[一二两三四五六七八九十])(天|周|个星期|星期|个礼拜|礼拜|个月)"
)


def hand_back(turn: Turn, read: Read) -> Outcome:
    return _order(turn, read, Action.RETURN, "退单")


def transfer(turn: Turn, read: Read) -> Outcome:
    return _order(turn, read, Action.TRANSFER, "转给")


def extend(turn: Turn, read: Read) -> Outcome:
    return _order(turn, read, Action.EXTEND, "延期")


def escalate(turn: Turn, read: Read) -> Outcome:
    return _order(turn, read, Action.ESCALATE, "上报")


def _order(turn: Turn, read: Read, action: Action, command: str) -> Outcome:
    found = task(turn, read, action, command)
    return found if isinstance(found, Outcome) else done(turn, read, action, found, _args(turn, read, found, action))


def _args(turn: Turn, read: Read, ticket: Ticket, action: Action) -> Args:
    args = given(turn)
    if action in (Action.TRANSFER, Action.DISPATCH) and not args.words:
        args = replace(args, words=sent(turn.inbound.text))
    if action in (Action.RETURN, Action.EXTEND) and not args.words and not _BARE.search(turn.inbound.text):
        args = replace(args, words=without_number(turn.inbound.text))
    if action is Action.EXTEND:
        args = replace(args, words=_ONLY_WHEN.sub("", args.words))
    if action is Action.EXTEND and ticket.due and (days := _LONGER.search(turn.inbound.text)):
        args = replace(args, until=ticket.due + timedelta(days=_days(days[1], days[2])))
    if action is Action.TRANSFER and args.words:
        to = names_of_team(turn.who, ticket, args.words, read)
        units = units_here(read, ticket, args.words) if to < 0 else ()
        return replace(args, unit=units[0].id) if len(units) == 1 else replace(args, to=to)
    if action is Action.DISPATCH and args.words:
        chosen = called(read, ticket, args.words)
        units = units_here(read, ticket, args.words) if not chosen else ()
        return replace(args, to=chosen[0].id if len(chosen) == 1 else -1, unit=units[0].id if len(units) == 1 else 0)
    return args


def _days(count: str, unit: str) -> int:
    """「延两天」: from the limit on, not from today."""
    number = numbers.value(count) or 1
    return number * {"天": 1, "个月": 30}.get(unit, 7)


def resume_missing(turn: Turn, read: Read, again: Callable[[str], Turn]) -> Outcome | None:
    return chat.resume(turn, read, again, _args)
