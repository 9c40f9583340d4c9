"""Whether hot issues are found: invented ones, strewn among real letters, must come out whole and alone."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

from bot.evaluating.issues import ALIKE, ISSUES
from bot.evaluating.rows import rows
from nlp.hot import Message, hot


def evaluate(folder: Path) -> dict[str, Any]:
    """`folder`: letters (dev.csv with title and body). Of each invented issue the best cluster's F1."""
    letters = [f"{row['title']}。{row['body']}" for row in rows(folder / "dev.csv")]
    return found(letters)


def found(letters: list[str]) -> dict[str, Any]:
    """The same for letters already read."""
    messages = [Message(f"letter {at}", text) for at, text in enumerate(letters)]
    messages += [Message(f"{name} {at}", text) for name, texts in ISSUES.items() for at, text in enumerate(texts)]
    messages += [Message(f"alike {at}", text) for at, text in enumerate(ALIKE)]
    random.Random(0).shuffle(messages)  # noqa: S311 - an order, not a secret
    started = time.perf_counter()
    clusters = [set(one.keys) for one in hot(messages)]
    seconds = time.perf_counter() - started
    scores = {}
    for name, texts in ISSUES.items():
        true = {f"{name} {at}" for at in range(len(texts))}
        scores[name] = max((2 * len(true & one) / (len(true) + len(one)) for one in clusters), default=0.0)
    return {
        "letters": len(letters), "issues": len(ISSUES), "clusters": len(clusters), "seconds": round(seconds, 1),
        "f1": sum(scores.values()) / len(scores), "worst": min(scores.values()), "per_issue": scores,
    }  # fmt: skip
