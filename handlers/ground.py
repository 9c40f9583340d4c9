"""Along the ground: how far two points are, and how that is said."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from handlers.policy import Policy
from handlers.types import Pin

_EARTH = 6_371_000  # metres


def metres(a: Pin, b: Pin) -> float:
    """Along the ground."""
    lat1, lat2 = radians(a.lat), radians(b.lat)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(min(1.0, half)))


def blurred(pin: Pin, policy: Policy) -> bool:
    """Too far off to say which house it is."""
    return pin.accuracy > policy.pin_blur_metres


def distance(away: float) -> str:
    """340米, 1.2公里. `away` in metres."""
    return f"{away / 1000:.1f}公里" if away >= 1000 else f"{max(10, round(away, -1)):.0f}米"
