"""Not understood, or answered in the middle of something: choices instead of guesses, nothing typed twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers import forms, texts
from handlers.knowledge import answers as knowledge
from handlers.read import Read
from handlers.residents import homes
from handlers.tickets import answer, human, report, sos
from handlers.tickets.report_ask import FORM as REPORT
from handlers.tickets.tasks import PHOTOS
from handlers.types import Choice, Outcome, Turn, say

QUIET_DIALOGS = (
    sos.FORM,
    human.VOICE,
    PHOTOS,
    knowledge.GIVEN,
    knowledge.WHICH,
)  # no 「刚才那件事还没报完」 after these
_UNCLEAR = "没看明白。请点一个，或者换个说法。说「取消」就不办了。"


def misread(turn: Turn) -> Outcome:
    """Not understood: two or three concrete choices, never a silent guess; what was said is kept."""
    words = turn.inbound.text.strip()[:300]
    choices = (Choice("报个问题", "我要报事"), Choice("查进度", "查进度"), Choice("找社区的人", "转人工"))
    if turn.dialog and turn.dialog.form not in ("", "misread", *QUIET_DIALOGS):
        return say(_UNCLEAR, *turn.dialog.offered)
    return say(texts.MISREAD, *choices, dialog=forms.ask(turn, "misread", {"words": words}, *choices))


def after_misread(turn: Turn, read: Read, again: Callable[[Turn, str], Turn]) -> Outcome | None:
    """「报个问题」 after words not understood: those words are the matter, nobody types them twice."""
    assert turn.dialog is not None
    words = turn.dialog.answers.get("words", "")
    if turn.said.intent == "report_issue" and not turn.said.category and words and len(words) >= 4:
        meant = again(turn, words)
        return report.start(replace(meant, said=replace(meant.said, intent="report_issue", action="report")), read)
    return None


def kept(turn: Turn, out: Outcome) -> Outcome:
    """Answered in the middle of a form: the form stays and is mentioned."""
    if not turn.dialog or turn.dialog.form not in (REPORT, homes.BIND) or out.dialog != "keep" or not out.replies:
        return out
    *before, last = out.replies
    return replace(out, replies=(*before, replace(last, text=f"{last.text}\n{texts.KEPT_FORM}")))


def resident_reading(turn: Turn, read: Read) -> Outcome:
    """Staff words from somebody without a post: 「弄好了」 from a resident is 解决了 when one waits."""
    if answer.waiting(turn, read):
        if turn.said.action == "finish":
            return answer.solved(turn, read)
        if turn.said.action == "agree":
            return answer.solved(turn, read)
        if turn.said.action == "disagree":
            return answer.unsolved(turn, read)
    return misread(turn)
