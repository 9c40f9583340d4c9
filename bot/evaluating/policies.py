"""Whether the right policy is found: a question nobody has asked before, among thousands of known ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.evaluating.rows import rows
from nlp.search import Entry, Index

FIRST = 5
EVERY = 3  # of the questions is asked


def evaluate(folder: Path, tell: Callable[[str, int, int], None]) -> dict[str, Any]:
    """ncp_policy_qa as a knowledge base. Each question asked is itself hidden from the index (its answer stays).

    `document`: an answer of the same policy document is among the first five; `answer`: its own answer is.
    """
    known = rows(folder / "dev.csv")
    entries = [Entry(at, 0, row["question"], row["answer"]) for at, row in enumerate(known)]
    index = Index()
    for at, entry in enumerate(entries):
        index.put(entry)
        if at % 200 == 0:
            tell("政策问答：建索引", at, len(entries))
    asked = range(0, len(entries), EVERY)
    documents = answers = 0
    for at in asked:
        if at % 60 == 0:
            tell("政策问答：提问", at, len(entries))
        index.put(replace(entries[at], question=""))
        found = {one.key for one in index.find(entries[at].question, limit=FIRST)}
        index.put(entries[at])
        documents += any(known[key]["docid"] == known[at]["docid"] for key in found)
        answers += at in found
    tell("政策问答：提问", len(entries), len(entries))
    return {"document": documents / len(asked), "answer": answers / len(asked), "asked": len(asked)}
