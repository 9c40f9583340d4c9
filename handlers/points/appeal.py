"""申诉: against a deduction before it counts, a freeze, or a month that is shown; somebody else decides."""

from __future__ import annotations

import re

from handlers import forms
from handlers.points import months, texts
from handlers.points.facts import CaseAppealed
from handlers.points.port import Case, Notice
from handlers.read import Read
from handlers.timing import TimersCleared
from handlers.types import Choice, Fact, Outcome, Refused, Reply, Turn

FORM = "appeal"
_COMMAND = re.compile(r"^\s*(?:我要|我想|我对)?(?:积分)?(?:申诉|公示(?:有|的)?异议)[\s::,，。]*")
_BARE = re.compile("(?:我的)?(?:积分|分)(?:不对|少了|错了)|少了?分|分(?:不对|少了)")
_NAMED = re.compile(r"积分\s*(\d{1,6})\s*")


def appeal(turn: Turn, read: Read) -> Outcome:
    """「申诉 不是我家的东西」, or 「申诉」 and then the words."""
    open_ = [case for case in read.cases_of(turn.who.id) if case.state == "proposed" and _in_time(case, turn)]
    words = _COMMAND.sub("", turn.inbound.text).strip()
    if not open_:
        return _against_notice(turn, read, words)
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


def _against_notice(turn: Turn, read: Read, words: str) -> Outcome:
    notice = read.points_notice(turn.who.community, "") if turn.who.community else None
    if notice is None or not _running(notice, turn):
        raise Refused(texts.NO_DEDUCTION)
    if len(words) < 4 or _BARE.fullmatch(words):
        return Outcome(replies=(Reply(texts.ASK_APPEAL),), dialog=forms.ask(turn, FORM, {"notice": notice.id}))
    return months.object_(turn, notice, words, read)


def resume(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    if "notice" in turn.dialog.answers:
        notice = read.points_notice_by_id(turn.dialog.answers["notice"])
        words = turn.inbound.text.strip()
        if notice is None or not _running(notice, turn):
            return Outcome(replies=(Reply(texts.NO_DEDUCTION),), dialog=None)
        return months.object_(turn, notice, words, read) if len(words) >= 4 else None
    case = read.case(turn.dialog.answers["case"])
    if case is None or case.state != "proposed" or not turn.said.text:
        return None
    return _made(turn, case, turn.inbound.text.strip())


def _running(notice: Notice, turn: Turn) -> bool:
    return notice.closed is None and turn.now <= notice.until


def _in_time(case: Case, turn: Turn) -> bool:
    return case.until is not None and turn.now <= case.until


def _made(turn: Turn, case: Case, words: str) -> Outcome:
    facts: tuple[Fact, ...] = (CaseAppealed(case.id, turn.who.id, words),)
    if case.points:
        facts = (*facts, TimersCleared(case.id, ("pt_case",)))
    text = texts.APPEALED if case.points else texts.FREEZE_APPEALED
    return Outcome(replies=(Reply(text),), facts=facts, dialog=None)
