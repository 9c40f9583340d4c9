"""What somebody with tasks says that no command fits: most likely about a task; shown as choices, never guessed."""

from __future__ import annotations

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import texts
from handlers.tickets.rules import Status
from handlers.tickets.tasks import PICK
from handlers.types import Choice, Outcome, Turn, say

_TASKS, _MOST, _LETTERS = 2, 20, 200
_OFFERED = 4


def about_a_task(turn: Turn, read: Read) -> Outcome | None:
    """To the reporter or to the community, with the words as they are; None for who has no task."""
    words = " ".join(turn.inbound.text.split())[:_LETTERS]
    if not turn.who.posts or not words:
        return None
    tasks = read.tasks_of(turn.who.id, limit=_MOST)
    if turn.said.category:  # another kind of fault is rather a report of his own
        tasks = tuple(ticket for ticket in tasks if ticket.category[:2] == turn.said.category[:2])
    tasks = tasks[:_TASKS]
    if not tasks:
        return None
    choices = tuple(Choice(_told(ticket, len(tasks)), f"回复 {ticket.short} {words}") for ticket in tasks)
    if len(tasks) == 1:
        choices += (Choice(texts.UNCLEAR_HELP, f"求助 {tasks[0].short} {words}"),)
    choices += (Choice(texts.UNCLEAR_TODO, "我的待办"), Choice(texts.UNCLEAR_PERSON, f"转人工 {words}"))
    return _asked(turn, texts.UNCLEAR_TASK, *choices)


def agreed(turn: Turn, read: Read) -> Outcome | None:
    """「好的」 to a task just sent: asked, because a task accepted by mistake is nobody's."""
    new = [ticket for ticket in read.tasks_of(turn.who.id, limit=_MOST) if ticket.status is Status.TO_ACCEPT]
    if not turn.who.posts or not new:
        return None
    one = len(new) == 1
    choices = [Choice("接单" if one else f"接单{t.short} {t.summary}", f"接单 {t.short}") for t in new[:_OFFERED]]
    if one:
        choices.append(Choice("退单", f"退单 {new[0].short}"))
    return _asked(turn, texts.UNCLEAR_ACCEPT.format(short=new[0].short) if one else texts.UNCLEAR_ACCEPTS, *choices)


def _asked(turn: Turn, text: str, *choices: Choice) -> Outcome:
    return say(text, *choices, dialog=forms.ask(turn, PICK, {}, *choices))


def _told(ticket: Ticket, of: int) -> str:
    return (
        texts.UNCLEAR_TELL if of == 1 else texts.UNCLEAR_TELL_ONE.format(short=ticket.short, summary=ticket.summary)
    )
