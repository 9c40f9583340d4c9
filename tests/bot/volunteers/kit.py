"""An organiser's desk at the console, and residents who write meanwhile."""

from __future__ import annotations

import re
from html import unescape

from aiohttp import ClientSession

from bot.app import App
from handlers.types import Inbound, Sender
from storage import identities
from storage.sample_logins import LOGIN, PASSWORD
from tests.bot.console_kit import HERE

NOTICE = {
    "name": "护河", "kind": "环境清洁", "about": "捡河边垃圾，做宣传", "from": "09:00", "to": "11:00",
    "place": "南门", "posts": "捡拾2人，宣传1人", "conditions": "身体健康", "danger": "没有",
    "risks": "路滑，发雨鞋", "children": "可以",
    "insurance": "社区统一投保", "question": "衣服尺码", "approve": "1", "fence": "200", "pin": "30.63,120.56",
}  # fmt: skip


class Desk:
    """A clerk at the console; `say` is what residents write meanwhile."""

    def __init__(self, app: App, session: ClientSession, url: str) -> None:
        self.app, self.session, self.url, self.count = app, session, url, 0

    async def say(self, user: str, text: str) -> str:
        self.count += 1
        inbound = Inbound(Sender("webchat", "-", user), f"v{self.count}", self.app.clock(), text=text)
        return "\n".join(reply.text + reply.link for reply in await self.app.gateway.receive(inbound))

    async def log_in(self, login: str = LOGIN) -> None:
        data = {"login": login, "password": PASSWORD}
        async with self.session.post("/console/login", data=data, headers=HERE) as answer:
            assert answer.status == 200

    async def page(self, path: str, status: int = 200) -> str:
        async with self.session.get(path) as answer:
            assert answer.status == status, path
            return await answer.text()

    async def read(self, path: str, status: int = 200) -> str:
        return text_of(await self.page(path, status))

    async def click(self, path: str, page: str = "", status: int = 200, **form: str) -> str:
        """Post a form of `page` (with its token) and read where it leads."""
        async with self.session.post(
            path, data={"csrf": await self.token(page or path), **form}, headers=HERE
        ) as answer:
            assert answer.status == status, (path, form, answer.status)
            return text_of(await answer.text())

    async def token(self, path: str) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', await self.page(path))
        assert found is not None
        return found[1]

    def person(self, user: str) -> int:
        with self.app.db.reading() as conn:
            return identities.person_of(conn, Sender("webchat", "-", user))


def text_of(page: str) -> str:
    page = re.sub(r"<(head|style)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


async def filled(desk: Desk, path: str, **form: str) -> str:
    async with desk.session.post(path, data={"csrf": await desk.token(path), **form}, headers=HERE) as answer:
        return await answer.text()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'type="hidden" name="{name}" value="(\d+)"', page)
    assert found is not None, name
    return found[1]
