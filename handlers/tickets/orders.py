"""Orders of leaders, units, desk and street by chat: several in one message, and those only they give."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import chat, leave, limits, reach, said, takeback, texts
from handlers.tickets.order_args import args_for
from handlers.tickets.rules import TABLE, Action, Who
from handlers.tickets.tasks import PICK, at_desk, numbered, which
from handlers.types import Outcome, Refused, Reply, Turn, say
from nlp import orders
from nlp.orders import Order

_SOON = re.compile(r"快(?:要)?(?:超时|到期)的?")
_HERE = re.compile(
    r"(?:这周|本周|这个星期|最近|今天|这个月|本月)?(?:有)?(?:什么|哪些)?的?(?:事|单|工单|情况)(?:情)?$"
)
_PERIODS = {"今天": 1, "这个月": 31, "本月": 31}


def take(turn: Turn, read: Read) -> Outcome | None:
    """What a person with a post orders; None when the message is no order of these."""
    text = turn.inbound.text.strip()
    if away := leave.wanted(turn, read):
        return away
    if _SOON.search(text) and len(text) <= 12:
        return _soon(turn, read)
    if turn.said.place.found and _HERE.search(text) and len(text) <= 20 and not turn.said.category:
        return _here(turn, read, text)
    if (back := takeback.wanted(turn, read)) is not None:
        return back
    found = orders.read(text)
    if not found:
        return None
    pairs = [(order, number) for order in found for number in _numbers(order)]
    if len(pairs) == 1:
        return _single(turn, read, found[0])
    return _several(turn, read, pairs)


def _numbers(order: Order) -> tuple[str, ...]:
    """The tickets an order acts on; 并到 acts on the first (into the last), 改分类 names a category too."""
    if order.action in ("MERGE", "RECLASS"):
        return order.tickets[:1] or ("",)
    return order.tickets or ("",)


def _meant(turn: Turn, ticket: Ticket | None, order: Order, read: Read) -> Action:
    """挂账 and 终止 are asked for by a handler and decided by the desk."""
    action = Action[order.action]
    if ticket is None or action not in (Action.HANG, Action.END):
        return action
    parts = reach.parts(turn.who, ticket, read)
    decides = bool(parts & {Who.DESK, Who.STREET}) and ticket.owner != turn.who.id
    return action if decides else {Action.HANG: Action.ASK_HANG, Action.END: Action.ASK_END}[action]


def tapped(turn: Turn, read: Read, name: str, ticket: Ticket, words: str) -> Outcome:
    """The button of an order about exactly one matter; `words`: what was written beside it."""
    order = Order(name, (ticket.code,), words.strip())
    return chat.done(turn, read, _meant(turn, ticket, order, read), ticket, args_for(turn, read, ticket, order))


def _single(turn: Turn, read: Read, order: Order) -> Outcome:
    action = Action[order.action]
    if action is Action.MERGE and len(order.tickets) == 1:
        found = _mine(turn, read, frozenset({action}), f"{order.tickets[0]} 并到")
        into = order.tickets[0]
        if isinstance(found, Outcome):
            return found
        order = replace(order, tickets=(found.code, into))
    elif _numbers(order)[0]:
        found = numbered(turn, read, action, _numbers(order)[0])
    else:
        both = {Action.HANG: Action.ASK_HANG, Action.END: Action.ASK_END}.get(action, action)
        picked = _mine(turn, read, frozenset({action, both}), str(action))
        if isinstance(picked, Outcome):
            return picked
        found = picked
    return chat.done(turn, read, _meant(turn, found, order, read), found, args_for(turn, read, found, order))


def _mine(turn: Turn, read: Read, actions: frozenset[Action], command: str) -> Ticket | Outcome:
    """The only ticket of this person that an order without a number fits, else a question."""
    fits = {status for row in TABLE if row.action in actions for status in row.states}
    everything = (*read.tasks_of(turn.who.id), *at_desk(turn, read))
    ready = tuple({t.id: t for t in everything if t.status in fits}.values())
    if len(ready) == 1:
        return ready[0]
    if ready:
        return which(turn, ready, command)
    raise Refused(texts.NO_TASKS)


def _several(turn: Turn, read: Read, pairs: list[tuple[Order, str]]) -> Outcome:
    """Each done on its own; a refused one holds up no other. Two orders for one ticket are asked about."""
    tickets = [number[-4:] for _, number in pairs]
    if len(set(tickets)) < len(tickets):
        return say(said.TWO_ORDERS)
    lines, out = [], Outcome()
    for order, number in pairs:
        try:
            found = numbered(turn, read, Action[order.action], number)
            action = _meant(turn, found, order, read)
            done = chat.only(turn, read, action, found, args_for(turn, read, found, order))
        except Refused as no:
            done = Outcome(replies=(Reply(str(no)),), facts=no.facts)
        lines += [reply.text for reply in done.replies]
        out = replace(out, facts=(*out.facts, *done.facts), pushes=(*out.pushes, *done.pushes))
    return replace(out, replies=(Reply("\n".join(lines)),), dialog=None)


def _soon(turn: Turn, read: Read) -> Outcome:
    """快超时的: in the last fifth of its limit, or late already."""
    mine = {t.id: t for t in (*read.tasks_of(turn.who.id), *at_desk(turn, read))}
    late = [t for t in mine.values() if t.due and limits.presses(t.level, t.due, turn.now)]
    if not late:
        return say(said.NONE_LATE)
    return say(texts.todo(tuple(sorted(late, key=lambda t: t.due or turn.now))[:20], turn.now))


def _here(turn: Turn, read: Read, text: str) -> Outcome | None:
    """「3幢这周的事」: what was reported of a place, as far as it is this person's work."""
    here = tuple(p for p in turn.said.place.found if p.community == turn.who.community) or turn.said.place.found
    place = here[0] if len(here) == 1 else None
    if place is None:
        places = here[: forms.MOST_CHOICES]
        choices = tuple(replace(choice, say=f"{choice.label}这周的事") for choice in forms.places_choices(places))
        return say(texts.ASK_WHICH, *choices, dialog=forms.ask(turn, PICK, {}, *choices))
    days = next((n for word, n in _PERIODS.items() if word in text), 7)
    found = read.tickets_at(forms.without_unit(place), turn.now - timedelta(days=days))
    mine = tuple(t for t in found if reach.parts(turn.who, t, read) & reach.WORKING)
    label = forms.without_unit(place).label
    return say(texts.todo(mine, turn.now, f"{label}有") if mine else said.NOTHING_HERE.format(label=label))
