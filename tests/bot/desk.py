"""What tests of one ticket's page share: the sample community over HTTP, a resident, people who log in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from sqlalchemy import select

from bot import app as parts
from bot.app import App
from bot.server import listen
from bot.settings import load
from handlers.types import Inbound, Media, Pin, Sender
from storage.schema import facts, tickets
from tests.bot.console_kit import HERE, browser, signed_in
from tests.demo import demo_in


@dataclass
class Answer:
    status: int
    text: str
    location: str

    @property
    def said(self) -> str:
        found = re.search(r'<p class="said[^"]*" role="status">([^<]*)</p>', self.text)
        return found[1] if found else ""


@dataclass
class Desk:
    """Somebody at the console."""

    url: str
    session: ClientSession

    async def get(self, path: str, status: int = 200) -> Answer:
        async with self.session.get(self.url + path) as answer:
            assert answer.status == status, (path, answer.status)
            return Answer(answer.status, await answer.text(), "")

    async def post(self, path: str, data: Any, *, token: bool = True) -> Answer:
        if token and isinstance(data, Mapping):
            page = (await self.get("/console/me")).text
            found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
            assert found is not None
            data = {"csrf": found[1], **data}
        async with self.session.post(self.url + path, data=data, headers=HERE, allow_redirects=False) as answer:
            return Answer(answer.status, await answer.text(), answer.headers.get("Location", ""))

    async def seen(self, ticket: int) -> str:
        found = re.search(r'name="seen" value="(\d+)"', (await self.get(f"/console/tickets/{ticket}")).text)
        assert found is not None
        return found[1]

    async def act(self, ticket: int, do: str, **fields: Any) -> Answer:
        """The form of an act as the page has it now; the page afterwards."""
        fields.setdefault("seen", await self.seen(ticket))
        done = await self.post(f"/console/tickets/{ticket}/act", {"do": do, **fields})
        return await self.get(done.location.partition("#")[0]) if done.status == 303 else done


@dataclass
class Town:
    app: App
    url: str
    sent: int = 0

    async def says(
        self, words: str, user: str = "resident", *media: Media, event: str = "", pin: Pin | None = None
    ) -> list[str]:
        self.sent += 1
        sender = Sender("webchat", "-", user)
        inbound = Inbound(sender, f"t{self.sent}", self.app.clock(), text=words, media=media, event=event, pin=pin)
        return [reply.text for reply in await self.app.gateway.receive(inbound)]

    async def reported(self, words: str = "3幢2单元楼道灯坏了", user: str = "resident") -> int:
        await self.says(words, user)
        await self.says("对", user)
        return self.newest()

    def newest(self) -> int:
        with self.app.db.reading() as conn:
            return int(conn.execute(select(tickets.c.id).order_by(tickets.c.id.desc()).limit(1)).scalar_one())

    def kinds(self, ticket: int) -> list[str]:
        with self.app.db.reading() as conn:
            wanted = select(facts.c.kind).where(facts.c.ticket == ticket).order_by(facts.c.id)
            quiet = ("TimerSet", "TimersCleared", "AccessRefused")
            return [kind for kind in conn.execute(wanted).scalars() if kind not in quiet]

    @asynccontextmanager
    async def desk(self, login: str) -> AsyncIterator[Desk]:
        async with browser() as session:
            await signed_in(session, self.url, login)
            yield Desk(self.url, session)


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    app = await parts.start(load(data_dir=demo_in(folder)), demo=True, ticking=False)
    runner, port = await listen(app, "127.0.0.1", 0)
    try:
        yield Town(app, f"http://127.0.0.1:{port}")
    finally:
        app.topics.close()
        await runner.cleanup()
        await app.stop()
        await asyncio.sleep(0)
