"""The report conversation. The step is the first open question; what was said is not asked again."""

from __future__ import annotations

from typing import Any

from handlers import forms
from handlers.read import Read, Ticket
from handlers.texts import CANCELLED
from handlers.tickets import matters, proxy, report_pin, texts, texts_report, unclear
from handlers.tickets import report_confirm as confirm
from handlers.tickets import report_take as take
from handlers.tickets.matters import Matter
from handlers.tickets.opening import summary_of
from handlers.tickets.report_ask import proceed
from handlers.tickets.report_end import submit
from handlers.tickets.report_more import MATTERS_MAX
from handlers.types import Dialog, Outcome, Reply, Turn, say
from nlp.idle import is_lost, tells_nothing
from nlp.quick import replace
from nlp.types import Place

_BARE = 6  # letters of a command with nothing behind it
_WISHES = frozenset({"我要报事", "报事", "报修", "我要报修", "上报", "我要上报", "投诉", "我要投诉", "报个问题"})


def start(turn: Turn, read: Read) -> Outcome:
    """A first message about something: with words, or only photos, or only 「我要报事」."""
    if read.open_count(turn.who.id) >= turn.policy.open_per_person:
        return say(texts.TOO_MANY_OPEN.format(n=turn.policy.open_per_person))
    if own := unclear.disowned(turn, read):
        return own
    answers: dict[str, Any] = {
        "matters": [],
        "media": forms.media_json(turn.inbound.media),
        "pin": None,
        "anonymous": turn.said.anonymous,
    }
    if turn.said.category or _says_something(turn):
        answers["matters"] = matters.from_words(turn)[:MATTERS_MAX]
    if (found := proxy.read_proxy(turn.inbound.text)) and answers["matters"]:
        answers["proxy"] = found.name
        answers["proxy_for"] = proxy.who_is(found.name, matters.place_of(answers["matters"][0]), turn.who.id, read)
        for matter in answers["matters"]:
            matter["summary"] = summary_of(proxy.without(matter["summary"]))
    report_pin.take(turn, read, answers)
    return proceed(turn, read, answers)


def _says_something(turn: Turn) -> bool:
    """The words carry a matter, not only the wish to report one (「我要报事」)."""
    return bool(turn.said.text) and turn.said.text.strip() not in _WISHES


def start_after_voice(turn: Turn, read: Read) -> Outcome:
    """Words after a voice: one report with the voice in it; the voice's own ticket ends when it is sent."""
    assert turn.dialog is not None
    out = start(turn, read)
    if not isinstance(out.dialog, Dialog):
        return out
    answers = dict(out.dialog.answers)
    answers["media"] = turn.dialog.answers.get("media", []) + answers["media"]
    answers["voice"] = turn.dialog.answers["ticket"]
    return replace(out, dialog=replace(out.dialog, answers=answers))


def submit_to_desk(turn: Turn, read: Read, words: str, category: str, kind: str = "咨询") -> Outcome:
    """A question the resident wants the community to answer: asked once already, so opened at once."""
    matter: Matter = {
        "words": words, "summary": summary_of(words), "category": category, "urgency": "normal", "kind": kind,
        "desk": True,
    }  # fmt: skip
    if turn.who.community:
        matters.put_place(
            matter, turn.who.around[0] if len(turn.who.around) == 1 else Place(community=turn.who.community)
        )
        return submit(turn, read, {"matters": [matter], "media": [], "pin": None, "anonymous": False})
    return proceed(turn, read, {"matters": [matter], "media": [], "pin": None, "anonymous": False})


def reported_again(turn: Turn, read: Read, ticket: Ticket) -> Outcome:
    """A report taken back, as it was, to be confirmed."""
    matter: Matter = {
        "words": ticket.words, "summary": ticket.summary, "category": ticket.category, "urgency": ticket.urgency,
        "kind": ticket.kind, "near": True,
    }  # fmt: skip
    matters.put_place(matter, ticket.place)
    return proceed(turn, read, {"matters": [matter], "media": [], "pin": None, "anonymous": ticket.anonymous})


def resume(turn: Turn, read: Read) -> Outcome | None:
    """The next message inside the report; None when it is about something else."""
    assert turn.dialog is not None
    answers: dict[str, Any] = forms.copied(turn.dialog.answers)
    waits = answers.get("waits", "matter")
    if turn.inbound.media or turn.inbound.pin:
        return take.attach(turn, read, answers)
    if turn.said.anonymous and (turn.said.action == "anonymous" or _only_unnamed(turn)):
        answers["anonymous"] = True
        out = proceed(turn, read, answers)
        return replace(out, replies=(Reply(texts.ANONYMOUS_HERE), *out.replies))
    if forms.picked(turn) is None and (forms.never_mind(turn) or _taken_back(turn)):
        return say(CANCELLED, dialog=None)
    if turn.said.action == "named" and answers["anonymous"]:
        answers["anonymous"] = False
        out = proceed(turn, read, answers)
        return replace(out, replies=(Reply(texts_report.NAMED_HERE), *out.replies))
    if word := _aside(turn):
        asked = Reply(answers.get(forms.LAST_QUESTION) or texts.ASK_MATTER, turn.dialog.offered)
        return Outcome(replies=(Reply(word), asked), dialog=replace(turn.dialog, since=turn.now))
    if _adds(turn) and answers["matters"]:
        answers["matters"][0]["words"] += f"；{turn.inbound.text.strip()[:200]}"
        out = proceed(turn, read, answers)
        return replace(out, replies=(Reply(texts_report.NOTED), *out.replies))
    step = {
        "matter": take.take_matter, "place": take.take_place, "which": take.take_which, "where": take.take_where,
        "near": take.take_near, "confirm": confirm.take_confirm, "wrong": confirm.take_wrong,
    }[waits]  # fmt: skip
    return step(turn, read, answers)


def _aside(turn: Turn) -> str:
    """What is said to words that are no answer and no part of the report, before the question comes again."""
    if forms.picked(turn) is not None or turn.said.yes is not None or turn.said.number is not None:
        return ""
    if tells_nothing(turn.said.text):
        return texts_report.NO_HURRY
    return texts_report.HOW_TO_ANSWER if turn.dialog and turn.dialog.offered and is_lost(turn.said.text) else ""


def _only_unnamed(turn: Turn) -> bool:
    """「可以匿名吗」: asked in the middle of the report, and nothing else."""
    return forms.picked(turn) is None and len(turn.said.text) <= 2 * _BARE and not turn.said.category


def _taken_back(turn: Turn) -> bool:
    """「撤回」 with no number: the report at hand."""
    return turn.said.action == "withdraw" and not turn.said.tickets and len(turn.said.text) <= _BARE


def _adds(turn: Turn) -> bool:
    """「补充一下 老人容易摔」 「我下午在家」: to the report at hand, unless another is named."""
    said = turn.said
    return said.intent == "urge_reopen_rate" and said.action == "add" and not said.tickets and not said.category


def back(turn: Turn, read: Read) -> Outcome:
    """上一步: from the summary to the place, from the place to the matter."""
    assert turn.dialog is not None
    answers = forms.copied(turn.dialog.answers)
    if answers.get("waits") in ("confirm", "near", "wrong"):
        for matter in answers["matters"]:
            for key in ("place", "cands", "unknown", "where", "near", "nowhere"):
                matter.pop(key, None)
        answers.pop("pinned", None)
        answers["ask_place"] = True
    else:
        answers["matters"] = []
    return proceed(turn, read, answers)


def skip(turn: Turn, read: Read) -> Outcome:
    """跳过: only what may stay open."""
    assert turn.dialog is not None
    answers = forms.copied(turn.dialog.answers)
    if answers.get("waits") == "where":
        answers["matters"][answers.get("at", 0)]["where"] = ""
        return proceed(turn, read, answers)
    if answers.get("waits") in ("place", "which"):
        return take.give_up_place(turn, read, answers)
    return proceed(turn, read, answers)
