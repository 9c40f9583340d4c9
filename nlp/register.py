"""The places that exist (小区, 幢, 单元, 室), indexed for look-up by what people write; no reading of messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import ahocorasick

from nlp.lexicon import word_list
from nlp.normalize import normalize

_PHASE = re.compile(r"(\d{1,2})期$")
_SUFFIX = re.compile(
    r"(?<=..)(?:小区|花园|花苑|公寓|新村|家园|社区|嘉园|名苑|景苑|佳苑|雅苑|新苑|华庭|名邸|广场|大厦|公馆|苑|里|园|府|城|庭|湾|郡|居|坊|邸|村)$"
)
_LANES = re.compile(r"\d+(?=弄)|(?<![\d弄])\d+(?!\d)")
# Beginnings of names that are everyday words: taken for a 小区 only when a number follows.
EVERYDAY = frozenset(word_list("everyday"))


@dataclass(frozen=True)
class Building:
    """`word` is how the estate calls it (幢 栋 号 号楼 座). `units`: 单元 ("" without) → its room numbers."""

    name: str
    word: str
    units: Mapping[str, frozenset[str]]
    id: int = 0

    @cached_property
    def lane(self) -> str:
        """ "188" of a building named 188弄15, "" otherwise."""
        return self.name.partition("弄")[0] if "弄" in self.name else ""

    @cached_property
    def number(self) -> str:
        return self.name.rpartition("弄")[2]


@dataclass(frozen=True, eq=False)
class Estate:
    """A 小区. `road` and `lane` (「5511弄」 or several, 「5511弄/5513弄」) for the lane style, "" otherwise."""

    id: int
    community: int
    name: str
    aliases: tuple[str, ...] = ()
    road: str = ""
    lane: str = ""
    word: str = "幢"
    buildings: Mapping[str, Building] = field(default_factory=dict)
    spots: tuple[str, ...] = ()

    @cached_property
    def lanes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_LANES.findall(self.lane or "")))

    @cached_property
    def plain(self) -> str:
        return normalize(self.name)

    @cached_property
    def phase(self) -> str:
        match = _PHASE.search(self.plain)
        return match.group(1) if match else ""

    @cached_property
    def stem(self) -> str:
        """The name without 一期."""
        return _PHASE.sub("", self.plain)

    @cached_property
    def by_number(self) -> dict[str, tuple[Building, ...]]:
        found: dict[str, tuple[Building, ...]] = {}
        for building in self.buildings.values():
            for key in {building.number.upper(), building.name.upper()}:
                found[key] = (*found.get(key, ()), building)
        return found


@dataclass(frozen=True, eq=False)
class Register:
    """Everything known of places. Build a new one when places change; it is never altered.

    `near`: ids of the estates a person lives in, which settle what more than eight estates would fit.
    """

    estates: tuple[Estate, ...] = ()
    near: frozenset[int] = frozenset()

    def around(self, near: frozenset[int]) -> Register:
        """The same register for somebody who lives in these estates; the indexes are shared."""
        mine = Register(self.estates, near)
        vars(mine).update({name: value for name, value in vars(self).items() if name not in ("estates", "near")})
        return mine

    @cached_property
    def names(self) -> Any:
        """Automaton of names as written: (length, whole name?, estates called so)."""
        called: dict[str, tuple[bool, list[Estate]]] = {}
        for estate in self.estates:
            for word, whole in _ways(estate):
                known = called.setdefault(word, (whole, []))
                if estate not in known[1]:
                    known[1].append(estate)
                if whole and not known[0]:
                    called[word] = (True, known[1])
        automaton = ahocorasick.Automaton()
        for word, (whole, estates) in called.items():
            automaton.add_word(word, (len(word), whole, tuple(estates)))
        automaton.make_automaton()
        return automaton

    @cached_property
    def lanes(self) -> dict[str, tuple[Estate, ...]]:
        return _grouped((lane, estate) for estate in self.estates for lane in estate.lanes)

    @cached_property
    def phases(self) -> dict[str, tuple[Estate, ...]]:
        return _grouped((estate.phase, estate) for estate in self.estates if estate.phase)

    @cached_property
    def holding(self) -> dict[str, tuple[Estate, ...]]:
        """Estates by the building numbers they have."""
        return _grouped((number, estate) for estate in self.estates for number in estate.by_number)

    @cached_property
    def roads(self) -> frozenset[str]:
        return frozenset(normalize(estate.road) for estate in self.estates if estate.road)


def _ways(estate: Estate) -> Iterator[tuple[str, bool]]:
    """Ways to say the name: whole, alias, without the phase, and shortened from the end (rule A3, ≥ 2 characters)."""
    yield estate.plain, True
    for alias in estate.aliases:
        if alias := normalize(alias):
            yield alias, True
    yield estate.stem, True
    short = _SUFFIX.sub("", estate.stem)
    for end in range(2, len(estate.stem)):
        word = estate.stem[:end]
        if end >= len(short) or end >= 3 or len(short) <= 3:
            yield word, False


def _grouped(pairs: Iterator[tuple[str, Estate]] | Any) -> dict[str, tuple[Estate, ...]]:
    found: dict[str, list[Estate]] = {}
    for key, estate in pairs:
        if estate not in (known := found.setdefault(key, [])):
            known.append(estate)
    return {key: tuple(estates) for key, estates in found.items()}


EMPTY = Register()
