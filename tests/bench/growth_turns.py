"""Turns of one database among several: what is said is understood beforehand, so that only the turns are measured."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import nlp
from handlers.policy import Policy
from handlers.router import decide
from handlers.types import Inbound, Sender
from storage.engine import Database
from storage.places import load_register
from storage.turns import Turns
from tests.bench.growth_cpu import Cpu
from tests.bench.traffic import MENU, PROGRESS, YES, Crowd, labels
from tests.bench.years_rows import PEOPLE

TURNS = 600  # of a round


class Talk:
    """A crowd, and the turns its words go through. Nobody says the same thing about the same building twice."""

    def __init__(self, db: Database, seed: int) -> None:
        with db.reading() as conn:
            self.register = load_register(conn)
        self.crowd = Crowd(labels(self.register), seed)
        self.turns = Turns(db, decide, Policy(), threads=4)
        self.met: list[str] = []
        self.cpu = Cpu(db)
        self.number = self.asked = 0

    def round(self, kind: str) -> tuple[float, float, float]:
        """(seconds, CPU seconds of this process, of the database's) a turn."""
        now = datetime.now(UTC)
        ready = [
            (Inbound(Sender("wechat", "bench", who), self._key(), now, text=words),
             nlp.understand(words, self.register, now=now))
            for who, words in self._said(kind)
        ]  # fmt: skip
        waiting = []
        (own, other), clock = self.cpu(), time.perf_counter()
        for inbound, said in ready:
            waiting.append(self.turns.submit(inbound, said, now))
            if len(waiting) % 32 == 0:
                waiting[-1].result(60)
        replies = [future.result(60).replies for future in waiting]
        clock, then = time.perf_counter() - clock, self.cpu()
        assert all(replies), kind
        return clock / len(ready), (then[0] - own) / len(ready), (then[1] - other) / len(ready)

    def close(self) -> None:
        self.turns.close(60)

    def _said(self, kind: str) -> list[tuple[str, str]]:
        if kind == "report":
            people = [self.crowd.newcomer() for _ in range(TURNS // 3)]
            self.met += [person.name for person in people]
            return [(person.name, words) for words in ("你好", "", YES)
                    for person in people for words in (words or self.crowd.fault(person),)]  # fmt: skip
        if kind == "menu":
            return [(self.crowd.newcomer().name, MENU) for _ in range(TURNS)]
        self.asked += TURNS
        if kind == "progress":
            return [(self.met[(self.asked + n) % len(self.met)], PROGRESS) for n in range(TURNS)]
        # who reported lately, and at most sizes for years (tests/bench/years.py)
        return [(f"oR{((self.asked + n) % 900 + 1) * 31 % PEOPLE + 1:026d}", PROGRESS) for n in range(TURNS)]

    def _key(self) -> str:
        self.number += 1
        return f"g{self.crowd.seed}-{self.number}"
