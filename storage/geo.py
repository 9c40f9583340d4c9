"""What lies around a pin, as degrees to ask the tables for; pure arithmetic."""

from __future__ import annotations

from math import cos, radians

from handlers.types import Pin

_DEGREE = 111_320  # metres of one degree of latitude


def box(pin: Pin, reach: float) -> dict[str, float]:
    """Degrees that hold every point within `reach` metres."""
    up = reach / _DEGREE
    along = up / max(cos(radians(pin.lat)), 0.01)
    return {"south": pin.lat - up, "north": pin.lat + up, "west": pin.lon - along, "east": pin.lon + along}
