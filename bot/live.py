"""Who in this process is waiting for what to change; a topic's name only, never its content."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable


class Subscription:
    """One listener. Names that come while it is busy are kept once each, so memory stays bounded.

    Use as `with topics.subscribe("board") as changes:` and `async for topic in changes`, or
    `await changes.next(15)` where a heartbeat is due. Registered at once, so that nothing published
    between subscribing and a first look at the database is missed.
    """

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._names: set[str] = set()
        self._pending: dict[str, None] = {}
        self._wake = asyncio.Event()

    def add(self, topic: str) -> None:
        """Listen to one more topic."""
        if topic not in self._names:
            self._names.add(topic)
            self._topics.listeners[topic].add(self)

    async def next(self, timeout: float | None = None) -> str | None:  # noqa: ASYNC109 - None is an answer, not an error
        """The next topic, None when `timeout` seconds passed without one.

        Raises StopAsyncIteration when the process is stopping.
        """
        if not self._pending and not self._topics.closed:
            self._wake.clear()
            try:
                async with asyncio.timeout(timeout):
                    await self._wake.wait()
            except TimeoutError:
                return None
        if self._topics.closed:
            raise StopAsyncIteration
        name = next(iter(self._pending))
        del self._pending[name]
        return name

    def offer(self, topic: str) -> None:
        self._pending[topic] = None
        self._wake.set()

    def wake(self) -> None:
        self._wake.set()

    def close(self) -> None:
        self._topics.count -= 1
        for name in self._names:
            listeners = self._topics.listeners.get(name)
            if listeners is not None:
                listeners.discard(self)
                if not listeners:
                    del self._topics.listeners[name]
        self._names.clear()

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> str:
        name = await self.next()
        assert name is not None
        return name


class Topics:
    """The topics of this process: "board" (tickets changed), "person:<id>" (a push for them was sent).

    `outward`: who tells the other processes (bot/afar.py), called on the loop with what was published here.
    """

    def __init__(self) -> None:
        self.listeners: defaultdict[str, set[Subscription]] = defaultdict(set)
        self.closed = False
        self.count = 0  # subscriptions open
        self.outward: Callable[[str], None] | None = None
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()

    def publish(self, topic: str) -> None:
        """Tell the listeners of a topic. May be called from any thread."""
        if threading.get_ident() == self._thread:
            if not self.closed:
                self._publish(topic)
        elif not self.closed and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._publish, topic)

    def heard(self, topic: str) -> None:
        """Another process published it. May be called from any thread."""
        if not self.closed and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, topic)

    def _publish(self, topic: str) -> None:
        self._tell(topic)
        if self.outward is not None:
            self.outward(topic)

    def _tell(self, topic: str) -> None:
        for listener in tuple(self.listeners.get(topic, ())):
            listener.offer(topic)

    def subscribe(self, *topics: str) -> Subscription:
        listener = Subscription(self)
        self.count += 1
        for topic in topics:
            listener.add(topic)
        return listener

    def close(self) -> None:
        """End every stream: each `next` raises StopAsyncIteration."""
        self.closed = True
        for listeners in tuple(self.listeners.values()):
            for listener in tuple(listeners):
                listener.wake()
