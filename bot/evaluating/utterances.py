"""How well messages are understood: intent, emergency and category against a table of labelled messages.

The table is tab-separated with the columns id, intent, urgency, category, style, text; category is one code or
several joined by commas, "-" for none; style "neg" marks what looks urgent and is not.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nlp
from nlp.types import INTENTS, Understanding

COLUMNS = ("id", "intent", "urgency", "category", "style", "text")


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled message. `codes` are the right category codes, () where none applies."""

    id: str
    intent: str
    urgency: str
    codes: tuple[str, ...]
    style: str
    text: str


def rows(path: Path) -> list[Row]:
    """Raises ValueError naming the line for a file that is not such a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not lines or tuple(lines[0]) != COLUMNS:
        raise ValueError(f"{path.name} 第 1 行应当是：{' '.join(COLUMNS)}（用制表符隔开）")
    found = []
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(COLUMNS) or line[1] not in INTENTS:
            raise ValueError(
                f"{path.name} 第 {number} 行不对：要 {len(COLUMNS)} 列，意图是 {'、'.join(INTENTS)} 之一"
            )
        codes = tuple(code for code in line[3].split(",") if code != "-")
        found.append(Row(line[0], line[1], line[2], codes, line[4], line[5]))
    return found


def evaluate(path: Path) -> dict[str, Any]:
    """All numbers of issue "understanding residents" for one table: shares 0–1, counts, wrong rows."""
    return score([(row, nlp.understand(row.text)) for row in rows(path)])


def score(read: list[tuple[Row, Understanding]]) -> dict[str, Any]:
    """The same for messages already understood."""
    pairs = [(row.intent, said.intent) for row, said in read]
    sure = [(row, said) for row, said in read if said.sure]
    coded = [(row, said) for row, said in read if row.codes]
    danger = Counter((row.urgency == "emergency", said.urgency == "emergency") for row, said in read)
    hit, missed, false = danger[True, True], danger[True, False], danger[False, True]
    return {
        "messages": len(read),
        "intent": {
            "macro_f1": macro_f1(pairs),
            "accuracy": _share(sum(right == found for right, found in pairs), len(pairs)),
            "sure_coverage": _share(len(sure), len(read)),
            "sure_accuracy": _share(sum(row.intent == said.intent for row, said in sure), len(sure)),
        },
        "emergency": {
            "recall": _share(hit, hit + missed), "precision": _share(hit, hit + false),
            "dangers": hit + missed, "missed": missed, "false": false,
        },
        "category": {
            "messages": len(coded),
            "top1": _share(sum(said.category in row.codes for row, said in coded), len(coded)),
            "top3": _share(sum(not set(said.category_top3).isdisjoint(row.codes) for row, said in coded), len(coded)),
        },
        "wrong": [
            {"id": row.id, "text": row.text, "right": row.intent, "found": said.intent, "score": said.score}
            for row, said in read if row.intent != said.intent
        ],
    }  # fmt: skip


def macro_f1(pairs: list[tuple[str, str]]) -> float:
    """Mean F1 over the labels that occur as right ones; `pairs` are (right, found)."""
    scores = []
    for label in sorted({right for right, _ in pairs}):
        hit = sum(right == found == label for right, found in pairs)
        wanted = sum(right == label for right, _ in pairs)
        given = sum(found == label for _, found in pairs)
        scores.append(2 * hit / (wanted + given))
    return sum(scores) / len(scores) if scores else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
