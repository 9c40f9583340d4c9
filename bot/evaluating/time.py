"""Times against the case tables of three parsers, whose conventions differ: figures where they agree, and overall.

A case is left out of `agreed` when a rule of `_DISPUTED` says why its source and the others (and ours,
docs/time-conventions.md) part ways; each reason is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from bot.evaluating import time_cases
from nlp import when
from nlp.normalize import normalize
from nlp.types import When

_PART = re.compile(r"[早晚午夜晨]|凌晨|黎明|白天|全天")
_CLOCK = re.compile(r"[点时:刻]|[ap]m?$", re.IGNORECASE)
# (reason, sources, pattern of the input): what our conventions decide otherwise than a source.
_DISPUTED = (
    ("下周三 is next week's, not the coming one", "duckling", r"下(?:周|星期|礼拜)[三四五六日天]"),
    ("a weekday said on that day is today", "duckling", r"^(?:周|星期|礼拜)二$"),
    ("这周一 is this week's even when past", "duckling", r"^这(?:周|礼拜)一$"),
    ("a weekend begins on Saturday", "duckling", r"周末"),
    ("day and month the Western way round", "duckling recognizers", r"\d{1,2}[/.-]\d{1,2}[/.-]\d{1,4}"),
    ("zones abroad", "duckling", r"[A-Z]{3}$"),
    ("reign years", "recognizers", r"神龙|雍正|康熙|民国"),
    ("lunar days are lunar", "recognizers", r"农历|初一|大年|正月|八月十五"),
    ("whole units or rolling ones", "recognizers jionlp", r"^[上前后近]|近|未来|过去|最近|上个小时"),
    ("a range of years includes its last", "recognizers", r"年?(?:至|到|-|与) ?[二2][零0][^月]{2,3}年?"),
    ("以前 and 以后 are open", "recognizers jionlp", r"以[前后]|[前起]$"),
    ("decades without a century", "recognizers", r"(?<!世纪)[五九5][十0]年代"),
    ("三点 without a part of the day is in the afternoon", "recognizers", r"(?:天|号|^)[1-6一二两三四五六]点"),
    ("seasons by their solar terms", "recognizers", r"[春夏秋冬]天"),
    ("solar terms and 腊月 of the lunar year", "jionlp", r"[小大]寒|腊月|廿"),
    ("a length is exact to the minute", "jionlp", r"(?:小时前|钟后|钟头后|刻钟后)$"),
    ("a month or day gone by is next year's", "jionlp", r"^(?:[1-5一二三四五]月|6月1日|正月|大年|[18]号)"),
    ("a repeat's first time is the next", "jionlp", r"^每"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    source: str
    text: str
    right: bool
    reason: str  # why the case is disputed, "" when the sources agree


def evaluate(folder: Path) -> dict[str, Any]:
    """`folder`: the jsonl files of time_cases. Starts must be equal; ends too, where the source gives one.

    `agreed`: share right of the cases no convention divides; `<source>`: of all its cases.
    """
    judged = list(_judged(folder))
    agreed = [one for one in judged if not one.reason]
    figures: dict[str, Any] = {"cases": len(judged), "agreed": _share(agreed), "agreed_cases": len(agreed)}
    for source in sorted({one.source for one in judged}):
        figures[source] = _share([one for one in judged if one.source == source])
    figures["disputed"] = dict(Counter(one.reason for one in judged if one.reason).most_common())
    figures["wrong"] = [f"{one.source}: {one.text}" for one in agreed if not one.right]
    return figures


def _share(cases: list[Judged]) -> float:
    return round(sum(case.right for case in cases) / len(cases), 4) if cases else 0.0


def _judged(folder: Path) -> Iterator[Judged]:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_bytes().splitlines():
            row = orjson.loads(line)
            case = time_cases.case(file.stem, row)
            if case is not None:
                found = when.find(normalize(case.text), case.base.replace(tzinfo=when.ZONE))
                reason = case.disputed or _reason(case.source, case.text)
                yield Judged(case.source, case.text, _right(case, found), reason)


def _reason(source: str, text: str) -> str:
    return next((why for why, of, pattern in _DISPUTED if source in of.split() and re.search(pattern, text)), "")


def _right(case: time_cases.Case, found: tuple[When, ...]) -> bool:
    if case.texts is not None:
        return [one.text for one in found] == [normalize(text) for text in case.texts]
    if not found:
        return False
    first = found[0]
    if case.seconds is not None:
        return abs(first.seconds - case.seconds) < 1
    start, end = (moment and moment.replace(tzinfo=None) for moment in (first.start, first.end))
    if case.repeat:
        return first.kind == "repeat" and (case.start is None or start == case.start)
    if _PART.search(case.text) and not _CLOCK.search(case.text) and start and case.start:
        return start.date() == case.start.date()  # where the parts of a day begin is everybody's own
    if case.clock_only:
        return bool(start and case.start and start.time() == case.start.time())
    if start is None or case.start is None:
        return start is case.start and _close(end, case.end, first)
    return abs(start - case.start) < timedelta(seconds=2) and (case.end is None or _close(end, case.end, first))


def _close(end: datetime | None, wanted: datetime | None, found: When) -> bool:
    """Ends are exclusive here, the last second or the hour elsewhere."""
    if end is None or wanted is None:
        return end is wanted
    loose = timedelta(hours=1) if found.grain in ("hour", "minute", "second") else timedelta(seconds=61)
    return abs(end - wanted) <= loose or (found.grain == "day" and timedelta() < end - wanted <= timedelta(days=1))
