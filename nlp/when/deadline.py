"""One moment out of the times said: until when (extensions, appointments); and the words without the times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from nlp.types import When
from nlp.when.calendar import ZONE
from nlp.when.reader import find

END_OF_DAY = time(18)  # a day alone means the end of office hours
# The hour by which 「明天上午」 is over when it is a limit.
_PARTS = (
    ("凌晨", 6),
    ("早", 9),
    ("晨", 9),
    ("上午", 12),
    ("中午", 12),
    ("下午", 18),
    ("傍晚", 18),
    ("晚", 21),
    ("夜", 21),
)
_EDGE = re.compile(r"^(?:[\s,.;:。]|[到至前]|之前|以前|因为|原因|由于)+|[\s,.;:。到至前]+$")
_HEAD = re.compile(r"^(?:[\s,.;:。]|[到至前]|之前|以前|因为|原因|由于)+")
_PAUSES = " \t,.;:。"
_ANY_DAY = datetime(2026, 1, 5, tzinfo=ZONE)


def until(times: Sequence[When], now: datetime | None) -> datetime | None:
    """The first time named as a limit, aware; None when only a length, a repeat or the past is named."""
    return next((moment for _, moment in _limits(times, now)), None) if now is not None else None


def _limits(times: Sequence[When], now: datetime) -> Iterator[tuple[When, datetime]]:
    for when in times:
        if when.kind in ("duration", "repeat") or (when.end is None and when.start is None):
            continue
        moment = _limit(when)
        if moment is not None and moment.date() >= now.astimezone(ZONE).date():
            yield when, moment


def limit(text: str, now: datetime | None) -> datetime | None:
    """`until` of the times of a text."""
    return until(find(text, now), now) if now is not None else None


def _limit(when: When) -> datetime | None:
    if when.grain in ("second", "minute", "hour"):
        return when.start if when.kind == "point" or when.end is None else when.end
    last = when.end if when.end is not None else when.start
    if last is None:
        return None
    if when.grain == "part":
        hour = next((hour for word, hour in _PARTS if word in when.text), 18)
        day = (last - timedelta(seconds=1)).date()
        return datetime.combine(day, time(hour), ZONE)
    at_midnight = last.time() == time() and when.end is not None
    day = (last - timedelta(days=1)).date() if at_midnight else last.date()
    return datetime.combine(day, END_OF_DAY, ZONE)


def without(text: str) -> str:
    """The words that are left when times are taken out: 「到后天下午3点,等配件」 → 等配件."""
    kept, last = [], 0
    for when in find(text, _ANY_DAY):
        kept.append(text[last : when.span[0]])
        last = when.span[1]
    kept.append(text[last:])
    return _EDGE.sub("", ",".join(kept)) if last else _EDGE.sub("", text)


def beside(text: str) -> str:
    """The words beside the one time that is the limit; other times are part of what is said:
    「到周五,配件周四才到」 → 配件周四才到. Without a limit every time is taken out.
    """
    limit = next((when for when, _ in _limits(find(text, _ANY_DAY), _ANY_DAY)), None)
    if limit is None:
        return without(text)
    start, end = limit.span
    before = _EDGE.sub("", text[:start])
    after = _HEAD.sub("", text[end:]).rstrip(_PAUSES)
    return ",".join(filter(None, (before, after)))
