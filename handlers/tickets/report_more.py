"""Another matter told in the middle of a report: how it is known from an answer, and how both are kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from handlers.read import Read
from handlers.tickets import categories, matters, proxy, texts
from handlers.tickets.opening import summary_of
from handlers.tickets.report_ask import proceed
from handlers.types import Outcome, Reply, Turn

MATTERS_MAX = 6
_LIKELY = 0.6  # chance of a report from which words beside a place are a matter of their own
_WHERE = re.compile(  # the end of words that only tell where
    r"(?:旁边?|边上?|口|附近|对面|[上下里外前后][面头边]?|[这那][里边儿]|处|地方|位置|之间|中间|隔壁)[的了吧呀啊呢]?[,.。!?]*$"
)
_AT = re.compile("^(?:就是|就在|是在|在|就)+")
_IMPATIENT = re.compile(
    r"太慢|[怎为]么还|还没|到底管|管不管|有没有人|人呢|[说讲]几遍|吃干饭|没人[管来]|催|赶[快紧]|快[点一]|急死"
)
_THREATENS = re.compile(r"再不.{0,8}(?:我|就)")
_SHORT = 16  # letters; more tells something


def impatient(turn: Turn) -> bool:
    """Hurries, scolds or threatens, which is no matter: 「太慢了」 「怎么还没来」."""
    if turn.said.tickets:
        return False
    return threatens(turn) or (len(turn.said.text) <= _SHORT and bool(_IMPATIENT.search(turn.said.text)))


def threatens(turn: Turn) -> bool:
    """「再不管我就去投诉」: no matter of its own."""
    return len(turn.said.text) <= 2 * _SHORT and bool(_THREATENS.search(turn.said.text))


def is_new(turn: Turn, answers: dict[str, Any]) -> bool:
    """The words are of a category that none of the matters told so far has."""
    known = {m["category"] for m in answers["matters"]}
    return bool(turn.said.category) and turn.said.category not in known and len(answers["matters"]) < MATTERS_MAX


def is_whole(turn: Turn, answers: dict[str, Any]) -> bool:
    """More than a place: what remains once the place is cut off is another matter by a rule of words, and does not
    only tell where (「6幢垃圾房旁边」)."""
    said = turn.said
    likeliest, _, chance = said.readings[0] if said.readings else ("", "", 0.0)
    reported = likeliest in ("report_issue", "complaint_service") and chance >= _LIKELY
    return reported and "category" in said.told and bool(rest(turn)) and not spot(turn) and is_new(turn, answers)


def rest(turn: Turn) -> str:
    """The words of an answer without its place."""
    if turn.said.issues:
        return turn.said.issues[0].text
    kept, last = "", 0
    for start, end in sorted(turn.said.place.spans):
        kept, last = kept + turn.said.text[last:start], max(last, end)
    return kept + turn.said.text[last:] if last else ""


def spot(turn: Turn) -> str:
    """What an answer says beside the place, when that only tells where: 「垃圾房旁边」."""
    words = rest(turn)
    return _AT.sub("", words)[:60] if words and _WHERE.search(words) and turn.said.place.found else ""


def add(turn: Turn, read: Read, answers: dict[str, Any]) -> Outcome:
    """Both are kept: the first is asked about on, what was said now stands beside it. Words that name no place tell
    what the first is, when its own did not."""
    at = answers["at"]
    first, fresh = answers["matters"][at], matters.from_words(turn)
    for matter in fresh:
        matter["summary"] = summary_of(proxy.without(matter["summary"]))
    if first["category"] == categories.OTHER and not turn.said.place.found:
        fresh[0]["words"] = f"{first['words']}；{fresh[0]['words']}"
        answers["matters"][at : at + 1] = fresh
        return proceed(turn, read, answers)
    answers["matters"] += fresh[: MATTERS_MAX - len(answers["matters"])]
    out = proceed(turn, read, answers)
    if answers["waits"] == "confirm":
        return out
    return replace(out, replies=(Reply(texts.also_noted(fresh[0]["summary"], first["summary"])), *out.replies))


def about_else(turn: Turn) -> bool:
    """A clear request of another kind: answered by the router, the report kept."""
    said = turn.said
    if said.intent in ("report_issue", "emergency", "complaint_service", ""):
        return False
    if said.intent == "account_privacy" and said.action == "bind":
        return False  # a bare address inside a report is its place
    if said.intent == "urge_reopen_rate" and said.action == "place":
        return False  # 「不是4幢,是3幢」: of the report at hand
    return said.score >= 0.5
