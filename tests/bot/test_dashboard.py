"""The dashboard for Grafana asks for metrics that are there, and shows every one of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bot.metrics import Metrics

ROOT = Path(__file__).parents[2]
_NAME = re.compile(r"jushe_[a-z_]+")


def _there() -> set[str]:
    """Every name a scrape may show, before the first message too."""
    names: set[str] = set()
    for family in Metrics().registry.collect():
        endings = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(family.type, ("",))
        names |= {family.name + ending for ending in endings}
    return names


def test_every_metric_of_the_dashboard_exists_and_none_is_missing() -> None:
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8"))
    asked = {
        name
        for panel in board["panels"]
        for target in panel.get("targets", ())
        for name in _NAME.findall(target["expr"])
    }
    there = _there()
    assert asked <= there
    shown = {re.sub("_(bucket|count|sum)$", "", name) for name in asked}
    assert {re.sub("_(bucket|count|sum)$", "", name) for name in there} == shown


def test_panels_do_not_lie_on_one_another() -> None:
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert all(x < 24 for x, _ in cells)
        taken |= cells
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
