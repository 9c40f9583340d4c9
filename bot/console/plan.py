"""The plan of an estate: where each building stands in a small drawing; geometry only, no page, no database.

By coordinates where every building has them, north above, as near to the map as cells allow; else by number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from storage.view_plan import Around, Site

CELL_WIDTH, CELL_HEIGHT, GAP = 52, 60, 4
BY_NUMBER = 6  # columns without coordinates: a finger finds its block also on a phone
MOST = 10  # columns by coordinates; where buildings still share a cell then, the plan goes by number
_STEPS_MOST = 40
_PARTS = re.compile(r"(\d+)")
_NAME_MOST = 4


@dataclass(frozen=True, slots=True)
class Block:
    """One building in the drawing. `label`: what stands on it; `name`: 3幢, whole."""

    id: int
    x: int
    y: int
    label: str
    name: str
    open: int
    here: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """`mapped`: by coordinates. `wide`: many columns, so that the writing must be larger for its block."""

    estate: str
    width: int
    height: int
    mapped: bool
    wide: bool
    blocks: tuple[Block, ...]


def drawn(around: Around) -> Plan:
    """Blocks in natural order of their numbers, whatever their places: so a keyboard walks them."""
    sites = sorted(around.sites, key=lambda site: natural(site.name))
    mapped = on_map(sites)
    cells = mapped or [(at % BY_NUMBER, at // BY_NUMBER) for at in range(len(sites))]
    columns, rows = max(x for x, _ in cells) + 1, max(y for _, y in cells) + 1
    wide = columns > BY_NUMBER
    return Plan(
        around.estate, columns * CELL_WIDTH, rows * CELL_HEIGHT, mapped is not None, wide,
        tuple(
            Block(
                site.id, x * CELL_WIDTH, y * CELL_HEIGHT, _label(site.name, "" if wide else around.word),
                site.name + around.word, site.open, site.id == around.here,
            )
            for site, (x, y) in zip(sites, cells, strict=True)
        ),
    )  # fmt: skip


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """2 before 10, C2 before C10, numbers before letters."""
    return tuple((int(part), "") if part.isdecimal() else (10**9, part) for part in _PARTS.split(name) if part)


def on_map(sites: Sequence[Site]) -> list[tuple[int, int]] | None:
    """Column and row of each by its coordinates: the fewest columns in which no two share a cell, empty ones left
    out. None without coordinates of all, or where no drawing of `MOST` columns keeps them apart.
    """
    points = [(site.lon, site.lat) for site in sites if site.lon is not None and site.lat is not None]
    if len(points) < len(sites) or len(points) < 2:
        return None
    shrink = math.cos(math.radians(points[0][1]))  # a degree of longitude is shorter than one of latitude
    west, north = min(lon for lon, _ in points), max(lat for _, lat in points)
    metric = [((lon - west) * shrink, north - lat) for lon, lat in points]
    broad, tall = max(x for x, _ in metric), max(y for _, y in metric)
    if not (broad or tall):
        return None
    for steps in range(1, _STEPS_MOST):
        size = max(broad, tall) / steps
        cells = _close([(round(x / size), round(y / size)) for x, y in metric])
        if len(set(cells)) == len(cells):
            return cells if max(x for x, _ in cells) < MOST else None
    return None


def _close(cells: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    across = {x: at for at, x in enumerate(sorted({x for x, _ in cells}))}
    down = {y: at for at, y in enumerate(sorted({y for _, y in cells}))}
    return [(across[x], down[y]) for x, y in cells]


def _label(name: str, word: str) -> str:
    if len(name) > _NAME_MOST:
        return name[: _NAME_MOST - 1] + "…"
    return name + (word if len(name) + len(word) <= _NAME_MOST else "")
