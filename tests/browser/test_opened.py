"""The pages opened from chat in a real browser: with and without script, large type, by keyboard, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Program, Windows
from tests.browser.people import bulb, heard, phone, tap, write

pytestmark = pytest.mark.browser

Shot = Callable[[Page, str], None]


def _report(page: Page) -> tuple[Locator, Locator]:
    resident, leader = phone(page, "resident"), phone(page, "leader")
    write(resident, "3幢2单元楼道灯坏了，一闪一闪的")
    heard(resident, "对吗")
    tap(resident, "对，报上去")
    heard(resident, "已受理")
    heard(leader, "新任务")
    return resident, leader


def _link(on: Locator, label: str) -> str:
    found = on.locator(".bubble a").filter(has_text=label).last
    expect(found).to_be_visible()
    return str(found.get_attribute("href"))


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, page.viewport_size)


def test_from_the_panes_to_the_pages_and_back(demo: Program, windows: Windows, shot: Shot) -> None:
    """The leader works from the list, the resident confirms on the page; the chat knows all of it."""
    panes = windows.open(demo.url, "/demo")
    resident, leader = _report(panes.page)
    list_ = windows.open(demo.url, _link(leader, "打开我的清单"), PHONE).page
    expect(list_.get_by_role("heading", name="楼道灯坏了")).to_be_visible()
    shot(list_, "opened-list")
    list_.get_by_role("button", name="接单", exact=True).click()
    expect(list_.get_by_role("status")).to_contain_text("接单成功")
    heard(resident, "已接单")
    list_.get_by_text("办结", exact=True).first.click()
    list_.get_by_label("怎么办好的").fill("已换灯泡")
    list_.get_by_label("照片").first.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": bulb()})
    list_.get_by_role("button", name="办结", exact=True).click()
    expect(list_.get_by_role("status")).to_contain_text("正在请报事人确认")
    heard(resident, "真的解决了吗")
    page = windows.open(demo.url, _link(resident, "看进度和照片"), PHONE).page
    expect(page.get_by_role("img", name="办好以后的照片")).to_be_visible()
    shot(page, "opened-ask")
    page.get_by_role("button", name="解决了", exact=True).click()
    expect(page.get_by_role("heading", name="您对这次办理满意吗")).to_be_visible()
    page.get_by_label("满意", exact=True).check(force=True)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("您的评价：满意").first).to_be_visible()
    shot(page, "opened-done")
    heard(leader, "报事人确认解决了")


def test_it_reads_without_script_in_large_type_and_at_every_width(
    demo: Program, windows: Windows, browser: Browser, shot: Shot
) -> None:
    panes = windows.open(demo.url, "/demo")
    resident, leader = _report(panes.page)
    tap(leader, "接单")
    heard(resident, "已接单")
    paths = (_link(resident, "看进度和照片"), _link(leader, "打开我的清单"))
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    plain = context.new_page()
    for name, path in zip(("matter", "list"), paths, strict=True):
        plain.goto(demo.url + path)
        expect(plain.get_by_role("heading", name="楼道灯坏了")).to_be_visible()
        plain.get_by_role("link", name="大字").click()
        expect(plain.locator("html")).to_have_class("bigger")
        shot(plain, f"opened-{name}-big")
        plain.get_by_role("link", name="标准字").click()
    plain.goto(demo.url + paths[0])
    plain.get_by_label("补充一句").fill("三楼那一盏")
    plain.get_by_role("button", name="补充").click()
    expect(plain.get_by_role("status")).to_contain_text("补充好了")
    context.close()
    page = windows.open(demo.url, paths[0], DESKTOP).page
    shot(page, "opened-desktop")
    for path in (*paths, paths[0] + "?big=1", paths[1] + "?big=1"):
        page.goto(demo.url + path)
        for width in (320, 390, 640, 1280):  # 320: a phone's 640 at 200 %
            page.set_viewport_size({"width": width, "height": 800})
            _fits(page)


def test_it_can_be_read_aloud_used_by_keyboard_and_printed(demo: Program, windows: Windows, shot: Shot) -> None:
    panes = windows.open(demo.url, "/demo")
    resident, leader = _report(panes.page)
    tap(leader, "接单")
    heard(resident, "已接单")
    page = windows.open(demo.url, _link(resident, "看进度和照片"), PHONE).page
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.locator("[aria-current=step]")).to_have_text("有人办")
    for field in page.locator("textarea, input:not([type=hidden])").all():
        name = field.evaluate("e => (e.labels?.[0]?.innerText ?? '').trim()")
        assert name, "a field without a label"
    heights = page.evaluate(
        "[...document.querySelectorAll('main button, .size, summary')].map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="补充")).to_be_hidden()
    expect(page.get_by_role("heading", name="经过")).to_be_visible()
    shot(page, "opened-print")


def test_a_wrong_link_is_kind(shared: Program, windows: Windows, shot: Shot) -> None:
    page = windows.open(shared.url, "/m/t/" + "A" * 47, PHONE, expected=("404",)).page
    expect(page.get_by_role("heading", level=1)).to_have_text("这个页面打不开")
    expect(page.get_by_text(re.compile("说「查进度」"))).to_be_visible()
    shot(page, "opened-closed")
