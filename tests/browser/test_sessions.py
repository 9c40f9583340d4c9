"""How long a log-in lasts and what its cookie looks like, in the program itself with a clock of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot import app as program
from bot.settings import load
from storage import sample_logins as sample


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_minutes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> AsyncIterator[TestClient]:
    settings = load(data_dir=tmp_path, public_url=getattr(request, "param", ""))
    running = await program.start(settings, demo=True, clock=clock, ticking=False)
    async with TestClient(TestServer(running.web)) as made:
        yield made
        running.topics.close()
    await running.stop()


async def _log_in(client: TestClient) -> str:
    """The cookie as it was set."""
    answer = await client.post(
        "/console/login", data={"login": sample.LOGIN, "password": sample.PASSWORD}, allow_redirects=False,
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert (answer.status, answer.headers["Location"]) == (303, "/console/")
    return answer.headers["Set-Cookie"]


async def test_what_the_page_fetches_by_itself_is_not_use(client: TestClient, clock: Clock) -> None:
    await _log_in(client)
    for _ in range(2):
        clock.pass_minutes(14)
        assert (await client.get("/console/queue/rows")).status == 200
    clock.pass_minutes(3)
    assert (await client.get("/console/queue/rows")).status == 401


async def test_somebody_at_the_page_stays_logged_in_until_twelve_hours(client: TestClient, clock: Clock) -> None:
    await _log_in(client)
    for _ in range(12 * 60 // 20):
        clock.pass_minutes(20)
        assert (await client.get("/console/queue/rows?here=1")).status == 200
    clock.pass_minutes(1)
    assert (await client.get("/console/queue/rows?here=1")).status == 401


@pytest.mark.parametrize("client", ["https://jushe.example"], indirect=True)
async def test_behind_https_the_cookie_is_bound_to_the_host(client: TestClient) -> None:
    cookie = await _log_in(client)
    assert cookie.startswith("__Host-jushe=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie


async def test_over_http_the_cookie_is_kept_from_scripts(client: TestClient) -> None:
    cookie = await _log_in(client)
    assert cookie.startswith("jushe=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


async def test_static_files_are_sent_again_only_when_changed(client: TestClient) -> None:
    first = await client.get("/static/base.css")
    assert first.content_type == "text/css"
    again = await client.get("/static/base.css", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    for name in ("../pages.py", "%2e%2e%2fpages.py", "nothing.css", ""):
        assert (await client.get(f"/static/{name}")).status == 404


async def test_a_plain_name_in_the_cookie_is_no_resident(client: TestClient) -> None:
    page = await (await client.get("/chat", headers={"Cookie": "jushe_chat=resident"})).text()
    assert 'data-user="resident"' not in page
