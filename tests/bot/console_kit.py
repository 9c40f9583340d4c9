"""A clerk's browser without a browser: the demo over real HTTP, signed in, with the token its forms carry."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, CookieJar

from bot import app as parts
from bot.app import App
from bot.server import listen
from bot.settings import load
from storage.sample_logins import PASSWORD
from tests.demo import demo_in

HERE = {"Sec-Fetch-Site": "same-origin"}


@asynccontextmanager
async def demo(folder: Path, **more: Any) -> AsyncIterator[tuple[App, str]]:
    """The sample community, nothing ticking; (the program, its address)."""
    settings = load(data_dir=folder if "clock" in more else demo_in(folder))  # another time has another sample
    app = await parts.start(settings, demo=True, ticking=False, **more)
    runner, port = await listen(app, "127.0.0.1", 0)
    yield app, f"http://127.0.0.1:{port}"
    app.topics.close()
    await runner.cleanup()
    await app.stop()


def browser() -> ClientSession:
    return ClientSession(cookie_jar=CookieJar(unsafe=True))  # also of an address without a name


@asynccontextmanager
async def clerk(url: str, login: str = "demo") -> AsyncIterator[ClientSession]:
    """Somebody who is signed in and asks for pages by their paths."""
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as session:
        await signed_in(session, url, login)
        yield session


async def signed_in(session: ClientSession, url: str, login: str = "demo", then: str = "") -> None:
    data = {"login": login, "password": PASSWORD, "next": then}
    async with session.post(f"{url}/console/login", data=data, headers=HERE, allow_redirects=False) as answer:
        assert answer.status == 303


async def token_of(session: ClientSession, url: str) -> str:
    async with session.get(f"{url}/console/me") as answer:
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', await answer.text())
    assert found is not None
    return found[1]


async def see(session: ClientSession, address: str, status: int = 200) -> str:
    async with session.get(address) as answer:
        text = await answer.text()
        assert answer.status == status, (answer.status, text[:500])
    return text


async def send(session: ClientSession, url: str, path: str, data: Any, status: int = 303) -> str:
    """A form of our own page; the page that comes of it, or where it leads with what is said there."""
    fields = [*data.items()] if isinstance(data, dict) else [*data]
    fields.append(("csrf", await token_of(session, url)))
    async with session.post(url + path, data=fields, headers=HERE, allow_redirects=False) as answer:
        text = await answer.text()
        assert answer.status == status, (answer.status, text[:2000])
        if answer.status != 303:
            return text
        where = answer.headers["Location"]
    async with session.get(url + where) as then:
        said = re.search(r'<p class="said[^"]*" role="status">([^<]*)</p>', await then.text())
    return said[1] if said else ""
