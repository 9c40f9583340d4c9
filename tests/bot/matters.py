"""A report of the sample's resident, its pages over real HTTP, and everybody who looks at them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from aiohttp import ClientSession
from sqlalchemy import select

from bot import links
from bot.app import App
from handlers.types import Inbound, Sender
from storage import identities
from storage.schema import facts, tickets


@dataclass
class Town:
    """A report of the sample's resident, and everybody who looks at it."""

    app: App
    browser: ClientSession
    count: int = 0

    async def say(self, user: str, text: str) -> str:
        self.count += 1
        inbound = Inbound(Sender("webchat", "-", user), f"t{self.count}", self.app.clock(), text=text)
        return "\n".join(reply.text for reply in await self.app.gateway.receive(inbound))

    def person(self, user: str) -> int:
        with self.app.db.reading() as conn:
            return identities.person_of(conn, Sender("webchat", "-", user))

    @property
    def ticket(self) -> int:
        with self.app.db.reading() as conn:
            return int(conn.execute(select(tickets.c.id).order_by(tickets.c.id)).scalars().first() or 0)

    def matter(self, user: str) -> str:
        return links.matter(self.app, self.ticket, self.person(user)).removeprefix(self.app.settings.address)

    def tasks(self, user: str) -> str:
        return links.tasks(self.app, self.person(user)).removeprefix(self.app.settings.address)

    async def get(self, path: str) -> tuple[int, str]:
        async with self.browser.get(path) as answer:
            return answer.status, _text(await answer.text())

    async def once(self, path: str) -> str:
        async with self.browser.get(path) as answer:
            found = re.search(r'name="once" value="([^"]+)"', await answer.text())
        assert found
        return found[1]

    async def tap(self, path: str, verb: str, words: str = "", **more: str) -> str:
        data = {"once": more.pop("once", "") or await self.once(path), "verb": verb, "words": words, **more}
        async with self.browser.post(path, data=data) as answer:
            assert answer.status == 200, await answer.text()
            return _text(await answer.text())

    def kinds(self) -> list[str]:
        with self.app.db.reading() as conn:
            wanted = select(facts.c.kind).where(facts.c.ticket == self.ticket).order_by(facts.c.id)
            return [kind for kind in conn.execute(wanted).scalars() if not kind.startswith(("Timer", "Clock"))]


def _text(page: str) -> str:
    page = re.sub(r"<(head|style)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
