"""Pictures of every screen, desktop and phone, for docs/console/: python -m tests.browser.screens [--only NAME]

Small files: few colours, at most `MOST` bytes each and `ALL` together. The demo's invented community, two months old.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import months
from tests.browser.conftest import ARGS, ROOT, start
from tests.browser.people import bulb, heard, log_in, phone, send_photo, tap, write

OUT = ROOT / "docs" / "console"
MOST, ALL = 80_000, 4_000_000  # bytes
SIZES = {"desktop": (1280, 800, 1400), "phone": (390, 844, 1300)}  # width, height, highest picture
COLOURS = (64, 32, 16)  # fewer where a picture would be too large


@dataclass(frozen=True, slots=True)
class Screen:
    """`path`: where it is; `follow`: part of the address of the first link to go on to from there.

    `login`: one of the sample's, "" for nobody.
    """

    name: str
    title: str
    path: str
    follow: str = ""
    login: str = "demo"


SCREENS = (
    Screen("login", "登录", "/console/login", login=""),
    Screen("queue", "待办", "/console/"),
    Screen("ticket", "一件工单", "/console/search?q=一闪一闪", "/console/tickets/"),
    Screen("search", "找工单", "/console/search?q=楼道灯"),
    Screen("activities", "活动", "/console/activities"),
    Screen("activity", "一个活动", "/console/activities", "/console/activities/\\d"),
    Screen("activity_new", "发布活动", "/console/activities/new"),
    Screen("checkin", "签到屏", "/console/activities", "/checkin"),
    Screen("teams", "队伍", "/console/activities/teams"),
    Screen("points", "积分", "/console/points"),
    Screen("point_rules", "积分规则", "/console/points/rules"),
    Screen("shop", "积分超市", "/console/shop"),
    Screen("announcements", "公告", "/console/announcements"),
    Screen("announcement", "一条公告", "/console/announcements", "/console/announcements/\\d"),
    Screen("announcement_new", "写公告", "/console/announcements/new"),
    Screen("people", "人和地方", "/console/people?q=学府花园3幢"),
    Screen("grid", "一个网格", "/console/people", "/console/people/grids/"),
    Screen("micro", "一个微网格", "/console/people", "/console/people/micro/"),
    Screen("gaps", "缺人的地方", "/console/people/gaps"),
    Screen("tables", "导入导出", "/console/tables"),
    Screen("import", "导入一张表", "/console/tables/residents"),
    Screen("knowledge", "知识库", "/console/knowledge"),
    Screen("knowledge_answer", "改一条问答", "/console/knowledge", "/console/knowledge/\\d"),
    Screen("knowledge_waiting", "等答复的问题", "/console/knowledge/waiting"),
    Screen("knowledge_question", "答复一个问题", "/console/knowledge/waiting", "/console/knowledge/questions/"),
    Screen("knowledge_try", "居民这样问，会答什么", "/console/knowledge/try?words=旧沙发放到哪里"),
    Screen("numbers", "数字", "/console/numbers"),
    Screen("numbers_list", "数字后面的工单", "/console/numbers", "end=rest"),
    Screen("numbers_hot", "近期热点", "/console/numbers/hot"),
    Screen("report", "月报", "/console/numbers/report"),
    Screen("settings", "设置", "/console/settings", login="system"),
    Screen("settings_categories", "设置：分类", "/console/settings/categories", login="system"),
    Screen("settings_jobs", "设置：定时任务", "/console/settings/jobs", login="system"),
    Screen("accounts", "账号", "/console/accounts", login="system"),
    Screen("audit", "审计", "/console/audit", login="audit"),
    Screen("me", "我的", "/console/me"),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names of screens, with commas between")
    only = parser.parse_args().only.split(",") if parser.parse_args().only else []
    OUT.mkdir(exist_ok=True)
    chosen = [one for one in SCREENS if not only or one.name in only]
    with _program() as url, sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=found, args=[*ARGS, "--lang=zh-CN"])
        _live(browser, url)
        for size, (width, height, most) in SIZES.items():
            for screen, page in walk(browser, url, chosen, width, height):
                _keep(page, OUT / f"{screen.name}-{size}.png", most)
        browser.close()
    _index()
    pictures = sorted(OUT.glob("*.png"))
    total = sum(path.stat().st_size for path in pictures)
    print(f"{len(pictures)} pictures, {total / 1e6:.1f} MB")
    return int(total > ALL or any(path.stat().st_size > MOST for path in pictures))


def walk(browser: Browser, url: str, screens: list[Screen], width: int, height: int) -> Iterator[tuple[Screen, Page]]:
    """Each screen, opened as its role; a role logs in once."""
    pages: dict[str, Page] = {}
    for screen in screens:
        if screen.login not in pages:
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai",
                reduced_motion="reduce", has_touch=width < 600, is_mobile=width < 600,
            )  # fmt: skip
            pages[screen.login] = context.new_page()
            if screen.login:
                log_in(pages[screen.login], url, screen.login)
        page = pages[screen.login]
        page.goto(url + screen.path)
        if screen.follow:
            links = page.eval_on_selector_all("main a[href]", "all => all.map(one => one.getAttribute('href'))")
            there = next((link for link in links if re.search(screen.follow, link)), None)
            if there is None:
                raise SystemExit(f"{screen.name}: no link like {screen.follow} on {screen.path}")
            page.goto(url + there)
        page.wait_for_load_state("networkidle")
        yield screen, page
    for page in pages.values():
        page.context.close()


@contextmanager
def _program() -> Iterator[str]:
    """The demo after two months, on a port of its own."""
    with tempfile.TemporaryDirectory(prefix="jushe-screens-") as folder:
        months.made(Path(folder))
        program = start(Path(folder), "demo")
        try:
            yield program.url
        finally:
            program.stop()


def _live(browser: Browser, url: str) -> None:
    """A report with a photo that a leader has in hand, and an announcement: what is always new in the list."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(url + "/demo")
    resident, leader = phone(page, "resident"), phone(page, "leader")
    write(resident, "3幢2单元楼道灯一闪一闪的，老人上下楼不方便")
    heard(resident, "对吗")
    tap(resident, "对，报上去")
    heard(resident, "已受理")
    send_photo(resident, "lamp.jpg", bulb())
    tap(leader, "接单")
    heard(resident, "已接单")
    log_in(page, url, "demo")
    page.goto(url + "/console/announcements/new")
    page.get_by_label("标题").fill("3幢周六上午检修水管")
    page.get_by_label("内容").fill("周六8:00到12:00检修3幢水管，期间停水。请提前存一点水，灶上的火看好。")
    page.locator("input[name=places]").first.check()
    page.get_by_role("button", name="看人数和样子").click()
    page.get_by_role("button", name="提交").click()
    page.wait_for_load_state()
    context.close()


def _keep(page: Page, path: Path, most: int) -> None:
    """One picture, as small as its colours allow."""
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), most)
    width = page.viewport_size["width"] if page.viewport_size else 0
    data = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= MOST:
            break
    path.write_bytes(out.getvalue())


def _index() -> None:
    """docs/console/README.md: every screen side by side."""
    rows = [f"## {one.title}\n\n{_picture(one, 'desktop')}\n\n{_picture(one, 'phone')}\n" for one in SCREENS]
    head = "# 后台的每一页\n\n示例社区，没有真人。由 `python -m tests.browser.screens` 生成。\n\n"
    (OUT / "README.md").write_text(head + "\n".join(rows), encoding="utf-8")


def _picture(screen: Screen, size: str) -> str:
    return f"![{screen.title}，{'电脑' if size == 'desktop' else '手机'}]({screen.name}-{size}.png)"


if __name__ == "__main__":
    sys.exit(main())
