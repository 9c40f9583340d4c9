"""申诉: against a deduction before it counts, or against a freeze; somebody else decides."""

from __future__ import annotations

import re

from handlers import forms
from handlers.points import texts
from handlers.points.facts import CaseAppealed
from handlers.points.port import Case
from handlers.read import Read
from handlers.timing import TimersCleared
from handlers.types import Choice, Outcome, Refused, Reply, Turn

FORM = "appeal"
_COMMAND = re.compile(r"^\s*(?:我要|我想)?申诉[\s::,，。]*")
_NAMED = re.compile(r"积分\s*(\d{1,6})\s*")


def appeal(turn: Turn, read: Read) -> Outcome:
    """「申诉 不是我家的东西」, or 「申诉」 and then the words."""
    open_ = [case for case in read.cases_of(turn.who.id) if case.state == "proposed" and _in_time(case, turn)]
    if not open_:
        raise Refused(texts.NO_DEDUCTION)
    words = _COMMAND.sub("", turn.inbound.text).strip()
    if len(open_) > 1 and not _NAMED.match(words):
        names = [(texts.case_number(case.number), case.points) for case in open_]
        offered = tuple(Choice(f"{name} {points}分", f"申诉{name} {words}".strip()) for name, points in names)
        return Outcome(replies=(Reply("是哪一件？", offered),), dialog=forms.ask(turn, "pick", {}, *offered))
    named = _NAMED.match(words)
    case = next((c for c in open_ if named and c.number == int(named.group(1))), open_[0])
    words = _NAMED.sub("", words, count=1).strip()
    if len(words) < 2:
        dialog = forms.ask(turn, FORM, {"case": case.id})
        return Outcome(replies=(Reply(texts.ASK_APPEAL),), dialog=dialog)
    return _made(turn, case, words)


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    case = read.case(turn.dialog.answers["case"])
    if case is None or case.state != "proposed" or not turn.said.text:
        return None
    return _made(turn, case, turn.inbound.text.strip())


def _in_time(case: Case, turn: Turn) -> bool:
    return case.until is not None and turn.now <= case.until


def _made(turn: Turn, case: Case, words: str) -> Outcome:
    facts = (CaseAppealed(case.id, turn.who.id, words), TimersCleared(case.id, ("pt_case",)))
    return Outcome(replies=(Reply(texts.APPEALED),), facts=facts, dialog=None)
