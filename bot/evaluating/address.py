"""Address elements against labelled strings: by the rules alone, and by a tagger learned from others of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from bot.learning.elements import Labelled, learn
from nlp.elements import Element, segment

# Down to the room, what a ticket needs to be found: no names of shops (poi), no additions (assist, redundant).
CHOSEN = (
    "prov", "city", "district", "town", "community", "road", "roadno", "houseno", "cellno", "floorno", "roomno",
)  # fmt: skip
ROUNDS = 8


class BadRow(ValueError):
    """The message names the file's line and what is wrong with it."""


def evaluate(folder: Path, *, rounds: int = ROUNDS) -> dict[str, Any]:
    """`dev.jsonl` is judged; `train.jsonl`, where there is one, is learned from first (about a minute).

    F1 of the chosen labels, exact beginning, end and label; `rules` and `learned`, then each label of both.
    """
    judged = read(folder / "dev.jsonl")
    found: dict[str, Any] = {"addresses": len(judged), "labels": " ".join(CHOSEN)}
    by = {"rules": segment}
    if (folder / "train.jsonl").is_file() and rounds:
        by["learned"] = learn(read(folder / "train.jsonl"), rounds=rounds).segment
    for name, cut in by.items():
        found[name] = f1(judged, cut)
        found |= {f"{name}_{label}": f1(judged, cut, (label,)) for label in CHOSEN}
    return found


def f1(rows: Sequence[Labelled], cut: Callable[[str], tuple[Element, ...]], labels: Sequence[str] = CHOSEN) -> float:
    """Micro-F1 over the elements with these labels."""
    counts: Counter[str] = Counter()
    for row in rows:
        truth, said = _kept(row.elements, labels), _kept(cut(row.text), labels)
        counts.update(right=len(truth & said), said=len(said), true=len(truth))
    return round(2 * counts["right"] / max(counts["said"] + counts["true"], 1), 4)


def _kept(elements: Iterable[Element], labels: Sequence[str]) -> set[Element]:
    return {one for one in elements if one.label in labels}


def read(file: Path) -> list[Labelled]:
    """Rows {"text", "entities": [{"label", "start", "end"}]}. Raises BadRow for the first that is none."""
    rows = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if line.strip():
            rows.append(_row(line, number))
    return rows


def _row(line: bytes, number: int) -> Labelled:
    try:
        row = orjson.loads(line)
        text, spans = row["text"], row["entities"]
        elements = tuple(Element(str(one["label"]), int(one["start"]), int(one["end"])) for one in spans)
    except (ValueError, KeyError, TypeError) as error:
        raise BadRow(f'第{number}行不是 {{"text", "entities"}} 这样的一行。') from error
    wrong = next((one for one in elements if not 0 <= one.start < one.end <= len(text)), None)
    if wrong is not None:
        raise BadRow(f"第{number}行的 {wrong.label} 起止（{wrong.start}—{wrong.end}）不在这行文字里。")
    return Labelled(text, elements)
