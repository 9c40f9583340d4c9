"""The rows of the three sources of time cases in one form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nlp.when import festivals

_ANY = datetime(2021, 6, 14, 1, 6, 40)  # noqa: DTZ001 — local times of the tables
_LENGTHS = {
    "year": 365 * 86400,
    "month": 30 * 86400,
    "day": 86400,
    "workday": 86400,
    "hour": 3600,
    "minute": 60,
    "second": 1,
}


@dataclass(frozen=True, slots=True)
class Case:
    """What a source expects. None for an end that it does not give; `texts`: only which words are times."""

    source: str
    text: str
    base: datetime
    start: datetime | None = None
    end: datetime | None = None
    seconds: float | None = None
    repeat: bool = False
    clock_only: bool = False
    texts: tuple[str, ...] | None = None
    disputed: str = ""


def case(file: str, row: dict[str, Any]) -> Case | None:
    """None for rows in Cantonese or without an expected value."""
    if file == "jionlp_time_extract":
        return Case("jionlp", row["input"], _ANY, texts=tuple(one["text"] for one in row["expected"]))
    if file.startswith("jionlp"):
        return _jionlp(row)
    if file.startswith("duckling"):
        return None if row["traditional_or_cantonese"] else _duckling(row)
    if file.startswith("recognizers"):
        return _recognizers(row) if row["expected"] else None
    return None


def _base(said: Any) -> datetime:
    if isinstance(said, str):
        return datetime.fromisoformat(said)
    if isinstance(said, dict) and "year" in said:
        said = [said[name] for name in ("year", "month", "day", "hour", "minute", "second") if name in said]
    if not isinstance(said, list):
        return _ANY
    filled = said + [2021, 1, 1, 0, 0, 0][len(said) :]
    return datetime(*filled)  # noqa: DTZ001


def _moment(said: str) -> datetime | None:
    return None if said.endswith("inf") else datetime.fromisoformat(said)


def _jionlp(row: dict[str, Any]) -> Case:
    expected, text, base = row["expected"], row["input"], _base(row["base"])
    vague = "a vague time has no exact bounds" if expected["definition"] == "blur" else ""
    time = expected["time"]
    if expected["type"] == "time_delta":
        length = time if isinstance(time, dict) else time[0]
        seconds = sum(_LENGTHS.get(unit, 0) * count for unit, count in length.items())
        return Case("jionlp", text, base, seconds=seconds, disputed=vague)
    if expected["type"] == "time_period":
        point = time["point"]
        first = point and (point["time"][0] if isinstance(point["time"][0], list) else point["time"])
        return Case("jionlp", text, base, _moment(first[0]) if first else None, repeat=True, disputed=vague)
    return Case("jionlp", text, base, _moment(time[0]), _moment(time[1]), disputed=vague)


def _duckling(row: dict[str, Any]) -> Case:
    days = [datetime.fromisoformat(day) for day in row["expected"]]
    foreign = "" if (row["holiday"] or "元旦") in festivals.LONG_NAMES else "festivals not kept here"
    end = days[1] if len(days) > 1 else None
    return Case("duckling", row["input"], datetime.fromisoformat(row["base"]), days[0], end, disputed=foreign)


def _recognizers(row: dict[str, Any]) -> Case | None:
    value = row["expected"][0]["Value"]["FutureResolution"]
    base = datetime.fromisoformat(row["base"]) if row["base"] else _ANY
    if "duration" in value:
        return Case("recognizers", row["input"], base, seconds=float(value["duration"]))
    if "time" in value:
        return Case(
            "recognizers", row["input"], base, datetime.fromisoformat(f"2000-01-01 {value['time']}"), clock_only=True
        )
    first = next((value[name] for name in ("date", "dateTime", "startDate", "startDateTime") if name in value), None)
    last = next((value[name] for name in ("endDate", "endDateTime") if name in value), None)
    if first is None or first.startswith("0001"):
        return None
    end = datetime.fromisoformat(last) if last else None
    return Case("recognizers", row["input"], base, datetime.fromisoformat(first), end)
