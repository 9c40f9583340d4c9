"""The account's access token: one for all processes, fetched by one of them at a time; not how it is fetched."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.tencent.errors import ApiError, Codes

log = logging.getLogger("jushe.tencent")
_CACHED_SECONDS = 60  # wechat.md §8: workers cache no longer than a minute
_MARGIN_SECONDS = 300  # stable_token answers the same token until 5 min before its end
_LOCK_SECONDS = 15
_PATIENCE_SECONDS = 6.0
_FORCE_GAP_SECONDS = 30  # force_refresh: at least 30 s apart and 20 a day
_FORCED_A_DAY = 20
_REST_SECONDS = 5  # after a refusal nobody in this process asks again for so long

Fetch = Callable[[bool], Awaitable[tuple[str, float]]]


class Shelf(Protocol):
    """Where all processes find the token (storage.tokens). Called in a thread."""

    def read(self, now: datetime) -> str | None: ...

    def try_lock(self, holder: str, now: datetime, seconds: int) -> bool: ...

    def store(self, token: str, expires: datetime) -> None: ...

    def drop(self, bad: str) -> None: ...


class Token:
    """`fetch(force)` → (token, seconds of life) or ApiError. `now` gives aware time."""

    def __init__(self, shelf: Shelf, fetch: Fetch, now: Callable[[], datetime], codes: Codes) -> None:
        self._codes = codes
        self._shelf = shelf
        self._fetch = fetch
        self._now = now
        self._holder = str(uuid.uuid4())
        self._one = asyncio.Lock()
        self._known: tuple[str, datetime] | None = None
        self._forced: list[datetime] = []
        self._refused: tuple[int | str, datetime] | None = None

    async def get(self) -> str:
        """The token in use. Raises ApiError when none can be had."""
        known = self._remembered()
        if known:
            return known
        async with self._one:
            # who waited behind another finds what that one read: hundreds send at once
            return self._remembered() or await self._from_shelf("")

    async def renew(self, bad: str) -> str:
        """Another token than `bad`, which the platform refused. At most one fetch; raises ApiError."""
        async with self._one:
            known = self._remembered()
            if known and known != bad:
                return known
            self._known = None
            await asyncio.to_thread(self._shelf.drop, bad)
            return await self._from_shelf(bad)

    def _remembered(self) -> str | None:
        return self._known[0] if self._known and self._now() < self._known[1] else None

    async def _from_shelf(self, bad: str) -> str:
        if self._refused and self._now() < self._refused[1]:
            raise self._codes.refused(self._refused[0])
        loop = asyncio.get_running_loop()
        until = loop.time() + _PATIENCE_SECONDS
        while True:
            token = await asyncio.to_thread(self._shelf.read, self._now())
            if token and token != bad:
                return self._keep(token)
            if await asyncio.to_thread(self._shelf.try_lock, self._holder, self._now(), _LOCK_SECONDS):
                # Between our look and the lock another process may have stored one.
                token = await asyncio.to_thread(self._shelf.read, self._now())
                return self._keep(token) if token and token != bad else await self._fetched(bad)
            if loop.time() > until:
                raise self._codes.refused("token")
            await asyncio.sleep(0.1)

    async def _fetched(self, bad: str) -> str:
        try:
            token, life = await self._fetch(False)
            if token == bad:
                # The platform still hands out what it refuses: force another, within the daily allowance.
                if not self._may_force():
                    raise self._codes.refused(40001)
                self._forced.append(self._now())
                token, life = await self._fetch(True)
        except ApiError as error:
            self._refused = (error.code, self._now() + timedelta(seconds=_REST_SECONDS))
            raise
        self._refused = None
        expires = self._now() + timedelta(seconds=max(life - _MARGIN_SECONDS, 30))
        await asyncio.to_thread(self._shelf.store, token, expires)
        log.info("%s token fetched", self._codes.name)
        return self._keep(token)

    def _may_force(self) -> bool:
        now = self._now()
        self._forced = [at for at in self._forced if now - at < timedelta(days=1)]
        recent = self._forced and now - self._forced[-1] < timedelta(seconds=_FORCE_GAP_SECONDS)
        return not recent and len(self._forced) < _FORCED_A_DAY

    def _keep(self, token: str) -> str:
        self._known = (token, self._now() + timedelta(seconds=_CACHED_SECONDS))
        return token
