"""Reads the body of a web chat message, strictly; says in words what is wrong with it."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

import orjson

from bot import datum
from bot.images import VOICE_BYTES
from handlers.types import Pin

TEXT_LONGEST = 2000  # characters
PHOTO_BYTES = 6 * 1024 * 1024
ACCURACY_MOST = 20_100_000  # metres: half around the earth
EVENTS = ("follow", "unfollow", "scan", "menu")
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_DATA_URL = re.compile(r"data:(?:image|audio)/[a-z0-9.+-]{1,20}(?:;codecs=[\w.,\"-]{1,40})?;base64,")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KINDS = ("text", "photo", "voice", "event", "place")
_FIELDS = frozenset({"user", "id", "event_key", *_KINDS})


class BadBody(Exception):  # said of the body
    """`str(error)` says what is wrong."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the web chat: exactly one of text, photo or voice (bytes as uploaded), event, pin."""

    user: str
    id: str
    text: str = ""
    photo: bytes = b""
    voice: bytes = b""
    event: str = ""
    event_key: str = ""
    pin: Pin | None = None


def read(body: bytes) -> Message:
    """Raises BadBody."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadBody("正文不是 JSON。") from None
    if not isinstance(data, dict):
        raise BadBody("正文应是一个 JSON 对象。")
    if unknown := sorted(set(data) - _FIELDS):
        raise BadBody(f"没有这个字段：{unknown[0][:32]}")
    user = _string(data, "user", 300)
    key = _string(data, "id", 64)
    if not _ID.fullmatch(key):
        raise BadBody("id 只能用字母、数字和 _ . : -")
    given = [kind for kind in _KINDS if data.get(kind) not in (None, "")]
    if len(given) != 1:
        raise BadBody("text、photo、voice、event、place 要有一个，也只能有一个。")
    match given[0]:
        case "text":
            return Message(user, key, text=_text(data))
        case "photo":
            return Message(user, key, photo=_file(data["photo"], "photo", PHOTO_BYTES, "照片太大，请不要超过6兆。"))
        case "voice":
            return Message(user, key, voice=_file(data["voice"], "voice", VOICE_BYTES, "语音太长，请分几段说。"))
        case "event":
            return _event(user, key, data)
        case _:
            return Message(user, key, pin=_pin(data["place"]))


def _string(data: dict[str, Any], name: str, longest: int) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value or len(value) > longest:
        raise BadBody(f"{name} 应是 1–{longest} 个字符。")
    return value


def _text(data: dict[str, Any]) -> str:
    text = _CONTROL.sub("", _string(data, "text", TEXT_LONGEST)).strip()
    if not text:
        raise BadBody("text 是空的。")
    return text


def _file(value: object, name: str, most: int, too_big: str) -> bytes:
    if not isinstance(value, str):
        raise BadBody(f"{name} 应是 data URL 或 base64。")
    found = _DATA_URL.match(value)
    try:
        data = base64.b64decode(value[found.end() :] if found else value, validate=True)
    except (binascii.Error, ValueError):
        raise BadBody(f"{name} 应是 data URL 或 base64。") from None
    if len(data) > most:
        raise BadBody(too_big)
    return data


def _event(user: str, key: str, data: dict[str, Any]) -> Message:
    if data["event"] not in EVENTS:
        raise BadBody(f"event 只能是 {'、'.join(EVENTS)}。")
    event_key = data.get("event_key") or ""
    if not isinstance(event_key, str) or len(event_key) > 64:
        raise BadBody("event_key 应不超过 64 个字符。")
    return Message(user, key, event=data["event"], event_key=event_key)


def _pin(value: object) -> Pin:
    """What a browser gives: WGS-84, and how many metres it may be off."""
    if not isinstance(value, dict) or set(value) - {"lat", "lon", "label", "accuracy"}:
        raise BadBody("place 应是 {lat, lon, label, accuracy}。")
    label = value.get("label", "")
    if not isinstance(label, str) or len(label) > 200:
        raise BadBody("place 的 label 应不超过 200 个字。")
    lat, lon = (
        _number(value.get(name), -most, most, "place 的 lat 应在 ±90 内，lon 应在 ±180 内。")
        for name, most in (("lat", 90), ("lon", 180))
    )
    accuracy = _number(value.get("accuracy", 0), 0, ACCURACY_MOST, "place 的 accuracy 应是米数，不小于0。")
    return Pin(*datum.from_gps(lat, lon), _CONTROL.sub("", label), accuracy)


def _number(number: object, least: int, most: int, wrong: str) -> float:
    if not isinstance(number, int | float) or isinstance(number, bool) or not least <= number <= most:  # NaN too
        raise BadBody(wrong)
    return float(number)
