"""The desk's models in the data directory: numbered versions of each kind, and which one is in use.

`models/category-3.model` is a version; `models/category.in-use` holds the number that is read, 0 for the shipped
reading alone. Numbers are never given twice, so that a mark (`mark`) tells what a process has loaded.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.learning.models import read_model, write_model
from handlers.tickets.categories import CATEGORIES
from nlp.linear import BadModel, Learned, Model
from nlp.local import KINDS, UNTAUGHT
from nlp.types import INTENTS

FOLDER = "models"
NAMED = {"category": "分类", "intent": "意图"}
_NAME = re.compile(rf"(?P<kind>{'|'.join(KINDS)})-(?P<number>\d{{1,6}})")
_LABELS = {"category": frozenset(CATEGORIES), "intent": frozenset(INTENTS) - set(UNTAUGHT)}


@dataclass(frozen=True, slots=True)
class Version:
    """`number` 0 is the shipped reading alone: it has no file, no `bytes` and no `at`."""

    kind: str
    number: int
    used: bool
    bytes: int = 0
    at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.number}"


def versions(folder: Path) -> list[Version]:
    """Every version of every kind, oldest first, each kind beginning with 0."""
    found = []
    for kind in KINDS:
        used = in_use(folder, kind)
        found.append(Version(kind, 0, used == 0))
        for number in _numbers(folder, kind):
            stat = file(folder, kind, number).stat()
            at = datetime.fromtimestamp(stat.st_mtime, UTC)
            found.append(Version(kind, number, used == number, stat.st_size, at))
    return found


def file(folder: Path, kind: str, number: int) -> Path:
    return folder / f"{kind}-{number}.model"


def in_use(folder: Path, kind: str) -> int:
    """0 when none was ever chosen."""
    try:
        said = (folder / f"{kind}.in-use").read_text("utf-8").strip()
    except FileNotFoundError:
        return 0
    return int(said) if said.isdecimal() else 0


def put(folder: Path, kind: str, learned: Learned) -> str:
    """Written as the next version and put in use; its name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    number = max([0, in_use(folder, kind), *_numbers(folder, kind)]) + 1
    write_model(file(folder, kind, number), learned)
    return choose(folder, f"{kind}-{number}")


def choose(folder: Path, name: str) -> str:
    """This version is in use from now on; its name. Raises ValueError for no such version, BadModel for one that
    cannot be read."""
    found = _NAME.fullmatch(name)
    if found is None or (int(found["number"]) and not file(folder, found["kind"], int(found["number"])).exists()):
        there = "、".join(version.name for version in versions(folder))
        raise ValueError(f"没有模型「{name}」。有：{there}。")
    kind, number = found["kind"], int(found["number"])
    if number:
        read(folder, kind, number)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{kind}.{os.getpid()}.draft"
    draft.write_text(f"{number}\n", "utf-8")
    draft.replace(folder / f"{kind}.in-use")
    return f"{kind}-{number}"


def mark(folder: Path) -> str:
    """Another text whenever another version is in use."""
    return " ".join(f"{kind}-{in_use(folder, kind)}" for kind in KINDS)


def read(folder: Path, kind: str, number: int) -> Model:
    """Raises BadModel for what is none, or has labels that are none of this kind."""
    model = read_model(file(folder, kind, number))
    strange = sorted(set(model.labels) - _LABELS[kind])
    if strange:
        raise BadModel(f"{kind}-{number} 不是{NAMED[kind]}的模型：没有「{strange[0]}」这一种。")
    return model


def load(folder: Path) -> tuple[dict[str, Model], list[str]]:
    """The models in use by kind, and what could not be read, a line each: that kind is then read as shipped."""
    models, problems = dict[str, Model](), []
    for kind in KINDS:
        number = in_use(folder, kind)
        if number:
            try:
                models[kind] = read(folder, kind, number)
            except BadModel as error:
                problems.append(f"{kind}-{number}: {error}")
    return models, problems


def _numbers(folder: Path, kind: str) -> list[int]:
    found = (_NAME.fullmatch(path.stem) for path in folder.glob(f"{kind}-*.model"))
    return sorted(int(one["number"]) for one in found if one)
