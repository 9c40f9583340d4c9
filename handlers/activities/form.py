"""The notice of an activity as a filled-in form: what was read, and for each field that is wrong what to write."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from handlers.activities import notice
from nlp.when import ZONE

_PIN = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,8})?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*")
_WHEN = "请填日期、开始和结束时间，要在以后，结束在开始之后。"
_POLICY = "有危险的活动要先买人身意外险，请写保单号。没有保单不能发布。"
_PLACE = "写纬度和经度，比如 30.6300,120.5600；不知道就空着。"


def read(values: dict[str, str], now: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """(answers as notice.py has them, what is wrong by field). `values`: day, from and to stand for the time."""
    answers: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    span = _span(values, now)
    if span is None:
        wrong["day"] = _WHEN
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
        wrong["policy"] = _POLICY
    answers |= {key: values.get(key) == "1" for key in ("approve", "weekly")}
    if values.get("fence", "").isdecimal():
        answers["fence"] = int(values["fence"])
    if pin := values.get("pin", "").strip():
        match = _PIN.fullmatch(pin)
        lat, lon = (float(match.group(1)), float(match.group(2))) if match else (91.0, 0.0)
        if abs(lat) > 90 or abs(lon) > 180:
            wrong["pin"] = _PLACE
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
