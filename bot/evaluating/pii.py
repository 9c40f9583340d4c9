"""Telephones and identity numbers against marked sentences: exact places, and places that at least touch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from nlp import pii

_KINDS = {"id_card": "identity", "mobile": "mobile", "landline": "landline"}


def evaluate(folder: Path) -> dict[str, Any]:
    """`folder/real_context*.jsonl`: {"text", "spans": [{"start", "end", "type"}]}.

    `recall` and `precision` count a number when kind, start and end agree; `touching_*` when the places overlap:
    what masking needs. `wrong`: the differences, for a look.
    """
    files = sorted(folder.glob("real_context*.jsonl"))
    right = found = wanted = touched = masked = sentences = 0
    wrong: list[str] = []
    for line in (line for file in files for line in file.read_bytes().splitlines() if line.strip()):
        row = orjson.loads(line)
        text, sentences = row["text"], sentences + 1
        truth = {(span["start"], span["end"], _KINDS.get(span["type"], span["type"])) for span in row["spans"]}
        said: set[tuple[int, int, str]] = {(one.start, one.end, one.kind) for one in pii.find(text)}
        right, found, wanted = right + len(truth & said), found + len(said), wanted + len(truth)
        touched += sum(any(_touch(one, other) for other in said) for one in truth)
        masked += sum(any(_touch(one, other) for other in truth) for one in said)
        wrong += [f"{mark} {kind} {text[start:end]}" for mark, start, end, kind in _differences(truth, said)]
    return {
        "sentences": sentences,
        "recall": _share(right, wanted),
        "precision": _share(right, found),
        "touching_recall": _share(touched, wanted),
        "touching_precision": _share(masked, found),
        "wrong": wrong,
    }


def _differences(
    truth: set[tuple[int, int, str]], said: set[tuple[int, int, str]]
) -> list[tuple[str, int, int, str]]:
    return [("missed", *one) for one in sorted(truth - said)] + [("extra", *one) for one in sorted(said - truth)]


def _touch(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
