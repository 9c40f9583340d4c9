"""Learning from what the desk corrected: a new model takes the place of the present one only where it is better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.learning.fit import CannotLearn, learn
from bot.learning.measure import measure
from bot.learning.models import read_model, write_model
from bot.learning.pieces import Tell
from bot.learning.split import apart
from nlp.linear import Learned, Model

FEWEST = 30  # corrections; fewer say nothing about which model is better
ASIDE = 0.25


@dataclass(frozen=True, slots=True)
class Compared:
    """macro-F1 on corrections neither learned now; `present` None: there was no model. `switched`: the new one is in
    place and the old one beside it."""

    examples: int
    aside: int
    fresh: float
    present: float | None
    switched: bool


def retrain(taught: Sequence[tuple[str, str]], model: Path, *, seed: int = 0, tell: Tell | None = None) -> Compared:
    """A better model takes the place of the file. Raises as `compare`, and BadModel when the present file is none."""
    present = read_model(model) if model.exists() else None
    found, learned = compare(taught, present, seed=seed, tell=tell)
    if learned is not None:
        if model.exists():
            model.replace(previous(model))
        write_model(model, learned)
    return found


def compare(
    taught: Sequence[tuple[str, str]],
    present: Model | None,
    *,
    seed: int = 0,
    tell: Tell | None = None,
    what: str = "分类",
) -> tuple[Compared, Learned | None]:
    """`taught`: (words, label); `what` they are, for the words of an error. The second is what was learned from all
    of them, None where the present model is as good. Raises CannotLearn for too few."""
    counts = {label: sum(label == other for _, other in taught) for _, label in taught}
    usable = [(words, label) for words, label in taught if counts[label] > 1]
    if len(usable) < FEWEST or len({label for _, label in usable}) < 2:
        raise CannotLearn(
            f"改过的{what}还太少：{len(usable)} 条能用，至少要 {FEWEST} 条、两种以上，每种两条。再用一阵子。"
        )
    texts, labels = [words for words, _ in usable], [label for _, label in usable]
    rest, aside = apart(texts, labels, ASIDE, seed)
    if not aside:
        raise CannotLearn(f"改过的{what}说的都是同样几句话，没法比哪个模型更好。再用一阵子。")
    first = Model(learn([texts[at] for at in rest], [labels[at] for at in rest], seed=seed, tell=tell).learned)
    fresh = _judged(first, texts, labels, aside)
    before = _judged(present, texts, labels, aside) if present else None
    better = before is None or fresh > before
    whole = learn(texts, labels, seed=seed, tell=tell).learned if better else None
    return Compared(len(usable), len(aside), fresh, before, better), whole


def previous(model: Path) -> Path:
    """Where the old model lies after a switch."""
    return model.with_name(model.name + ".previous")


def swap_back(model: Path) -> None:
    """The old model and the present one change places. Raises FileNotFoundError where there is no old one."""
    old = previous(model)
    if not old.exists():
        raise FileNotFoundError(f"没有换下来的旧模型（{old.name}）。")
    aside = model.with_name(model.name + ".swap")
    model.replace(aside)
    old.replace(model)
    aside.replace(old)


def _judged(model: Model, texts: Sequence[str], labels: Sequence[str], aside: Sequence[int]) -> float:
    return measure([labels[at] for at in aside], [model.best(texts[at]) for at in aside]).macro_f1
