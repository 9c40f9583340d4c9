"""An order written in the chat as an act: which ticket, with what; what is missing is asked for, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets.acts import act
from handlers.tickets.doing import Args, Missing
from handlers.tickets.rules import Action
from handlers.tickets.tasks import media_of
from handlers.types import Outcome, Reply, Turn

MISSING = "missing"

# the word that starts the order again once the missing part is there
WORDS: dict[Action, str] = {
    Action.SOLVE: "办结", Action.RETURN: "退单", Action.TRANSFER: "转给", Action.DISPATCH: "派给",
    Action.EXTEND: "延期", Action.REPLY: "回复",
}  # fmt: skip


def done(turn: Turn, read: Read, action: Action, ticket: Ticket, args: Args) -> Outcome:
    """The act's outcome; where something is missing, the question for it and a dialog that waits."""
    try:
        out = act(action, ticket, args, turn.who, turn.now, turn.policy, read)
    except Missing as missing:
        if action not in WORDS:
            raise
        answers = {
            "action": action.name, "ticket": ticket.id, "words": args.words,
            "until": args.until.isoformat() if args.until else "", "media": forms.media_json(args.media),
        }  # fmt: skip
        return Outcome(replies=(Reply(str(missing)),), dialog=forms.ask(turn, MISSING, answers))
    return replace(out, dialog=None)


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
    media = forms.media_from(answers["media"]) + turn.inbound.media
    before: datetime | None = datetime.fromisoformat(answers["until"]) if answers["until"] else None
    if not words:
        if not turn.inbound.media:
            return None
        return done(turn, read, action, ticket, Args(words=answers["words"], until=before, media=media))
    meant = again(f"{WORDS[action]} {ticket.short} {words}")
    spoken = meant.said.reason or words
    meant = replace(meant, said=replace(meant.said, reason=spoken))
    args = choose(meant, read, ticket, action)
    if action is Action.EXTEND:
        args = replace(args, words=answers["words"] or meant.said.reason, until=meant.said.until or before)
        if meant.said.until is not None and not answers["words"] and spoken == words:
            args = replace(args, words="")  # a day alone is no reason
    return done(turn, read, action, ticket, replace(args, media=media))
