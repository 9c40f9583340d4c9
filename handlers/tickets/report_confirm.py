"""The answer to 「对吗」: yes, no, a correction, or something else that must not become part of the report."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from handlers import forms
from handlers.read import Read
from handlers.tickets import matters, nearer, texts_report
from handlers.tickets import report_more as more
from handlers.tickets.matters import Matter
from handlers.tickets.opening import summary_of
from handlers.tickets.report_ask import proceed, wait
from handlers.tickets.report_end import submit
from handlers.types import Outcome, Reply, Turn
from nlp.types import PlaceReading

_AGREES = re.compile(
    r"^(?:对+|对的|是+|是的|嗯+|好+|好的|没错|可以|行+)"
    r"(?:[ ,，。!！]+.{1,8}|(?:你们?)?(?:赶?快|赶紧|抓紧|马上|尽快).{0,6})$"
    r"|^嗯+[呢呐哪啊呀]$|^(?:那就|那|就|快点?|赶紧|你们?|帮我|给我)*(?:报|报上去|上报)[啊呀呗吧了嘛]*$"
    r"|^.{1,3}[ ,，]*(?:当然|肯定)(?:是|对)?的?[啊呀了]?$"
)
_INSTEAD = re.compile(r"(?:不对|错了)?[ ,，]*不是(?P<was>.{2,12}?)[ ,，]*(?:而|这|那|应该)?是(?P<now>.{2,})")
_ASKS = re.compile(r"什么时候|几时|啥时候|多久|[要得]几天|(?:吗|呢|怎么样)[?？]?$|谁[来管]")


def take_confirm(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome | None:
    index = forms.picked(turn)
    if index == 0 or turn.said.yes or (index is None and _agrees(turn)):
        return submit(turn, read, answers)
    if index == 1 or (turn.said.yes is False and not turn.said.place.found):
        if answers["matters"][0].get("desk"):
            return Outcome(replies=(Reply("好的，不转了。有事随时说。"),), dialog=None)
        return wait(turn, answers, "wrong", 0, texts_report.ASK_WRONG)
    here = matters.place_of(answers["matters"][_last(answers)])
    if here and nearer.names_inside(turn.said.text, here):
        if nearer.deeper(turn.said.text, here, read):
            return take_wrong(turn, read, answers)
        out = proceed(turn, read, answers)
        return replace(
            out, replies=(Reply(texts_report.NO_SUCH_ROOM.format(place=forms.of_building(here).label)), *out.replies)
        )
    if _waits(turn, answers):
        if more.impatient(turn):
            answers["matters"][0]["words"] += f"；{turn.inbound.text.strip()}"
        out = proceed(turn, read, answers)
        return replace(out, replies=(Reply(texts_report.FIRST_CONFIRM), *out.replies))
    if more.about_else(turn):
        return None
    return take_wrong(turn, read, answers)


def _last(answers: dict[str, Any]) -> int:
    """Which of several matters is being corrected: the one that was told last."""
    return min(int(answers.get("last", 0)), len(answers["matters"]) - 1)


def _waits(turn: Turn, answers: dict[str, Any]) -> bool:
    """Asks when somebody comes, or hurries: nothing comes before it is reported."""
    said = turn.said
    known = ("", *(m["category"] for m in answers["matters"]))
    if said.tickets or said.place.found or (said.category not in known and not more.threatens(turn)):
        return False
    asks = bool(_ASKS.search(said.text)) and (said.intent == "query_progress" or not more.about_else(turn))
    return more.impatient(turn) or (asks and not said.category)


def _agrees(turn: Turn) -> bool:
    """「对的 你们管管」; 「对，是4幢」 corrects, 「嗯 还有垃圾」 adds."""
    more_said = turn.said.place.found or turn.said.place.unknown or turn.said.category
    words = turn.inbound.text.strip()
    return bool(_AGREES.match(words)) and not more_said and "不" not in words


def take_wrong(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome | None:
    """A correction: a place moves it, a matter of another kind is added, other words are added."""
    if not turn.said.text:
        return None
    only: Matter = answers["matters"][_last(answers)]
    here = matters.place_of(only)
    said = nearer.same_estate(turn.said.place, here)
    if here and nearer.names_inside(turn.said.text, here) and (inside := nearer.deeper(turn.said.text, here, read)):
        said = PlaceReading(found=(inside,))
    if said.found or said.unknown:
        old = only.pop("place", None)
        only.pop("where", None)
        only.pop("near", None)
        matters.set_place(only, said, turn.who)
        if only.get("unknown") and old:
            only["place"] = old
        return proceed(turn, read, answers)
    if turn.said.intent == "consult" and more.about_else(turn):
        return None  # a question in between is no correction
    if (instead := _INSTEAD.fullmatch(turn.said.text)) and instead["was"].strip() in only["summary"]:
        only["words"] += f"；{turn.inbound.text.strip()[:200]}"
        only["summary"] = summary_of(instead["now"])
        if turn.said.category:
            only |= {"category": turn.said.category, "urgency": turn.said.urgency}
        only.pop("near", None)
        return proceed(turn, read, answers)
    if turn.said.category and turn.said.category != only["category"]:
        fresh = matters.from_words(turn)
        if answers.get("waits") == "wrong":  # said 不对 first: this is what it is instead
            place = only.get("place")
            for matter in fresh:
                if place and "place" not in matter:
                    matter["place"] = place
            answers["matters"] = fresh
        else:
            answers["matters"] += fresh
            answers["last"] = len(answers["matters"]) - 1
        return proceed(turn, read, answers)
    if more.about_else(turn):
        return None
    added = turn.inbound.text.strip()[:200]
    only["words"] += f"；{added}"
    only["summary"] = summary_of(f"{only['summary']}，{added}")
    return proceed(turn, read, answers)
