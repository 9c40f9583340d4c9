"""Staff at their tables and grids: a list with three bad rows, a micro-grid drawn again, the plates on paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from storage import sample_logins as sample
from tests.browser.conftest import PHONE, Program, Windows

pytestmark = pytest.mark.browser
LIST = """姓名,手机号,小区,楼栋,单元,室号,与房屋关系
王好,13800000001,学府花园,3,1,101,业主
李甲,13800000003,学府花园,99,1,101,业主
李乙,12345,学府花园,3,1,202,业主
周好,,学府花园,3幢,1单元,301室,租户
李丙,13800000005,枫桦景苑一期,1,,101,业主
"""


def _log_in(page: Page) -> None:
    page.get_by_label("账号").fill(sample.LOGIN)
    page.get_by_label("密码").fill(sample.PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_a_clerk_brings_in_a_list_and_draws_a_micro_grid_again(
    demo: Program, windows: Windows, shot: Callable[[Page, str], None]
) -> None:
    page = windows.open(demo.url, "/console/login", expected=("422 (Unprocessable",)).page
    _log_in(page)

    # a list from the property company, three of its five rows are wrong
    page.get_by_role("link", name="导入导出", exact=True).click()
    page.get_by_role("link", name=re.compile("^居民")).click()
    page.get_by_label("表格文件").set_input_files(
        {"name": "业主名单.csv", "mimeType": "text/csv", "buffer": LIST.encode("gb18030")}
    )
    page.get_by_role("button", name="先看会改什么").click()
    expect(page.get_by_role("heading", name="3行要改")).to_be_visible()
    wrong = page.get_by_role("region", name="要改的行")
    for words in ("第3行", "没有这一幢", "第4行", "应是11位手机号", "第6行", "请填您管的社区的编码"):
        expect(wrong).to_contain_text(words)
    shot(page, "import")
    with page.expect_download() as kept:
        page.get_by_role("link", name="下载要改的行").click()
    assert kept.value.suggested_filename == "居民要改的行.xlsx"
    page.get_by_role("button", name="先导入其余2行").click()
    expect(page.get_by_role("heading", name="已导入2行居民")).to_be_visible()

    # they live where the list says, masked
    page.goto(demo.url + "/console/people?q=学府花园3幢1单元101")
    expect(page.get_by_label("查到的")).to_contain_text("苏建华")
    page.get_by_role("link", name="学府花园").click()
    page.get_by_role("link", name="学府花园3幢", exact=True).click()
    row = page.get_by_role("row", name=re.compile("1单元101室"))
    expect(row).to_contain_text("王*")
    expect(row).to_contain_text("138****0001")

    # 3幢1单元 goes to the neighbouring micro-grid, from tomorrow on
    page.goto(demo.url + "/console/people")
    page.get_by_role("link", name="第1网格").click()
    page.get_by_role("link", name="调整微网格").click()
    page.get_by_role("button", name="先看会怎样").click()
    expect(page.get_by_role("alert")).to_contain_text("没有要调整的住户")
    page.get_by_label("学府花园3幢1单元").select_option(label="学府1-4（24户）")
    page.get_by_role("button", name="先看会怎样").click()
    sizes = page.get_by_role("region", name="调整前后的户数")
    expect(sizes).to_contain_text("偏少，一般20–30户")
    expect(sizes).to_contain_text("偏多")
    expect(page.locator("main")).to_contain_text("学府1-3 → 学府1-4：12户")
    expect(page.locator("main")).to_contain_text("苏建华、董红梅、杨巧云、梁永康")
    shot(page, "redraw")
    page.get_by_role("button", name="就这样定").click()
    expect(page.get_by_role("status")).to_contain_text("已调整12户")
    page.get_by_label("谁管我们楼").fill("3幢1单元101")
    page.get_by_role("button", name="查").click()
    expect(page.get_by_label("查到的")).to_contain_text("杨巧云")

    # the sheet for the wall: six plates to a page of paper
    page.get_by_role("link", name="打印二维码").first.click()
    expect(page.locator(".plate")).to_have_count(20)
    shot(page, "plates")
    pages = page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")
    assert pages == 4, pages


def test_the_pages_fit_a_phone(shared: Program, windows: Windows, shot: Callable[[Page, str], None]) -> None:
    page = windows.open(shared.url, "/console/login", PHONE).page
    _log_in(page)
    for path in ("people", "people/gaps", "tables", "tables/residents"):
        page.goto(f"{shared.url}/console/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
        shot(page, f"phone-{path.replace('/', '-')}")
