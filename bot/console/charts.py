"""Geometry of the charts: columns and lines as coordinates of an SVG drawing; no page, no words, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 520.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 10.0, 24.0, 34.0  # room for the scale, and for labels below
_COLUMN_MOST = 48.0
_LABELS_MOST = 7  # labels below the drawing; of more every second, third … is shown
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `middle`: where its label stands, "" where none is shown."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its points; where there is no value it is broken. `path`: of an SVG path."""

    name: str
    path: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Horizontal lines: where, and what stands there."""

    lines: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Columns:
    scale: Scale
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    scale: Scale
    labels: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]


def columns(labels: Sequence[str], values: Sequence[int]) -> Columns:
    """Counts, from zero."""
    step, top = rounded_scale(max(values, default=0))
    room = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    width = min(_COLUMN_MOST, room * 0.64)
    drawn = []
    for at, (label, value) in enumerate(zip(_thinned(labels), values, strict=True)):
        middle = LEFT + room * (at + 0.5)
        y = _height(value / top)
        drawn.append(
            Column(_r(middle - width / 2), y, _r(width), _r(HEIGHT - BOTTOM - y), _r(middle), label, f"{value}")
        )
    marks = tuple((_height(mark / top), f"{mark}") for mark in range(0, top + 1, step))
    return Columns(Scale(marks), tuple(drawn))


def lines(labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> Lines:
    """Shares from 0 to 1, drawn from 0 to 100 %."""
    room = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    middles = [_r(LEFT + room * (at + 0.5)) for at in range(len(labels))]
    drawn = tuple(_line(name, middles, labels, values) for name, values in series)
    shown = tuple((x, label) for x, label in zip(middles, _thinned(labels), strict=True) if label)
    marks = tuple((_height(mark / 100), f"{mark}%") for mark in (0, 25, 50, 75, 100))
    return Lines(Scale(marks), shown, drawn)


def rounded_scale(most: int) -> tuple[int, int]:
    """The step between the lines and the highest one: at most five steps of 1, 2, 5, 10, 20 …; at least 1."""
    step, size = 1, 1
    while True:
        for factor in _STEPS:
            step = factor * size
            if most <= step * 5:
                return step, max(step, -(-most // step) * step)
        size *= 10


def _line(name: str, middles: Sequence[float], labels: Sequence[str], values: Sequence[float | None]) -> Line:
    points, path, pen_down = [], [], False
    for x, label, value in zip(middles, labels, values, strict=True):
        if value is None:
            pen_down = False
            continue
        y = _height(value)
        path.append(f"{'L' if pen_down else 'M'}{x} {y}")
        points.append(Point(x, y, label, f"{value * 100:.1f}%"))
        pen_down = True
    return Line(name, " ".join(path), tuple(points))


def _thinned(labels: Sequence[str]) -> list[str]:
    every = -(-len(labels) // _LABELS_MOST) or 1
    last = len(labels) - 1
    return [label if (last - at) % every == 0 else "" for at, label in enumerate(labels)]


def _height(share: float) -> float:
    return _r(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM))


def _r(value: float) -> float:
    return round(value, 1)
