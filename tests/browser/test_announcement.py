"""An announcement to one building: looked at before it is sent, on the residents' phones, counted afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from storage import sample_logins as sample
from tests.browser.conftest import Program, Windows
from tests.browser.people import heard, phone, write

pytestmark = pytest.mark.browser


def test_an_announcement_to_one_building(demo: Program, windows: Windows, shot: Callable[[Page, str], None]) -> None:
    residents = windows.open(demo.url, "/demo").page
    resident = phone(residents, "resident")
    heard(resident, "您好")
    page = windows.open(demo.url, "/console/announcements", expected=("422 (Unprocessable Entity)",)).page
    page.get_by_label("账号").fill(sample.LOGIN)
    page.get_by_label("密码").fill(sample.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="写公告").click()
    page.get_by_label("标题").fill("明天上午停水" * 6)  # not cut off without a word
    page.get_by_label("内容").fill("明天上午8点到12点检修水管。\n请提前存好水。")
    page.get_by_text("学府花园的楼").click()
    page.get_by_label("3幢", exact=True).check()
    page.get_by_role("button", name="看人数和样子").click()
    expect(page.locator(".fault, .wrong").filter(has_text="标题有36个字")).to_be_visible()
    page.get_by_label("标题").fill("明天上午停水")
    page.get_by_role("button", name="看人数和样子").click()
    expect(page.locator("#preview .big")).to_have_text(re.compile("2 人会在名单里"))
    expect(page.locator("#preview")).to_contain_text("王*、陈*")
    expect(page.get_by_label("标题")).to_have_value("明天上午停水")
    shot(page, "announcement-form")

    page.get_by_role("button", name="提交发送").click()
    expect(page.get_by_role("status")).to_have_text("好，马上就发。")
    heard(resident, "【重要通知】明天上午停水")
    expect(page.locator(".progress .state")).to_have_text("已发完", timeout=15_000)  # without a reload by hand
    expect(page.get_by_role("link", name="2 已送达")).to_be_visible()
    shot(page, "announcement")

    write(resident, "最近有什么通知")
    heard(resident, "请提前存好水")
    page.get_by_role("link", name="2 已送达").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("body")).not_to_contain_text("王秀英")
    page.get_by_role("link", name="公告", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("明天上午停水"))).to_contain_text("已发完")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.locator(".tabled").evaluate("one => one.scrollWidth - one.clientWidth") <= 0
