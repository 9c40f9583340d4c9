"""A handler's orders by chat about the work itself: accept, arrive, finish with words and photos, list."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import texts
from handlers.tickets.chat import done, given, only
from handlers.tickets.doing import Args
from handlers.tickets.facts import WordsAdded
from handlers.tickets.in_danger import at_once
from handlers.tickets.rules import Action, Status
from handlers.tickets.tasks import PHOTOS, at_desk, media_of, task
from handlers.types import Outcome, Reply, Turn, say

_ALL = re.compile(r"都|全|两[单个件]|几[单个件]")


def accept(turn: Turn, read: Read) -> Outcome:
    """接单. 「都接了」 takes whatever waits; a danger goes first."""
    if danger := at_once(turn, read, Action.ACCEPT):
        return danger
    if not turn.said.tickets and len(new := _new(turn, read)) > 1:
        return _several(turn, read, new)
    return _order(turn, read, Action.ACCEPT, "接单")


def _new(turn: Turn, read: Read) -> tuple[Ticket, ...]:
    """What an acceptance without a number takes all at once."""
    if not _ALL.search(turn.inbound.text):
        return ()
    return tuple(ticket for ticket in read.tasks_of(turn.who.id) if ticket.status is Status.TO_ACCEPT)


def _several(turn: Turn, read: Read, tickets: tuple[Ticket, ...]) -> Outcome:
    outs = [only(turn, read, Action.ACCEPT, ticket, Args()) for ticket in tickets]
    lines = "\n".join(reply.text for out in outs for reply in out.replies)
    return Outcome(replies=(Reply(lines),), facts=tuple(fact for out in outs for fact in out.facts), dialog=None)


def visit(turn: Turn, read: Read) -> Outcome:
    return at_once(turn, read, Action.VISIT) or _order(turn, read, Action.VISIT, "到场")


def no_answer(turn: Turn, read: Read) -> Outcome:
    return _order(turn, read, Action.NO_ANSWER, "联系不上")


def reply(turn: Turn, read: Read) -> Outcome:
    return _order(turn, read, Action.REPLY, "回复")


def finish(turn: Turn, read: Read) -> Outcome:
    return _order(turn, read, Action.SOLVE, "办结")


def _order(turn: Turn, read: Read, action: Action, command: str) -> Outcome:
    found = task(turn, read, action, command)
    return found if isinstance(found, Outcome) else done(turn, read, action, found, given(turn))


def photo(turn: Turn, read: Read) -> Outcome | None:
    """A photo from somebody with tasks: to the one just finished, else kept for 办结."""
    since = turn.now - timedelta(minutes=turn.policy.album_minutes)
    recent = [t for t in read.solved_by(turn.who.id, since) if t.status is Status.TO_RATE]
    if recent:
        fact = WordsAdded(recent[0].id, turn.who.id, "", turn.inbound.media)
        return Outcome(replies=(Reply(f"照片附到{recent[0].short}了。"),), facts=(fact,), dialog=None)
    if not read.tasks_of(turn.who.id, limit=1):
        return None
    answers = {"media": forms.media_json(media_of(turn))}
    return say(texts.TASK_PHOTO, dialog=forms.ask(turn, PHOTOS, answers))


def todo(turn: Turn, read: Read) -> Outcome:
    items = read.tasks_of(turn.who.id)
    items += tuple(t for t in at_desk(turn, read) if t.id not in {i.id for i in items})
    if not items:
        return say(texts.NO_TASKS)
    return say(texts.todo(items[:20], turn.now))
