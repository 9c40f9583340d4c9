"""A house that announces: the platform's side of it, a clerk at its console, and how many may have it twice."""

from __future__ import annotations

import asyncio
import random
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import orjson
from aiohttp import ClientSession, CookieJar

from storage.sample_logins import LOGIN, PASSWORD
from tests.bench.sink import Sink
from tests.bot.console_kit import HERE
from tests.faults.harness import House

Then = Literal["goes on", "paused and resumed", "cancelled"]
THEN: tuple[Then, ...] = ("goes on", "paused and resumed", "cancelled")
AT_ONCE = 32  # sends a process has under way: so many may repeat for each that dies


class Phones(Sink):
    """The platform's side, which answers after 5 to 60 ms, so that sends are under way; who got what."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self.got: defaultdict[str, list[str]] = defaultdict(list)  # user → words, as they came

    def took(self, body: bytes) -> None:
        super().took(body)
        said = orjson.loads(body)
        self.got[said["touser"]].append(said["text"]["content"])

    def answer(self, to: asyncio.Transport, words: bytes) -> None:
        asyncio.get_running_loop().call_later(self._chance.uniform(0.005, 0.06), to.write, words)


@dataclass
class Hall(House):
    """A house whose console can be used without a certificate, whose sends are not paced and know no night."""

    def settings(self, port: int) -> dict[str, str]:
        return super().settings(port) | {
            "JUSHE_PUBLIC_URL": "http://127.0.0.1", "JUSHE_SEND_PER_SECOND": "100000",
            "JUSHE_SEND_AT_ONCE": str(AT_ONCE), "JUSHE_POLICY__QUIET_FROM_HOUR": "0",
            "JUSHE_POLICY__QUIET_TO_HOUR": "0",
        }  # fmt: skip


class Clerk:
    """Who announces, over HTTP at whatever process lives."""

    def __init__(self, session: ClientSession, house: House) -> None:
        self._session = session
        self._house = house

    async def post(self, path: str, **given: str) -> str:
        """Where it led. Raises AssertionError unless it was done."""
        url = f"http://127.0.0.1:{self._house.ports[0]}/console"
        async with self._session.get(f"{url}/me") as page:
            token = re.search(r'name="csrf" value="([0-9a-f]{64})"', await page.text())
        assert token is not None
        address = f"{url}/announcements{path}"
        async with self._session.post(address, data={"csrf": token[1], **given}, headers=HERE) as answer:
            text = await answer.text()
            assert answer.status == 200, (answer.status, text[:500])
            assert 'class="said bad' not in text, text[:2000]
            return answer.url.path


@asynccontextmanager
async def clerk_of(house: House) -> AsyncIterator[Clerk]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        url = f"http://127.0.0.1:{house.ports[0]}/console/login"
        data = {"login": LOGIN, "password": PASSWORD}
        async with session.post(url, data=data, headers=HERE, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
        yield Clerk(session, house)
