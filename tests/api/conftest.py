"""The sample community on each database, served over real HTTP, and callers with tokens of each role."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot import app as parts
from bot.app import App
from bot.server import listen
from bot.settings import load
from storage import api_tokens, people
from storage.engine import open_database
from storage.read import forget_calendars
from storage.sample import seed
from tests.conftest import SECRET
from tests.storage.kit import NOW


@dataclass
class Answer:
    status: int
    body: Any
    kind: str
    headers: Any


class Client:
    """Somebody with a token, or without."""

    def __init__(self, session: ClientSession, token: str = "") -> None:
        self.session = session
        self.token = token

    async def __call__(self, method: str, path: str, **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= more.pop("headers", {})
        if path.startswith("/") and not path.startswith(("/api", "/open311")):
            path = "/api/v1" + path
        async with self.session.request(method, path, headers=headers, **more) as answer:
            body = await answer.json() if "json" in answer.content_type else await answer.text()
            return Answer(answer.status, body, answer.content_type, answer.headers)


@dataclass
class City:
    app: App
    session: ClientSession
    communities: tuple[int, ...]
    people: dict[str, int]
    port: int

    def client(self, role: str, name: str = "", community: int | None = None, person: int = 0, **more: Any) -> Client:
        """`community` None: the first; 0: all."""
        place = self.communities[0] if community is None else community
        values = {"now": self.app.clock(), "days": 30, "per_minute": 6000} | more
        with self.app.db.writing() as conn:
            person = person or people.add_person(conn, name or role, "", place, now=self.app.clock())
            return Client(self.session, api_tokens.add(conn, name or role, role, place, person, **values))


@pytest.fixture
async def city(sample_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[City]:
    monkeypatch.chdir(tmp_path)
    forget_calendars()
    url = sample_url.replace("postgresql://", "postgresql+psycopg://")
    db = open_database(url, SECRET)
    sample = seed(db, now=NOW)
    db.close()
    settings = load(data_dir=tmp_path / "data", database_url=url, secret_key=SECRET)
    app = await parts.start(settings, ticking=False)
    runner, port = await listen(app, "127.0.0.1", 0)
    async with ClientSession(f"http://127.0.0.1:{port}") as session:
        yield City(app, session, tuple(sample.communities), dict(sample.people), port)
    await runner.cleanup()
    await app.stop()


Make = Callable[..., Client]
