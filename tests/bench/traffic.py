"""Who says what in a measurement: scenes of one sender, in order; not how they are sent."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nlp.register import Register

Scene = tuple[str, tuple[str, ...]]  # (sender, what is said, one after the other)

# One a category, so that the same building can be named again without meeting an open ticket.
FAULTS = (
    "楼道灯坏了", "单元门禁坏了", "楼道很脏没人打扫", "大件垃圾没人处理", "有很多蟑螂", "墙上贴满小广告",
    "路面坑洼不平", "健身器材坏了", "监控坏了", "快递柜打不开", "楼顶漏水", "电梯异响", "有车乱停", "共享单车乱停",
    "楼道堆满杂物", "装修噪音太大", "饭店油烟太大", "空调滴水", "树枝遮光要修剪", "绿化杂草没人管", "有人遛狗不牵绳",
)  # fmt: skip
YES = "对"
MENU = "菜单"
PROGRESS = "查进度"
QUESTION = "居住证怎么办"  # answered from the knowledge base, whoever asks
SMALL_TALK = ("你好", "谢谢", "再见", "测试", "早上好", "在吗", "辛苦了", "你是谁")
PER_SENDER = 14  # messages; under policy.messages_per_minute, so that nobody is held back
REPORTS = 5  # of one sender


def labels(register: Register) -> tuple[str, ...]:
    """Every 幢/号 of the register, by its first 单元, as a resident writes it."""
    return tuple(
        f"{estate.name}{building.name}{building.word}"
        + (f"{unit}单元" if (unit := next(iter(building.units), "")) else "")
        for estate in register.estates
        for building in estate.buildings.values()
    )


@dataclass
class Person:
    name: str
    said: int = 0
    reports: int = 0


@dataclass
class Crowd:
    """Senders and places of one server's database. The same seed tells the same story.

    No (building, fault) comes twice while there are fresh ones: `places` × FAULTS of them.
    """

    places: Sequence[str]
    seed: int = 1
    _people: int = 0
    _reported: int = 0
    _known: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._order = list(self.places)
        self.chance.shuffle(self._order)

    def newcomer(self) -> Person:
        self._people += 1
        return Person(f"oB{self.seed:02d}-{self._people:022d}")

    def menu(self) -> Iterator[Scene]:
        return self._alike(MENU)

    def question(self) -> Iterator[Scene]:
        return self._alike(QUESTION)

    def greeting(self) -> Iterator[Scene]:
        return self._alike(SMALL_TALK[0])

    def reporters(self, count: int) -> list[Scene]:
        """`count` newcomers with a ticket each, who may ask for it afterwards."""
        scenes: list[Scene] = []
        for _ in range(count):
            person = self.newcomer()
            self._known.append(person)
            scenes.append((person.name, (self.fault(person), YES)))
        return scenes

    def progress(self) -> Iterator[Scene]:
        """The reporters ask, one after the other, as often as the server hears them out."""
        asked = [person.name for person in self._known if person.reports]
        for _ in range(PER_SENDER):
            for name in asked:
                yield name, (PROGRESS,)

    def mixed(self) -> Iterator[Scene]:
        """By messages: 40 % reports from start to ticket, 30 % progress, 30 % small talk; 3 of 10 senders are new."""
        recent: list[Person] = []
        while True:
            if len(recent) < 40 or self.chance.random() < 0.3:
                person = self.newcomer()
                recent.append(person)
            else:
                person = self.chance.choice(recent)
            what = self.chance.choices(("report", "progress", "talk"), (20, 30, 30))[0]
            if what == "report" and person.reports < REPORTS:
                words: tuple[str, ...] = (self.fault(person), YES)
            elif what == "progress":
                words = (PROGRESS,)
            else:
                words = (self.chance.choice(SMALL_TALK),)
            person.said += len(words)
            if person.said >= PER_SENDER - 1:
                recent.remove(person)
            yield person.name, words

    def _alike(self, words: str) -> Iterator[Scene]:
        while True:
            person = self.newcomer()
            for _ in range(PER_SENDER):
                yield person.name, (words,)

    @property
    def fresh(self) -> bool:
        """Whether the next fault is one that was not reported before."""
        return self._reported < len(self._order) * len(FAULTS)

    def fault(self, person: Person) -> str:
        lap, at = divmod(self._reported, len(self._order))
        self._reported += 1
        person.reports += 1
        return f"{self._order[at]}，{FAULTS[(lap + at) % len(FAULTS)]}"
