"""The codes that open an activity's check-in: signed, good for a short while only; knows no table.

The picture's text changes every 30 s and the digits every 5 min; each is taken one step longer than it is shown,
so that nobody is turned away who was just typing. A code proves where somebody is, so it is never in a reply.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from handlers.numerals import number_in
from storage import crypto

QR_SECONDS = 30
DIGIT_SECONDS = 300
_PREFIX = "a1."


def token(activity: int, now: datetime) -> str:
    """What the rotating picture says: a1.<activity>.<signature>."""
    return f"{_PREFIX}{activity}.{_sign('qr', activity, _step(now, QR_SECONDS))}"


def activity_of(text: str, now: datetime) -> int:
    """The activity of a token that is shown now or was shown just before; 0 for every other text."""
    if not text.startswith(_PREFIX) or len(text) > 64:
        return 0
    number, _, signature = text.removeprefix(_PREFIX).partition(".")
    activity, step = number_in(number), _step(now, QR_SECONDS)
    return activity if signature in {_sign("qr", activity, at) for at in (step, step - 1)} else 0


def digits(activity: int, now: datetime) -> tuple[str, ...]:
    """Six digits: the ones shown now and the ones before."""
    step = _step(now, DIGIT_SECONDS)
    return tuple(_number(f"digits:{activity}:{at}", 6) for at in (step, step - 1))


def guardian_code(signup: int) -> str:
    """Eight digits for a guardian, the same each time."""
    return _number(f"guardian:{signup}", 8)


def certificate_serial(day: str, certificate: int) -> str:
    """JS20261125 and eight characters that nobody can guess from another certificate."""
    return _serial("JS", day, "certificate", certificate)


def star_serial(day: str, request: int) -> str:
    """XJ20261125 and eight characters, the same way."""
    return _serial("XJ", day, "star", request)


def _serial(prefix: str, day: str, what: str, number: int) -> str:
    return f"{prefix}{day}{_sign(what, number, 0)[:8].upper().replace('-', 'X').replace('_', 'Y')}"


def _step(now: datetime, seconds: int) -> int:
    return int(now.timestamp()) // seconds


def _number(text: str, places: int) -> str:
    value = int.from_bytes(hashlib.sha256(crypto.current().digest(text).encode()).digest()[:8], "big")
    return f"{value % 10**places:0{places}d}"


def _sign(what: str, activity: int, step: int) -> str:
    raw = base64.b64decode(crypto.current().digest(f"{what}:{activity}:{step}"))
    return base64.urlsafe_b64encode(raw[:15]).decode()
