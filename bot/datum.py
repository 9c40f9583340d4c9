"""The two kinds of degrees in China, and from one to the other.

What is stored and what handlers compare is GCJ-02 国测局坐标: WeChat's pins, 高德 and 腾讯地图 have it. Browsers and
Open311 have WGS-84, which lies 300 to 700 m beside it; theirs are turned at the door. Outside China both are one.
"""

from __future__ import annotations

from math import cos, pi, radians, sin, sqrt

_AXIS = 6_378_245.0  # metres, ellipsoid of Krassowsky
_ECCENTRICITY = 0.00669342162296594323  # squared
_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347


def from_gps(lat: float, lon: float) -> tuple[float, float]:
    """WGS-84 to GCJ-02, degrees."""
    if not (_SOUTH <= lat <= _NORTH and _WEST <= lon <= _EAST):
        return lat, lon
    up, along = _shift(lat, lon)
    return lat + up, lon + along


def to_gps(lat: float, lon: float) -> tuple[float, float]:
    """GCJ-02 to WGS-84, degrees; to less than a centimetre."""
    at_lat, at_lon = lat, lon
    for _ in range(4):  # each round leaves a thousandth of the error
        back_lat, back_lon = from_gps(at_lat, at_lon)
        at_lat, at_lon = at_lat + lat - back_lat, at_lon + lon - back_lon
    return at_lat, at_lon


def _shift(lat: float, lon: float) -> tuple[float, float]:
    x, y = lon - 105, lat - 35  # degrees from the middle of the polynomial
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (waves + 20 * sin(y * pi) + 40 * sin(y * pi / 3)) * 2 / 3
    north += (160 * sin(y * pi / 12) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (waves + 20 * sin(x * pi) + 40 * sin(x * pi / 3)) * 2 / 3
    east += (150 * sin(x * pi / 12) + 300 * sin(x * pi / 30)) * 2 / 3
    flat = 1 - _ECCENTRICITY * sin(radians(lat)) ** 2
    a_degree_north = radians(_AXIS * (1 - _ECCENTRICITY) / (flat * sqrt(flat)))
    a_degree_east = radians(_AXIS / sqrt(flat) * cos(radians(lat)))
    return north / a_degree_north, east / a_degree_east
