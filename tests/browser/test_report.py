"""A month's report, as a clerk makes it: from the numbers to the paper and to the table for the meeting."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import load_workbook

from tests.browser.conftest import PHONE, Program, Windows
from tests.browser.people import log_in

pytestmark = pytest.mark.browser


def test_a_months_report(lived: Program, windows: Windows, tmp_path: Path, shot: Callable[[Page, str], None]) -> None:
    page = windows.open(lived.url, "/", expected=("422",)).page
    log_in(page, lived.url, "demo")
    page.get_by_role("link", name="数字", exact=True).click()
    tiles = page.locator(".rates li")
    expect(tiles.nth(0)).to_contain_text("解决率")
    expect(tiles.nth(1)).to_contain_text("办结率")

    page.get_by_role("link", name="近一年").click()
    closed = page.locator(".rates li").nth(1).get_by_role("link").last  # those that are not closed yet
    count = int(re.findall(r"\d+", closed.inner_text())[0])
    closed.click()
    expect(page.locator(".code")).to_have_count(count)
    page.get_by_role("link", name="返回数字").click()
    page.get_by_text("图里的数字").click()
    expect(page.get_by_role("table", name="各段时间的报事件数、解决率和办结率")).to_be_visible()

    page.get_by_role("link", name="月报").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("居民诉求月报")
    newest = page.get_by_label("月份").locator("option").first.inner_text()
    page.get_by_label("月份").select_option(label=newest)
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(newest)
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    shot(page, "report")
    paper = page.pdf(prefer_css_page_size=True)
    pages = [tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", paper)]
    assert 2 <= len(pages) <= 4 and all(abs(box[2] - 595) < 2 and abs(box[3] - 842) < 2 for box in pages)  # A4
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_text("仅供内部使用")).to_be_visible()

    page.emulate_media(media="screen")
    page.goto(lived.url + "/console/numbers")
    page.get_by_label("用途").fill("街道例会用")
    with page.expect_download() as given:
        page.get_by_role("button", name="导出表格").click()
    target = tmp_path / given.value.suggested_filename
    given.value.save_as(target)
    assert "用途：街道例会用" in str(load_workbook(target).get_sheet_by_name("总表").to_python()[0][0])


def test_the_numbers_fit_a_phone(lived: Program, windows: Windows) -> None:
    page = windows.open(lived.url, "/", PHONE).page
    log_in(page, lived.url, "demo")
    for path in ("/console/numbers", "/console/numbers/hot", "/console/knowledge", "/console/knowledge/waiting"):
        page.goto(lived.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
