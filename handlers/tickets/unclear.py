"""What somebody with tasks says that no command fits: most likely about a task; shown as choices, never guessed."""

from __future__ import annotations

import re

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import reach, texts
from handlers.tickets.acts_pass import basis_in
from handlers.tickets.rules import ROWS, Action, Status
from handlers.tickets.tasks import PICK
from handlers.types import Choice, Outcome, Turn, say
from nlp.orders import sent, without_number
from nlp.undone import told_done, undone

_TASKS, _MOST, _LETTERS = 3, 20, 200
_OFFERED = 4
_SHORT = re.compile(r"^(\d{1,3})[号单](?![楼栋院门])[\s,，:：、]*")  # 「2号等配件」
_USUAL = (Action.ACCEPT, Action.SOLVE, Action.EXTEND, Action.RETURN, Action.ESCALATE)


def about_a_task(turn: Turn, read: Read) -> Outcome | None:
    """To the reporter or to the community, with the words as they are; None for who has no task."""
    words = " ".join(turn.inbound.text.split())[:_LETTERS]
    if not turn.who.posts or not words:
        return None
    tasks = read.tasks_of(turn.who.id, limit=_MOST)
    if not tasks and (units := reach.units_of(turn.who)):
        tasks = read.unit_tasks(units)
    if turn.said.number is not None and tasks:
        return say(texts.todo(tasks[:_MOST], turn.now))
    if turn.said.category:  # another kind of fault is rather a report of his own
        tasks = tuple(ticket for ticket in tasks if ticket.category[:2] == turn.said.category[:2])
    if named := tuple(ticket for ticket in tasks if _names(turn, ticket)):
        tasks, words = named, _SHORT.sub("", without_number(words))
        if not words:
            return _number_alone(turn, named[0])
    tasks = tasks[:_TASKS]
    if len(tasks) == 1:
        return about(turn, tasks[0], words, texts.UNCLEAR_TASK)
    if not tasks:
        return None
    choices = tuple(_of_several(turn, ticket, words) for ticket in tasks)
    return _asked(turn, texts.UNCLEAR_TASK, *choices, *_else(words))


def disowned(turn: Turn, read: Read) -> Outcome | None:
    """「垃圾不归我管」 of who has such a task: to be sent back, no report of his own; None for all else."""
    words = turn.inbound.text
    if (
        not turn.who.posts
        or (turn.dialog and turn.dialog.form != PICK)
        or turn.said.place.found
        or not (undone(words) and basis_in(words))
    ):
        return None
    same = any(task.category == turn.said.category for task in read.tasks_of(turn.who.id, limit=_MOST))
    return about_a_task(turn, read) if same else None


def _of_several(turn: Turn, ticket: Ticket, words: str) -> Choice:
    """What the words come near to, with the task it would be done to; else told to its reporter."""
    act = _likely(turn, ticket, words) or Choice(texts.UNCLEAR_TELL, f"回复 {ticket.short} {words}")
    return Choice(texts.UNCLEAR_ONE.format(act=act.label, short=ticket.short, summary=ticket.summary), act.means)


def _number_alone(turn: Turn, ticket: Ticket) -> Outcome:
    """「0017」: how it stands, and what can be done with it now."""
    acts = [action for action in _USUAL if (ticket.status, action) in ROWS]
    choices = (Choice(str(action), f"{action} {ticket.short}") for action in acts)
    return _asked(turn, texts.todo((ticket,), turn.now), *choices)


def about(turn: Turn, ticket: Ticket, words: str, question: str) -> Outcome:
    """One task and words about it: what they most likely ask for, to tell the reporter, help, a person."""
    likely = _likely(turn, ticket, words)
    tell = Choice(texts.UNCLEAR_TELL, f"回复 {ticket.short} {words}")
    help_ = Choice(texts.UNCLEAR_HELP, f"求助 {ticket.short} {words}")
    first = (likely, tell) if likely else (tell,)
    return _asked(turn, question, *first, help_, *_else(words))


def _names(turn: Turn, ticket: Ticket) -> bool:
    short = _SHORT.match(turn.inbound.text.strip())
    named = (*turn.said.tickets, short[1].zfill(_OFFERED)) if short else turn.said.tickets
    return any(len(digits) >= _OFFERED and ticket.code.endswith(digits) for digits in named)


def _else(words: str) -> tuple[Choice, ...]:
    return Choice(texts.UNCLEAR_TODO, "我的待办"), Choice(texts.UNCLEAR_PERSON, f"转人工 {words}")


def _likely(turn: Turn, ticket: Ticket, words: str) -> Choice | None:
    """What the words come near to, where the state lets it: 「不归我管」 退单, a day 延期, 「垃圾拉走了」 办结."""

    def may(action: Action) -> bool:
        return (ticket.status, action) in ROWS

    if may(Action.TRANSFER) and (name := sent(words)):
        return Choice(texts.UNCLEAR_TO.format(name=name), f"转给 {ticket.short} {name}")
    if may(Action.RETURN) and not ticket.designated and undone(words) and basis_in(words):
        return Choice(texts.UNCLEAR_RETURN, f"退单 {ticket.short} {words}")
    if may(Action.EXTEND) and turn.said.until is not None and not told_done(words):
        until = turn.said.until
        late = ticket.due is None or ticket.extended or until > ticket.due + (ticket.due - ticket.opened)
        if ticket.due is not None and turn.now < ticket.due < until and not late:
            return Choice(texts.UNCLEAR_EXTEND, f"延期 {ticket.short} {words}")
        if ticket.due is None or until > ticket.due:
            return Choice(texts.UNCLEAR_HANG, f"挂账 {ticket.short} {words}")
    if may(Action.SOLVE) and told_done(words):
        return Choice(texts.UNCLEAR_DONE, f"办结 {ticket.short} {words}")
    return None


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
