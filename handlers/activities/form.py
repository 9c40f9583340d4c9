"""The notice of an activity as a filled-in form: what was read, and for each field that is wrong what to write."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from handlers.activities import notice, texts_clicks
from nlp.when import ZONE

_PIN = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,8})?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*")


def read(values: dict[str, str], now: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """(answers as notice.py has them, what is wrong by field). `values`: day, from and to stand for the time."""
    answers: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    span = _span(values, now)
    if span is None:
        wrong["day"] = texts_clicks.DAY
    else:
        answers["span"] = span
    for field in notice.FIELDS:
        text = values.get(field.key, "").strip()
        if field.key in ("span", "policy"):
            continue
        value = field.read(text, now) if text else None
        if value is not None:
            answers[field.key] = value
        elif text or field.asked:
            wrong[field.key] = field.ask
    policy = notice.policy_in(values.get("policy", ""))
    if policy:
        answers["policy"] = policy
    elif answers.get("danger"):
        wrong["policy"] = notice.BY_KEY["policy"].ask
    answers |= {key: values.get(key) == "1" for key in ("approve", "weekly")}
    if values.get("fence", "").isdecimal():
        answers["fence"] = int(values["fence"])
    if pin := values.get("pin", "").strip():
        match = _PIN.fullmatch(pin)
        lat, lon = (float(match.group(1)), float(match.group(2))) if match else (91.0, 0.0)
        if abs(lat) > 90 or abs(lon) > 180:
            wrong["pin"] = texts_clicks.PIN
        answers["pin"] = [lat, lon, ""]
    return answers, wrong


def _span(values: dict[str, str], now: datetime) -> list[str] | None:
    try:
        day = values.get("day", "")
        starts, ends = (
            datetime.fromisoformat(f"{day}T{values.get(name, '')}").replace(tzinfo=ZONE) for name in ("from", "to")
        )
    except ValueError:
        return None
    return [starts.isoformat(), ends.isoformat()] if now < starts < ends else None
