"""A map on which a pin is seen: a tap opens it, in the telephone's own map where there is one."""

from __future__ import annotations

from handlers.types import Pin


def map_of(pin: Pin | None) -> str:
    """The address of 高德's page of a point (its degrees are ours, GCJ-02); "" without a pin. No word goes along."""
    return f"https://uri.amap.com/marker?position={pin.lon:.6f},{pin.lat:.6f}" if pin else ""
