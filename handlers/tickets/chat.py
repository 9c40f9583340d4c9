"""An order written in the chat as an act: which ticket, with what; what is missing is asked for, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import texts
from handlers.tickets.acts import act
from handlers.tickets.acts_pass import team
from handlers.tickets.doing import Args, Missing
from handlers.tickets.order_args import args_for
from handlers.tickets.rules import Action
from handlers.tickets.tasks import media_of
from handlers.tickets.unclear import about
from handlers.types import Choice, Outcome, Reply, Turn
from nlp.orders import Order
from nlp.undone import undone

MISSING = "missing"

# the word that starts the order again once the missing part is there
WORDS: dict[Action, str] = {
    Action.SOLVE: "办结", Action.RETURN: "退单", Action.TRANSFER: "转给", Action.DISPATCH: "派给",
    Action.EXTEND: "延期", Action.REPLY: "回复", Action.HANG: "挂账", Action.ASK_HANG: "挂账",
    Action.REJECT: "不予受理",
    Action.WHISTLE: "吹哨", Action.CONCLUDE: "结论", Action.ASSIST: "协办", Action.FAIL: "核查不通过",
    Action.RECLASS: "改分类", Action.REFUSE_LIST: "拒收", Action.END: "终止", Action.ASK_END: "终止",
    Action.ASK_MORE: "请补充", Action.APPEAL: "新情况",
    Action.ADD: "办理情况", Action.NOTE: "备注",
}  # fmt: skip

# whose words are read by order_args when only the missing part comes
_ORDERED = frozenset(WORDS) - {
    Action.SOLVE, Action.RETURN, Action.TRANSFER, Action.DISPATCH, Action.EXTEND, Action.REPLY,
}  # fmt: skip

_TO_SOMEBODY = (Action.TRANSFER, Action.DISPATCH)
_NAME = 3  # letters of a name; what is longer and names nobody was not meant as one


def done(turn: Turn, read: Read, action: Action, ticket: Ticket, args: Args) -> Outcome:
    """The act's outcome; where something is missing, the question for it and a dialog that waits.

    Words that say it is not done end nothing: the reporter would hear 「办好了。不归我管」.
    """
    if action is Action.SOLVE and undone(args.words):
        return about(turn, ticket, args.words, texts.UNDONE.format(short=ticket.short, words=args.words[:20]))
    try:
        out = act(action, ticket, args, turn.who, turn.now, turn.policy, read)
    except Missing as missing:
        if action not in WORDS:
            raise
        answers = {
            "action": action.name, "ticket": ticket.id, "words": args.words,
            "until": args.until.isoformat() if args.until else "", "media": forms.media_json(args.media),
        }  # fmt: skip
        people = team(turn.who, ticket, read) if action is Action.TRANSFER else ()
        names = tuple(Choice(person.name) for person in people[: forms.MOST_CHOICES] if person.name)
        return Outcome(replies=(Reply(str(missing), names),), dialog=forms.ask(turn, MISSING, answers, *names))
    return replace(out, dialog=None)


def only(turn: Turn, read: Read, action: Action, ticket: Ticket, args: Args) -> Outcome:
    """The act alone, among several: what is missing is said, and asked for when that one is ordered again."""
    return act(action, ticket, args, turn.who, turn.now, turn.policy, read)


def given(turn: Turn) -> Args:
    """What the message itself says: reason, day, photos (also those sent just before)."""
    return Args(words=turn.said.reason, until=turn.said.until, media=media_of(turn), pin=turn.inbound.pin)


def resume(
    turn: Turn, read: Read, again: Callable[[str], Turn], choose: Callable[[Turn, Read, Ticket, Action], Args]
) -> Outcome | None:
    """The missing part alone: the order is given again with it. None when another order or nothing was said."""
    assert turn.dialog is not None
    answers = turn.dialog.answers
    ticket, action = read.ticket(answers["ticket"]), Action[answers["action"]]
    words = turn.inbound.text.strip()
    other = turn.said.intent == "staff_ops" and not (turn.said.action == "finish" and action is Action.SOLVE)
    if ticket is None or other:
        return None
    if action in _TO_SOMEBODY and not words:
        return None  # a photo is no name
    if (index := forms.picked(turn)) is not None:
        words = turn.dialog.offered[index].label
    elif turn.said.number is not None:
        return done(turn, read, action, ticket, Args(words=answers["words"], until=_moment(answers["until"])))
    if action in _ORDERED:
        name = {Action.ASK_HANG: "HANG", Action.ASK_END: "END"}.get(action, action.name)
        full = ",".join(filter(None, (answers["words"], *words.split())))
        args = args_for(turn, read, ticket, Order(name, (ticket.short,), full))
        return done(turn, read, action, ticket, replace(args, until=args.until or _moment(answers["until"])))
    media = forms.media_from(answers["media"]) + turn.inbound.media
    before = _moment(answers["until"])
    if not words:
        if not turn.inbound.media:
            return None
        return done(turn, read, action, ticket, Args(words=answers["words"], until=before, media=media))
    words = turn.said.reason or words if turn.said.action == "finish" else words
    meant = again(f"{WORDS[action]} {ticket.short} {words}")
    spoken = meant.said.reason or words
    meant = replace(meant, said=replace(meant.said, reason=spoken))
    args = choose(meant, read, ticket, action)
    if action in _TO_SOMEBODY and args.to <= 0 and not args.unit and len(words) > _NAME:
        return None
    if action is Action.RETURN:
        args = replace(args, words="，".join(filter(None, (answers["words"], spoken))))
    if action is Action.EXTEND:
        args = replace(args, words=answers["words"] or meant.said.reason, until=meant.said.until or before)
        if meant.said.until is not None and not answers["words"] and spoken == words:
            args = replace(args, words="")  # a day alone is no reason
    return done(turn, read, action, ticket, replace(args, media=media))


def _moment(value: str) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
