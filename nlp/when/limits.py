"""Lengths from now (未来三天, 三天内, 延期三天) and the words after a time: 前 makes it a limit, 后 a beginning."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from nlp.types import When
from nlp.when import lengths
from nlp.when.calendar import DAY, ZONE, Workdays, midnight
from nlp.when.stretch import Frame
from nlp.when.tokens import Token

_AFTER = re.compile(
    r"(?P<before>(?:之|以)?前(?![面门台排院往来天两三几半\d一二四五六七八九十]))"
    r"|(?P<after>(?:之|以)后|后(?![面门勤台续院排天来])|(?:开始|起)(?!火|来|诉|床))"
    r"|(?P<about>左右|前后|上下)|(?P<stop>为?止|截止)|(?P<within>(?:之|以)?内(?!部|容))"
)
_AHEAD = re.compile(
    r"(?P<ahead>未来|今后|接下来|往后|之后|再过|再等|过|后|下)(?:的)?$|(?P<back>近|最近|过去|前|上|之前)(?:的)?$"
    r"|(?P<put>延(?:期|长|后|迟)?(?:到|至)?)$"
)


def length(text: str, word: Token, now: datetime, workdays: Workdays) -> When | None:
    """A duration, or a span of it from now: 未来三天, 近一个月, 三天内, 延期三天."""
    body, start, end = word["body"], word.start, word.end
    if body in ("一天", "一年", "两分") and not word["within"] and text[:start].endswith(("有", "那", "这", "第")):
        return None
    sure = lengths.certain(body)
    prefix = _AHEAD.search(text[max(0, start - 4) : start])
    if word["within"] or (prefix and not (prefix["put"] and text[end : end + 1] == "的")):
        start -= len(prefix.group()) if prefix else 0
        back = bool(prefix and prefix["back"]) or word["within"].endswith("来")
        whole = prefix is not None and (prefix["back"] in ("前", "上") or prefix["ahead"] in ("后", "下"))
        base = lengths.unit_start(now, body, ahead=not back) if whole else now
        moment, grain = lengths.added(base, body, workdays, -1 if back else 1)
        if word["within"] and grain == "day" and not back:
            moment = midnight(moment.date()) + DAY  # the last day counts to its end (民法典 art. 203)
        span = (moment, base) if back else (base, moment)
        if (prefix and prefix["ahead"] in ("过", "再过", "再等") and not word["within"]) or (
            prefix and prefix["put"]
        ):
            at = midnight(moment.date()) if grain == "day" else moment
            length = DAY if grain == "day" else timedelta(minutes=1)
            return When(
                "point", aware(at), aware(at + length), grain, text=text[start:end], span=(start, end), certain=sure
            )
        return When(
            "span", aware(span[0]), aware(span[1]), grain, text=text[start:end], span=(start, end), certain=sure
        )
    return When("duration", seconds=lengths.seconds(body), text=text[start:end], span=(start, end), certain=sure)


def finished(text: str, start: int, end: int, found: Frame, now: datetime) -> When:
    """The words right after the group: 前 makes it a limit, 后 a beginning, 左右 a guess."""
    begin: datetime | None = found.start
    close: datetime | None = found.end
    kind = "point" if found.clock or (found.grain in ("day", "second") and found.end - found.start <= DAY) else "span"
    certain = found.certain
    if match := _AFTER.match(text, end):
        end = match.end()
        if match["before"] or match["within"] or match["stop"]:
            kind, begin, close = "span", (now if now < found.end else None), closing(found)
        elif match["after"]:
            kind, begin, close = "span", found.start, None
        else:
            certain = False
    return When(
        "point" if kind == "point" else "span", aware(begin), aware(close), found.grain, text=text[start:end],
        span=(start, end), certain=certain,
    )  # fmt: skip


def closing(last: Frame) -> datetime:
    """Where a range ends: with the day, month or part named, but at the hour."""
    return last.start if last.clock else last.end


def aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=ZONE)
