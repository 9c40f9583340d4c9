"""A form sent by forms.js: where it leads is told and not gone to; why it was refused is told to the open page."""

from __future__ import annotations

from aiohttp import ClientSession
from aiohttp.test_utils import make_mocked_request

from bot.console.page import REFUSED, back
from storage.sample_logins import LOGIN, PASSWORD

IN_PAGE = {"X-In-Page": "1"}


async def test_where_it_leads_is_told(browser: ClientSession) -> None:
    given = {"login": LOGIN, "password": PASSWORD}
    headers = {"Origin": str(browser._base_url).rstrip("/")}
    async with browser.post("/console/login", data=given, headers=headers, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/console/")
        assert "X-To" not in answer.headers
    async with browser.post("/console/login", data=given, headers=headers | IN_PAGE, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["X-To"]) == (200, "/console/")
        assert "Location" not in answer.headers


def test_why_it_was_refused_is_told_where_it_was_filled_in() -> None:
    request = make_mocked_request("POST", "/console/activities/1/photo", headers=IN_PAGE)
    answer = back(request, "/console/activities/1", "请选一张照片。", good=False)
    assert (answer.status, answer.text, request[REFUSED]) == (422, "请选一张照片。", True)
