"""A form interrupted by another conversation waits behind it and comes back: nothing said is lost or asked twice."""

from __future__ import annotations

from typing import Any

from handlers import forms, texts
from handlers.activities.find import SEEN
from handlers.activities.opening import FORM as OPENING
from handlers.activities.record import FORM as RECORD
from handlers.announcements.chat import FORM as ANNOUNCING
from handlers.mutual.asking import FORM as HELPING
from handlers.points.appeal import FORM as APPEAL
from handlers.repair import MISREAD
from handlers.residents.facts import PersonErased
from handlers.residents.homes import BIND
from handlers.tickets.report_ask import FORM as REPORT
from handlers.tickets.takeover import FORM as TAKEOVER
from handlers.types import Choice, Dialog, Outcome, Reply, Turn
from nlp.quick import replace

_WAITS = "behind"  # where it lies in the answers of the conversation in front
_CAME_BACK = "came_back"
_KEEPS = (REPORT, OPENING, ANNOUNCING, HELPING, APPEAL, RECORD, BIND)  # these hold what somebody wrote
_NO_QUESTION = (SEEN, MISREAD)  # what was shown is remembered; it waits for no answer


def chosen(turn: Turn) -> Turn:
    """The turn of the form that a message answers: the one behind where that in front asks nothing."""
    front = turn.dialog
    waiting = _waiting(front)
    if front is None or waiting is None or front.form not in _NO_QUESTION:
        return turn
    said = turn.said
    if said.number is not None or forms.picked(turn) is not None:
        return turn
    behind = replace(turn, dialog=waiting)
    answers = said.yes is not None or forms.picked(behind) is not None
    about_it = said.place.found or said.intent in ("report_issue", "complaint_service")
    return behind if answers or about_it else turn


def settled(turn: Turn, out: Outcome) -> Outcome:
    """With the interrupted form put behind the new conversation, or in front again when that one is over."""
    old, new = turn.dialog, out.dialog
    if isinstance(new, Dialog):
        waiting = old if old and _interrupted(old, new) else _waiting(old)
        if waiting is not None and waiting.form != new.form and new.form != TAKEOVER:
            new = replace(new, answers=new.answers | {_WAITS: _json(waiting)})
            if waiting is old and new.form in _NO_QUESTION:
                *before, last = out.replies
                out = replace(out, replies=(*before, replace(last, text=f"{last.text}\n{texts.KEPT_FORM}")))
        return replace(out, dialog=_with_question(new, out))
    waiting = _waiting(old)
    if new is not None or waiting is None or any(isinstance(fact, PersonErased) for fact in out.facts):
        return out
    asked = waiting.answers.get(forms.ASK_BACK) or waiting.answers.get(forms.LAST_QUESTION)
    question = (texts.GO_ON_LINE if "\n" in asked else texts.GO_ON) + asked if asked else texts.KEPT_FORM
    said = tuple(replace(reply, text=reply.text.removesuffix(texts.ANYTIME)) for reply in out.replies)
    return replace(out, replies=(*said, Reply(question, waiting.offered)), dialog=replace(waiting, since=turn.now))


def _interrupted(old: Dialog, new: Dialog) -> bool:
    asked_enough = old.form == BIND and old.answers.get(_CAME_BACK)  # owner or tenant: asked twice and no more
    return old.form != new.form and old.form in _KEEPS and not asked_enough


def _with_question(dialog: Dialog, out: Outcome) -> Dialog:
    """What a form asked last, to be asked again."""
    if dialog.form not in _KEEPS or not out.replies:
        return dialog
    return replace(dialog, answers=dialog.answers | {forms.LAST_QUESTION: out.replies[-1].text})


def _waiting(dialog: Dialog | None) -> Dialog | None:
    kept = dialog.answers.get(_WAITS) if dialog else None
    if not kept:
        return None
    return Dialog(kept["form"], kept["answers"], tuple(Choice(*one) for one in kept["offered"]))


def _json(dialog: Dialog) -> dict[str, Any]:
    """With the one that waits behind it, and no more."""
    answers = dialog.answers | {_CAME_BACK: True}
    if inner := answers.get(_WAITS):
        kept = {name: value for name, value in inner["answers"].items() if name != _WAITS}
        answers[_WAITS] = inner | {"answers": kept}
    return {
        "form": dialog.form,
        "answers": answers,
        "offered": [[choice.label, choice.say] for choice in dialog.offered],
    }
