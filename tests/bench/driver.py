"""Keep-alive connections that send prepared requests and time the answers; reads status and length only."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

_END = b"\r\n\r\n"
_LENGTH = b"Content-Length: "
_DRAIN = 15.0  # seconds the last answers may take


@dataclass
class Load:
    """What came of a run. `times`: seconds of each answer; `wrong`: answers that were not 200; `lost`: none came."""

    seconds: float = 0.0
    times: array[float] = field(default_factory=lambda: array("d"))
    wrong: int = 0
    lost: int = 0
    own_cpu: float = 0.0  # seconds the driver itself computed

    @property
    def count(self) -> int:
        return len(self.times)

    @property
    def rate(self) -> float:
        return self.count / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Seconds under which `share` (0–1) of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Connection(asyncio.Protocol):
    """One request under way at a time; the next leaves when `answered` says so."""

    def __init__(self, load: Load, answered: Callable[[Connection], None]) -> None:
        self._load = load
        self._answered = answered
        self.body: bytes | None = None  # of the last answer, None when that was not a good one
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._since = 0.0
        self.busy = False
        self.waiting: deque[tuple[float, bytes]] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send(self, request: bytes, since: float) -> None:
        """`since`: when the request should have left; its time is counted from there."""
        assert self._transport is not None
        self.busy, self._since = True, since
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        head = data.find(_END)
        if head < 0:
            self._buffer = data
            return
        at = data.find(_LENGTH, 0, head)
        size = int(data[at + len(_LENGTH) : data.find(b"\r", at)]) if at >= 0 else 0
        if len(data) < head + 4 + size:
            self._buffer = data
            return
        self._buffer = b""
        self.busy = False
        self.body = data[head + 4 :] if data[9:12] == b"200" else None
        self._load.times.append(time.perf_counter() - self._since)
        if self.body is None:
            self._load.wrong += 1
        self._answered(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.busy:
            self.busy = False
            self._load.lost += 1
        self._load.lost += len(self.waiting)
        self.waiting.clear()
        self._transport = None

    @property
    def open(self) -> bool:
        return self._transport is not None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def closed(port: int, scripts: Sequence[Iterator[bytes]], seconds: float) -> Load:
    """Saturation: one connection a script, each sends its next request as soon as it has the answer."""
    load = Load()
    until = 0.0
    following: dict[Connection, Iterator[bytes]] = {}

    def answered(connection: Connection) -> None:
        now = time.perf_counter()
        request = next(following[connection], None) if now < until else None
        if request is not None and connection.open:
            connection.send(request, now)

    connections = [await _connect(port, load, answered) for _ in scripts]
    following = dict(zip(connections, scripts, strict=True))
    cpu, start = time.process_time(), time.perf_counter()
    until = start + seconds
    for connection in connections:
        answered(connection)
    load.seconds = await _finish(connections, load) - start
    load.own_cpu = time.process_time() - cpu
    return load


async def steady(port: int, events: Sequence[tuple[float, int, bytes]], connections: int) -> Load:
    """Open loop: (second, connection, request), sorted; a late answer does not slow what comes after.

    Requests of one connection leave in order, each after the answer to the one before; their times count
    from the second they were due, so that waiting in the driver is not hidden.
    """
    load = Load()

    def answered(connection: Connection) -> None:
        if connection.waiting and connection.open:
            due, request = connection.waiting.popleft()
            connection.send(request, due)

    lines = [await _connect(port, load, answered) for _ in range(connections)]
    cpu, start = time.process_time(), time.perf_counter()
    for due, number, request in events:
        ahead = start + due - time.perf_counter()
        if ahead > 0.0005:
            await asyncio.sleep(ahead)
        line = lines[number]
        if line.busy:
            line.waiting.append((start + due, request))
        elif line.open:
            line.send(request, start + due)
        else:
            load.lost += 1
    load.seconds = await _finish(lines, load) - start
    load.own_cpu = time.process_time() - cpu
    return load


@dataclass(slots=True)
class Asked:
    """A request with the second it is due. `seconds` until its answer `body`, which is None when no good one came."""

    due: float
    request: bytes = field(repr=False)
    seconds: float = 0.0
    body: bytes | None = None


async def unwaiting(port: int, asked: Sequence[Asked]) -> Load:
    """Open loop, sorted by time: each request leaves when it is due, by a connection that is free or a new one.

    So nothing waits in the driver, as a platform lets nobody wait for others.
    """
    load = Load()
    free: list[Connection] = []
    under_way: dict[Connection, Asked] = {}
    begun: set[asyncio.Task[None]] = set()

    def answered(connection: Connection) -> None:
        one = under_way.pop(connection)
        one.seconds, one.body = load.times[-1], connection.body
        free.append(connection)

    async def by_a_new_one(one: Asked) -> None:
        try:
            leave(await _connect(port, load, answered), one)
        except OSError:
            load.lost += 1

    def leave(connection: Connection, one: Asked) -> None:
        under_way[connection] = one
        connection.send(one.request, start + one.due)

    cpu, start = time.process_time(), time.perf_counter()
    for one in asked:
        ahead = start + one.due - time.perf_counter()
        if ahead > 0.0005:
            await asyncio.sleep(ahead)
        while free and not free[-1].open:
            free.pop()
        if free:
            leave(free.pop(), one)
        else:
            task = asyncio.create_task(by_a_new_one(one))
            begun.add(task)
            task.add_done_callback(begun.discard)
    if begun:
        await asyncio.wait(begun)
    load.seconds = await _finish([*under_way, *free], load) - start
    load.own_cpu = time.process_time() - cpu
    return load


async def _connect(port: int, load: Load, answered: Callable[[Connection], None]) -> Connection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: Connection(load, answered), "127.0.0.1", port)
    return connection


async def _finish(connections: Sequence[Connection], load: Load) -> float:
    """Wait for the answers under way, then close; without any answer for a while the rest is lost.

    The second of the last answer.
    """
    seen, limit = -1, 0.0
    while any(connection.busy for connection in connections):
        now = time.perf_counter()
        if load.count != seen:
            seen, limit = load.count, now + _DRAIN
        elif now > limit:
            break
        await asyncio.sleep(0.005)
    end = time.perf_counter()
    for connection in connections:
        connection.close()
    await asyncio.sleep(0.01)  # lets connection_lost count what was under way
    return end
