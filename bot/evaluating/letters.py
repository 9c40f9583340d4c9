"""How well labels are learned: letters by category and kind, spoken sentences by domain; judged is what was not."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.evaluating.rows import rows
from bot.learning.fit import learn
from bot.learning.measure import measure
from bot.learning.split import folds
from nlp.linear import Model, pack

Tell = Callable[[str, int, int], None]
FOLDS = 5


def category(folder: Path, tell: Tell) -> dict[str, Any]:
    """taidi_c_classify: five parts, each judged by a model of the other four and of the letters known as words only.

    macro-F1 of the whole text, its first 100 characters, and of the titles of those that have one; seconds of the
    processor for one model.
    """
    letters = rows(folder / "dev.csv")
    more = rows(folder / "dev_extra_segmented.csv") if (folder / "dev_extra_segmented.csv").exists() else []
    texts, labels = [row["text"] for row in letters], [row["label"] for row in letters]
    given: dict[str, list[tuple[str, tuple[str, float]]]] = {"full": [], "head": [], "title": []}
    seconds = bytes_ = 0.0
    for number, part in enumerate(folds(labels, FOLDS, 0)):
        tell("类别", number, FOLDS)
        judged = set(part)
        kept = [at for at in range(len(letters)) if at not in judged]
        started = time.process_time()
        lesson = learn(
            [texts[at] for at in kept] + [row["seg_text"] for row in more],
            [labels[at] for at in kept] + [row["label"] for row in more],
        )
        seconds = max(seconds, time.process_time() - started)
        bytes_ = max(bytes_, len(pack(lesson.learned)))
        model = Model(lesson.learned)
        for at in part:
            given["full"].append((labels[at], model.best(texts[at])))
            given["head"].append((labels[at], model.best(texts[at][:100])))
            if letters[at]["title"]:
                given["title"].append((labels[at], model.best(letters[at]["title"])))
    tell("类别", FOLDS, FOLDS)
    return {name: _f1(pairs) for name, pairs in given.items()} | {"seconds": seconds, "megabytes": bytes_ / 1e6}


def kind(folder: Path, tell: Tell) -> dict[str, Any]:
    """taidi_c_selfintent: title without its cue word, and body."""
    letters = rows(folder / "dev.csv")
    texts = [f"{row['title_masked']}。{row['title_masked']}。{row['body'][:200]}" for row in letters]
    return {"macro_f1": _crossed(texts, [row["label"] for row in letters], "诉求种类", tell)}


def domains(folder: Path, tell: Tell) -> dict[str, Any]:
    """smp_ecdt: learned from the rows called train, judged by those called develop."""
    sentences = rows(folder / "train_develop.csv")
    split = {name: [row for row in sentences if row["split"] == name] for name in ("train", "develop")}
    tell("领域", 0, 1)
    lesson = learn([row["text"] for row in split["train"]], [row["label"] for row in split["train"]])
    model = Model(lesson.learned)
    tell("领域", 1, 1)
    return {"macro_f1": _f1([(row["label"], model.best(row["text"])) for row in split["develop"]])}


def _crossed(texts: Sequence[str], labels: Sequence[str], what: str, tell: Tell) -> float:
    pairs = []
    for number, part in enumerate(folds(labels, FOLDS, 0)):
        tell(what, number, FOLDS)
        judged = set(part)
        kept = [at for at in range(len(texts)) if at not in judged]
        model = Model(learn([texts[at] for at in kept], [labels[at] for at in kept]).learned)
        pairs += [(labels[at], model.best(texts[at])) for at in part]
    tell(what, FOLDS, FOLDS)
    return _f1(pairs)


def _f1(pairs: Sequence[tuple[str, tuple[str, float]]]) -> float:
    if not pairs:
        return 0.0
    return measure([true for true, _ in pairs], [given for _, given in pairs]).macro_f1
