"""Distances between pins on the ground; pure arithmetic."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from handlers.types import Pin

_DEGREE = 111_320  # metres of one degree of latitude


def metres(a: Pin, b: Pin) -> float:
    """Distance along the ground."""
    lat1, lat2 = radians(a.lat), radians(b.lat)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(min(1.0, half)))


def box(pin: Pin, reach: float) -> dict[str, float]:
    """Degrees that hold every point within `reach` metres."""
    up = reach / _DEGREE
    along = up / max(cos(radians(pin.lat)), 0.01)
    return {"south": pin.lat - up, "north": pin.lat + up, "west": pin.lon - along, "east": pin.lon + along}
