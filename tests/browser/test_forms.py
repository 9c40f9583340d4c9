"""A form with photos that is refused: words and photos are still there, and go along when it is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from storage.sample_logins import LOGIN
from tests.browser.conftest import PHONE, Program, Windows
from tests.browser.people import bulb, heard, log_in, phone, tap, write

pytestmark = pytest.mark.browser
LAMP = FilePayload(name="灯.jpg", mimeType="image/jpeg", buffer=bulb())
NO_PHOTO = FilePayload(name="灯.jpg", mimeType="image/jpeg", buffer=b"no picture at all")
_REFUSED = ("Failed to load resource",)  # the browser names the 4xx that the test asks for


def test_a_refused_form_keeps_its_photo(demo: Program, windows: Windows, shot: Callable[[Page, str], None]) -> None:
    clerk = windows.open(demo.url, "/console/login", expected=_REFUSED).page
    log_in(clerk, demo.url, LOGIN)
    clerk.goto(demo.url + "/console/report")
    clerk.get_by_label("什么事").fill("三楼的灯不亮，老人看不见")
    clerk.get_by_label("在哪里").fill("学府花园3幢2单元")
    clerk.get_by_label("电话", exact=True).fill("问他儿子")
    clerk.get_by_label("照片").set_input_files(LAMP)
    clerk.get_by_role("button", name="报上去").click()
    expect(clerk.get_by_text("电话只写数字")).to_be_visible()
    expect(clerk.get_by_label("什么事")).to_have_value("三楼的灯不亮，老人看不见")
    assert clerk.get_by_label("照片").evaluate("input => input.files[0].name") == "灯.jpg"
    shot(clerk, "form-refused")
    clerk.get_by_label("电话", exact=True).fill("13800138000")
    clerk.get_by_role("button", name="报上去").click()
    expect(clerk.locator(".said")).to_contain_text("报上了")  # said once, on the page it leads to
    expect(clerk.locator("[data-photo]")).to_have_count(1)


def test_the_list_keeps_what_was_written(demo: Program, windows: Windows, shot: Callable[[Page, str], None]) -> None:
    panes = windows.open(demo.url, "/demo").page
    resident, leader = phone(panes, "resident"), phone(panes, "leader")
    heard(resident, "您好")
    write(resident, "3幢2单元楼道灯坏了")
    tap(resident, "对，报上去")
    heard(leader, "楼道灯坏了")
    tap(leader, "接单")
    heard(leader, "接单成功")
    link = leader.locator(".bubble a").filter(has_text="打开我的清单").last.get_attribute("href")
    page = windows.open(demo.url, str(link), PHONE, expected=_REFUSED).page
    page.get_by_text("办理情况", exact=True).first.click()
    page.locator("textarea:visible").fill("去买灯泡了")
    page.route("**/m/w/**", lambda route: route.abort())  # on the bus, in a tunnel
    page.get_by_role("button", name="办理情况", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("没发出去")
    expect(page.locator("textarea:visible")).to_have_value("去买灯泡了")
    page.unroute("**/m/w/**")
    page.get_by_role("button", name="办理情况", exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_text("办结", exact=True).first.click()
    page.get_by_label("怎么办好的").fill("  ")
    page.get_by_label("照片").first.set_input_files([LAMP])
    page.get_by_role("button", name="办结", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("请说一句怎么办好的")  # a rule's refusal
    assert page.get_by_label("照片").first.evaluate("input => input.files[0].name") == "灯.jpg"
    page.get_by_label("怎么办好的").fill("已换灯泡")
    page.get_by_label("照片").first.set_input_files([NO_PHOTO])
    page.get_by_role("button", name="办结", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("不是照片")
    expect(page.get_by_label("怎么办好的")).to_have_value("已换灯泡")
    shot(page, "form-list-refused")
    page.get_by_label("照片").first.set_input_files([LAMP])
    page.get_by_role("button", name="办结", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("正在请报事人确认")
    heard(resident, "真的解决了吗")
