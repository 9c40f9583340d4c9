"""Residents who write to the program until they are answered, over connections that may break; judges nothing."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from handlers.texts import NOT_KEPT
from tests.bench.messages import Writer
from tests.bench.traffic import MENU, PROGRESS, YES, Crowd

PATIENCE = 8.0  # seconds for one answer; the platform itself waits 5
THANKS = "谢谢"
AT_ONCE = (
    MENU,
    THANKS,
)  # answered before their rows, unless a copy of the one before has a turn (storage/at_once.py)
GIVE_UP = 60.0  # seconds in which every message must be taken, whatever happened


@dataclass
class Told:
    """One message. `answers`: the words of each copy that was answered, "" where `success` was all.

    `unknown`: how many copies had no answer, so that nobody knows whether they were taken; `refused`: how many heard
    that it was not kept. `slowest`: seconds of the longest answer.
    """

    user: str
    words: str
    id: int
    request: bytes = field(repr=False)
    answers: list[str] = field(default_factory=list)
    unknown: int = 0
    refused: int = 0
    slowest: float = 0.0

    @property
    def acknowledged(self) -> bool:
        return bool(self.answers)


class Line:
    """A keep-alive connection to one port, opened when needed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, request: bytes) -> bytes | None:
        """The body of a good answer; None when it is not known whether the message was taken.

        Raises AssertionError for an answer other than 200: the program never refuses its own platform.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self.open()
                assert self._streams is not None
                reader, writer = self._streams
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                size = next(line for line in head.split("\r\n") if line.lower().startswith("content-length:"))
                body = await reader.readexactly(int(size.partition(":")[2]))
        except (OSError, EOFError, TimeoutError):
            self.close()
            return None
        assert head.startswith("HTTP/1.1 200 "), head
        return body

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@dataclass
class Residents:
    """Many who write at once. `history` is all they said; nothing is said twice but as a copy.

    `apart`: most write to one process only, each to another; the rest to several. `pause`: seconds at most before
    each message.
    """

    ports: Sequence[int]
    crowd: Crowd
    chance: random.Random
    copies: int = 1
    apart: bool = False
    pause: float = 0.0
    writer: Writer = field(default_factory=Writer)
    history: list[Told] = field(default_factory=list)

    async def scene(self, lines: Sequence[Line]) -> None:
        """A newcomer says hello, is thankful, reports, confirms, asks: each after the answer to the one before.

        When every fault of every building was reported, a report would be offered an open ticket to join: talk then.
        """
        person = self.crowd.newcomer()
        reports = (self.crowd.fault(person), YES) if self.crowd.fresh else ()
        for words in ("你好", MENU, THANKS, *reports, PROGRESS):
            if self.pause:
                await asyncio.sleep(self.chance.uniform(0.0, self.pause))
            await self.tell(person.name, words, lines)

    async def tell(self, user: str, words: str, lines: Sequence[Line]) -> Told:
        """Delivered in `copies` at once, and again until one is answered, as the platform does (but without end).

        Raises TimeoutError when nobody took it.
        """
        number = self.writer.new_id()
        told = Told(user, words, number, self.writer.text(user, words, number))
        self.history.append(told)
        async with asyncio.timeout(GIVE_UP):
            while not told.acknowledged:
                began = time.monotonic()
                bodies = await asyncio.gather(*(line.ask(told.request) for line in lines[: self.copies]))
                told.unknown += bodies.count(None)
                said = [self.writer.read(body) for body in bodies if body is not None]
                told.slowest = max(told.slowest, time.monotonic() - began if said else 0.0)
                told.refused += said.count(NOT_KEPT)
                told.answers += [words for words in said if words != NOT_KEPT]
                if not told.acknowledged:
                    await asyncio.sleep(0.1)
        return told

    def history_of(self, user: str) -> list[Told]:
        return [told for told in self.history if told.user == user]

    async def said(self, more: int) -> None:
        """Until so many more messages were said. Raises TimeoutError."""
        wanted = len(self.history) + more
        async with asyncio.timeout(GIVE_UP):
            while len(self.history) < wanted:  # noqa: ASYNC110 - a test may poll
                await asyncio.sleep(0.01)

    async def many(self, at_once: int, wanted: Callable[[int], bool]) -> None:
        """`at_once` scenes at a time, a new one while `wanted(begun)`."""
        begun = 0

        async def worker(place: int) -> None:
            nonlocal begun
            ports = [self.ports[at % len(self.ports)] for at in range(self.copies)]
            self.chance.shuffle(ports)
            home = place % (len(self.ports) + 1)
            if self.apart and home < len(self.ports):
                ports = [self.ports[home]]
            lines = [Line(port) for port in ports]
            try:
                while wanted(begun):
                    begun += 1
                    await self.scene(lines)
            finally:
                for line in lines:
                    line.close()

        async with asyncio.TaskGroup() as group:
            for place in range(at_once):
                group.create_task(worker(place))


def sample_crowd() -> Crowd:
    """Who live in the sample community of the demo; its buildings are part of what it promises."""
    blocks = [f"学府花园{number}幢1单元" for number in range(1, 21)]
    lanes = [f"枫桦景苑{phase}期{number}号" for phase in "一二" for number in range(1, 61)]
    return Crowd((*blocks, *lanes))
