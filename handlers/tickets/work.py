"""A micro-grid leader answers tasks by chat: accept, arrive, finish with words and photos, list."""

from __future__ import annotations

from datetime import timedelta

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import texts
from handlers.tickets.facts import TicketAccepted, TicketSolved, TicketVisited, TimersCleared, TimerSet, WordsAdded
from handlers.tickets.rules import Action, Status, move
from handlers.tickets.tasks import LADDER, PHOTOS, media_of, taken, task
from handlers.types import Media, Outcome, Reply, Role, Turn, say


def accept(turn: Turn, read: Read) -> Outcome:
    found = task(turn, read, Action.ACCEPT, "接单")
    if isinstance(found, Outcome):
        return found
    facts = (*taken(turn, found), TicketAccepted(found.id, turn.who.id), TimersCleared(found.id, LADDER))
    due = texts.when(found.due, turn.now)
    text = f"接单成功，{found.short}。先联系报事人，{due}前办好。办好了说「办结」加一句话，可以发照片。"
    return Outcome(replies=(Reply(text),), facts=facts, dialog=None)


def visit(turn: Turn, read: Read) -> Outcome:
    found = task(turn, read, Action.VISIT, "到场")
    if isinstance(found, Outcome):
        return found
    facts = (
        *taken(turn, found),
        TicketVisited(found.id, turn.who.id, turn.said.reason),
        TimersCleared(found.id, LADDER),
    )
    return Outcome(replies=(Reply(f"{found.short}到场时间记下了，也告诉了报事人。"),), facts=facts, dialog=None)


def finish(turn: Turn, read: Read) -> Outcome:
    """办结 needs words; photos sent just before come along."""
    found = task(turn, read, Action.SOLVE, "办结")
    if isinstance(found, Outcome):
        return found
    media = media_of(turn)
    if not turn.said.reason:
        answers = {"ticket": found.id, "media": forms.media_json(media)}
        return say(texts.NEED_RESULT, dialog=forms.ask(turn, "result", answers))
    return _finished(turn, found, turn.said.reason, media)


def resume_result(turn: Turn, read: Read) -> Outcome | None:
    """The words of 办结 when only the command came first."""
    assert turn.dialog is not None
    ticket = read.ticket(turn.dialog.answers["ticket"])
    if ticket is None or (turn.said.intent == "staff_ops" and turn.said.action != "finish"):
        return None
    media = forms.media_from(turn.dialog.answers.get("media")) + turn.inbound.media
    words = turn.inbound.text.strip()
    if not words:
        answers = {"ticket": ticket.id, "media": forms.media_json(media)}
        return say(texts.NEED_RESULT, dialog=forms.ask(turn, "result", answers))
    return _finished(turn, ticket, turn.said.reason or words, media)


def _finished(turn: Turn, ticket: Ticket, words: str, media: tuple[Media, ...]) -> Outcome:
    move(ticket.status, Action.SOLVE)
    rating_by = turn.now + timedelta(days=turn.policy.rating_silence_days)
    facts = (
        *taken(turn, ticket),
        TicketSolved(ticket.id, turn.who.id, words, media),
        TimersCleared(ticket.id, (*LADDER, "overdue")),
        TimerSet(ticket.id, "rating", rating_by),
    )
    photo = "" if media else "有照片可以接着发。"
    return Outcome(replies=(Reply(f"{ticket.short}已反馈，正在请报事人确认。{photo}"),), facts=facts, dialog=None)


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
    for community in turn.who.scopes(Role.DESK):
        seen = {t.id for t in items}
        items += tuple(t for t in read.desk_tasks(community) if t.id not in seen)
    if not items:
        return say(texts.NO_TASKS)
    return say(texts.todo(items[:20], turn.now))
