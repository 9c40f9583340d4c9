"""Logging in, the staff's list, one ticket's page, and what nobody may see without a log-in."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from storage import sample_logins as sample
from tests.browser.conftest import Program, Windows
from tests.browser.people import board, heard, phone, tap, write

pytestmark = pytest.mark.browser


def _log_in(page: Page, login: str, password: str) -> None:
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def _report(page: Page, words: str = "3幢2单元楼道灯坏了") -> None:
    resident = phone(page, "resident")
    heard(resident, "您好")
    write(resident, words)
    heard(resident, "对吗")
    tap(resident, "对，报上去")
    heard(resident, "已受理")


def test_log_in_see_the_list_log_out(demo: Program, windows: Windows, shot: Callable[[Page, str], None]) -> None:
    _report(windows.open(demo.url, "/demo").page)
    page = windows.open(demo.url, "/console/", expected=("403 (Forbidden)",)).page
    expect(page).to_have_url(re.compile("/console/login$"))
    shot(page, "login")
    _log_in(page, sample.LOGIN, "wrong-password")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    assert page.get_by_label("密码").input_value() == ""

    _log_in(page, sample.LOGIN, sample.PASSWORD)
    expect(page.get_by_role("heading", name="待办")).to_be_visible()
    expect(page.locator(".ticket .state")).to_have_text("待接单")
    cookie = next(found for found in page.context.cookies() if found["name"] == "jushe")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    shot(page, "console")

    page.locator(".ticket [data-open]").click()
    expect(page.locator(".timeline")).to_contain_text("居民报事")
    expect(page.locator(".sheet").first).to_contain_text("王*")
    expect(page.locator("body")).not_to_contain_text("王秀英")
    shot(page, "ticket")

    page.goto(demo.url + "/console/")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile("/console/login$"))
    page.context.add_cookies([cookie])  # a cookie somebody kept is worth nothing
    page.goto(demo.url + "/console/")
    expect(page).to_have_url(re.compile("/console/login$"))


def test_the_list_follows_what_happens(demo: Program, windows: Windows) -> None:
    staff = windows.open(demo.url, "/console/login").page
    _log_in(staff, sample.LOGIN, sample.PASSWORD)
    expect(staff.locator("[data-queue]")).to_contain_text("还没有工单")
    talk = windows.open(demo.url, "/demo").page
    _report(talk)
    expect(staff.locator(".ticket .state")).to_have_text("待接单")
    expect(staff.locator(".tabs")).to_contain_text("在办 1")
    leader = phone(talk, "leader")
    heard(leader, "新任务")
    tap(leader, "接单")
    expect(staff.locator(".ticket .state")).to_have_text("处置中")


def test_an_open_list_ends_with_its_log_in(shared: Program, windows: Windows) -> None:
    window = windows.open(shared.url, "/console/login", expected=("401 (Unauthorized)",))
    page = window.page
    _log_in(page, sample.LOGIN, sample.PASSWORD)
    expect(page.locator("[data-queue]")).to_be_visible()
    second = window.context.new_page()
    second.goto(shared.url + "/console/")
    second.get_by_role("button", name="退出").click()
    expect(page.locator("[data-queue]")).to_contain_text("登录已经结束")
    expect(page.locator("[data-live]")).to_be_hidden()  # nothing is renewed any more


def test_staff_see_their_own_community_only(demo: Program, windows: Windows) -> None:
    talk = windows.open(demo.url, "/demo").page
    _report(talk, "枫桦景苑一期5号楼道灯坏了")
    row = board(talk).locator(".ticket").first
    expect(row).to_contain_text("枫桦景苑一期5号")
    path = str(row.locator(".code").get_attribute("href"))
    staff = windows.open(demo.url, "/console/login", expected=("404 (Not Found)",)).page
    _log_in(staff, sample.LOGIN, sample.PASSWORD)
    expect(staff.locator("[data-queue]")).to_contain_text("还没有工单")
    staff.goto(demo.url + path.removesuffix("?demo=1"))
    expect(staff.get_by_role("heading")).to_have_text("没有找到这一页")


def _asked(url: str, method: str, path: str, **headers: str) -> tuple[int, str]:
    """Status and Location, without following."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        body = "login=demo&password=x" if method == "POST" else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


def test_without_a_session_the_service_shows_nothing(service: Program, windows: Windows) -> None:
    url = service.url
    page = windows.open(url, "/console/").page
    expect(page).to_have_url(re.compile("/console/login$"))
    assert _asked(url, "GET", "/console/") == (303, "/console/login")
    then = "/console/login?next=%2Fconsole%2Ftickets%2F1%3Fdemo%3D1"
    assert _asked(url, "GET", "/console/tickets/1?demo=1") == (303, then)
    for path in ("/console/queue/rows", "/console/queue/rows?demo=1", "/console/events", "/console/events?demo=1"):
        assert _asked(url, "GET", path)[0] == 401, path
    assert _asked(url, "GET", "/demo")[0] == 404
    assert _asked(url, "GET", "/console/queue/rows", Cookie="jushe=made-up")[0] == 401
    assert _asked(url, "GET", "/console/board/rows?demo=1")[0] == 404


def test_a_page_elsewhere_cannot_click(shared: Program) -> None:
    assert _asked(shared.url, "POST", "/console/login")[0] == 403
    assert _asked(shared.url, "POST", "/console/login", Sec_Fetch_Site="cross-site")[0] == 403
    assert _asked(shared.url, "POST", "/console/logout", Origin="https://elsewhere.example")[0] == 403
    assert _asked(shared.url, "POST", "/console/logout", Origin=shared.url) == (303, "/console/login")


@pytest.mark.parametrize("number", ["1", "0", "9" * 18, "9" * 30, "abc", "²", "%E2%91%A0"])
def test_a_ticket_that_is_not_there_is_a_plain_page(shared: Program, number: str) -> None:
    status, _ = _asked(shared.url, "GET", f"/console/tickets/{quote(number, safe='%')}?demo=1")
    assert status == 404
