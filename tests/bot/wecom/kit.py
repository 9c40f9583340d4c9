"""The service with a WeCom application, and a log-in by it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientSession
from sqlalchemy import select

from bot.app import App
from bot.channels.tencent.envelope import Envelope
from handlers.types import Inbound, Sender
from storage import identities, people
from storage.schema import outbox
from tests.channels.kit import AES_KEY
from tests.channels.wecom.fake_wecom import FakeWeCom
from tests.channels.wecom.kit import CORP, sealed, text

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
LEADER = Sender("webchat", "-", "leader")


@dataclass
class Service:
    app: App
    api: FakeWeCom
    browser: ClientSession
    count: int = 0
    begun: float = field(default_factory=time.monotonic)

    async def post(self, message: bytes) -> str:
        self.count += 1
        query, body = sealed(self.app.clock(), message, nonce=f"n{self.count}")
        async with self.browser.post("/wecom", params=query, data=body) as answer:
            assert answer.status == 200
            said = await answer.text()
        if said == "success":
            return said
        envelope = said.split("<![CDATA[")[1].split("]]>")[0]
        plain = Envelope(CORP, AES_KEY).open(envelope).message.decode()
        return re.findall(r"<Content><!\[CDATA\[(.*)\]\]></Content>", plain, re.S)[0]

    async def write(self, words: str, user: str = "SuJianhua") -> str:
        return await self.post(
            text(words, str(1000 + self.count), user=user, created=int(self.app.clock().timestamp()))
        )

    async def report(self, words: str = "3幢2单元楼道灯坏了") -> None:
        for said in (words, "对"):
            self.count += 1
            resident = Sender("webchat", "-", "resident")
            await self.app.gateway.receive(Inbound(resident, f"r{self.count}", self.app.clock(), text=said))
        await self.settle()

    async def settle(self) -> None:
        await self.app.outbox.settle()
        channel = self.app.channels["wecom"]
        await channel.settle()  # type: ignore[attr-defined]

    async def claim(self, user: str = "SuJianhua") -> str:
        with self.app.db.writing() as conn:
            code = people.new_claim(conn, identities.person_of(conn, LEADER), self.app.clock())
        return await self.write(f"认领 {code}", user)

    async def rungs(self) -> list[str]:
        with self.app.db.reading() as conn:
            return list(conn.execute(select(outbox.c.rung).order_by(outbox.c.id)).scalars())


async def begun_login(
    service: Service, agent: str = "Mozilla", after: str = ""
) -> tuple[dict[str, list[str]], str, str]:
    async with service.browser.get(
        f"/console/login/wecom{after}", allow_redirects=False, headers={"User-Agent": agent}
    ) as answer:
        assert answer.status == 303
        where = answer.headers["Location"]
        cookie = SimpleCookie(answer.headers["Set-Cookie"])["jushe_wecom"].value
    return parse_qs(urlsplit(where).query), where, cookie
