"""The other pages, and words of residents that try to be more than words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from handlers.texts import NOTICE_VERSION, PRIVACY_PATH
from tests.browser.conftest import DESKTOP, PHONE, Program, Windows
from tests.browser.people import board, heard, phone, tap, write

pytestmark = pytest.mark.browser

SCRIPT = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_landing_leads_to_the_demo(
    shared: Program, windows: Windows, shot: Callable[[Page, str], None], size: tuple[int, int]
) -> None:
    page = windows.open(shared.url, "/", size).page
    shot(page, f"landing-{size[0]}")
    page.get_by_role("link", name="看看怎么用").click()
    expect(page).to_have_url(re.compile("/demo$"))
    _fits(page)


def _fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, page.viewport_size)


def test_every_page_fits_every_width(shared: Program, windows: Windows) -> None:
    page = windows.open(shared.url, "/").page
    for path in ("/", "/demo", "/chat", PRIVACY_PATH, "/console/login"):
        page.goto(shared.url + path)
        for width in (320, 390, 768, 1024, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 800})
            _fits(page)


def test_the_privacy_notice_says_all_and_its_version(
    shared: Program, windows: Windows, shot: Callable[[Page, str], None]
) -> None:
    page = windows.open(shared.url, PRIVACY_PATH, PHONE).page
    text = page.locator("main").inner_text()
    assert f"第 {NOTICE_VERSION} 版" in text
    for must in (
        "收什么",
        "为什么",
        "放多久",
        "导出我的数据",
        "删除我的数据",
        "匿名",
        "转人工",
        "学府社区",
        "0573-8800",
    ):
        assert must in text
    _fits(page)
    shot(page, "privacy")


def test_the_web_chat_keeps_its_resident(
    service: Program, windows: Windows, shot: Callable[[Page, str], None]
) -> None:
    window = windows.open(service.url, "/chat", PHONE)
    page = window.page
    talk = page.locator("[data-chat]")
    heard(talk, "您好")
    user = talk.get_attribute("data-user")
    assert user and len(user) > 40
    write(talk, "你好")
    expect(talk.locator(".turn.me .bubble")).to_have_text("你好")
    page.get_by_role("button", name="大字").click()
    shot(page, "chat-bigger")
    again = window.context.new_page()
    again.goto(service.url + "/chat")
    assert again.locator("[data-chat]").get_attribute("data-user") == user


def test_scripts_in_words_are_words(demo: Program, windows: Windows) -> None:
    page = windows.open(demo.url, "/demo").page
    title = page.title()
    resident = phone(page, "resident")
    heard(resident, "您好")
    write(resident, f"3幢2单元楼道灯坏了{SCRIPT}")
    heard(resident, "对吗")
    tap(resident, "对，报上去")
    heard(resident, "已受理")
    expect(resident.locator(".turn.me .bubble").first).to_contain_text("<script>")
    task = heard(phone(page, "leader"), "新任务")
    expect(task).to_contain_text("document.title")
    ticket = board(page).locator(".ticket").first
    expect(ticket).to_be_visible()
    page.goto(demo.url + str(ticket.locator(".code").get_attribute("href")))
    expect(page.locator(".words").first).to_contain_text(SCRIPT)
    assert page.locator("main script, main [onerror]").count() == 0
    page.goto(demo.url + "/demo")
    assert page.title() == title


def test_a_file_that_is_no_photo_is_refused_kindly(shared: Program, windows: Windows) -> None:
    page = windows.open(shared.url, "/demo").page
    resident = phone(page, "resident")
    heard(resident, "您好")
    resident.locator("input[type=file]").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    )
    heard(resident, "不是照片")
