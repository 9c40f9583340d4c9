"""The check-in screen on a wall and in a hand, the poster, the notice, the hours record on paper."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from handlers.activities.facts_honour import StarAsked, StarGranted, StarShown
from handlers.activities.facts_hours import CertificateIssued
from storage import doorcodes
from storage import sample_logins as sample
from storage.engine import Database, open_database
from storage.schema import activities, persons
from tests.browser.conftest import OUT, PHONE, Program, Windows, _stopped, start
from tests.storage.kit import do

pytestmark = pytest.mark.browser

KEY = "a-key-of-these-tests-and-of-nothing-else-0123456789"
WALL = (1920, 1080)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Program, Database]]:
    """The demo with its database open beside it, 清洁家园 beginning in ten minutes."""
    program = start(tmp_path / "demo", "demo", JUSHE_SECRET_KEY=KEY)
    db = open_database(f"sqlite:///{tmp_path / 'demo' / 'jushe.db'}", KEY)
    soon = datetime.now(UTC) + timedelta(minutes=10)
    with db.writing() as conn:
        mine = activities.c.name == "清洁家园"
        conn.execute(update(activities).where(mine).values(starts=soon, ends=soon + timedelta(hours=2)))
    yield program, db
    db.close()
    _stopped(program)


def _number(db: Database) -> int:
    with db.reading() as conn:
        return int(conn.execute(select(activities.c.id).where(activities.c.name == "清洁家园")).scalar_one())


def _say(program: Program, user: str, words: str, key: str) -> str:
    body = json.dumps({"user": user, "id": key, "text": words}).encode()
    request = urllib.request.Request(
        f"{program.url}/webchat/messages", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(json.load(answer)["replies"][-1]["text"])


def _log_in(page: Page) -> None:
    page.get_by_label("账号").fill(sample.LOGIN)
    page.get_by_label("密码").fill(sample.PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="待办")).to_be_visible()


def _fits(page: Page) -> None:
    """Nothing sticks out to the side."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
def test_check_in_screen(
    place: tuple[Program, Database], windows: Windows, shot: Callable[[Page, str], None], size: tuple[int, int]
) -> None:
    program, _ = place
    assert "满18岁" in _say(program, "resident", "我和老公参加清洁家园", "k1")
    assert "报好了" in _say(program, "resident", "满了", "k2")
    page = windows.open(program.url, "/console/", size).page
    _log_in(page)
    page.goto(f"{program.url}/console/activities")
    expect(page.locator(".activities li").first).to_contain_text("名额20，报名2人")
    _fits(page)
    page.get_by_role("link", name="签到屏").first.click()
    expect(page.locator(".qr")).to_be_visible()
    _fits(page)
    box, height = page.locator(".digits").bounding_box(), page.viewport_size
    assert box and height and box["y"] + box["height"] < height["height"]  # seen without scrolling
    shot(page, f"checkin-{'phone' if size == PHONE else 'wall'}")
    digits = (page.locator(".digits").text_content() or "").replace("签到码", "").replace(" ", "")
    assert re.fullmatch(r"\d{6}", digits)
    assert "签到好了" in _say(program, "resident", digits, "k3")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".heads b").first).to_have_text("2")


def test_the_code_changes_and_without_a_script_the_page_reloads(
    place: tuple[Program, Database], windows: Windows
) -> None:
    program, db = place
    page = windows.open(program.url, "/console/").page
    _log_in(page)
    address = f"{program.url}/console/activities/{_number(db)}/checkin"
    page.goto(address)
    first = page.locator(".qr").get_attribute("src")
    page.wait_for_function("before => document.querySelector('.qr').src !== before", arg=first, timeout=45_000)
    answer = page.request.get(address).text()
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in answer
    assert page.request.get(address.replace("/checkin", "1/checkin")).status == 404


def test_nobody_sees_the_screen_without_a_log_in(place: tuple[Program, Database], windows: Windows) -> None:
    program, db = place
    page = windows.open(program.url, f"/console/activities/{_number(db)}/checkin").page
    expect(page).to_have_url(re.compile("/console/login"))


def test_a_scanned_code_gives_the_digits_while_it_is_good(place: tuple[Program, Database], windows: Windows) -> None:
    program, db = place
    now = datetime.now(UTC)
    window = windows.open(
        program.url, f"/m/in?c={doorcodes.token(_number(db), now)}", PHONE, expected=("410 (Gone)",)
    )
    expect(window.page.locator(".digits")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    _fits(window.page)
    window.page.goto(f"{program.url}/m/in?c={doorcodes.token(_number(db), now - timedelta(minutes=2))}")
    expect(window.page.get_by_role("heading")).to_have_text("这个码过期了")
    window.page.goto(f"{program.url}/m/in?c=a1.1.xxxxxxxxxxxxxxxxxxxx")
    expect(window.page.get_by_role("heading")).to_have_text("这个码过期了")


def test_poster_and_notice(
    place: tuple[Program, Database], windows: Windows, shot: Callable[[Page, str], None]
) -> None:
    program, db = place
    page = windows.open(program.url, "/console/").page
    _log_in(page)
    page.goto(f"{program.url}/console/activities/{_number(db)}/poster")
    for part in ("清洁家园", "风险和保障", "保险", "负责人", "报名清洁家园"):
        expect(page.locator(".poster")).to_contain_text(part)
    shot(page, "poster")
    notice = windows.open(program.url, f"/m/activity/{_number(db)}", PHONE).page
    expect(notice.get_by_role("heading", name="清洁家园")).to_be_visible()
    _fits(notice)
    shot(notice, "notice")


def test_hours_record_prints_on_one_page(
    place: tuple[Program, Database], windows: Windows, shot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    program, db = place
    lines: list[list[Any]] = [["2026-06-06", "清洁家园", 3], ["2026-06-13", "护学岗<b>", 4]]
    serial = "JS20260620AB12CD34"
    do(db, CertificateIssued(1, serial, 5, 7, "学府社区", "王秀英", json.dumps(lines)))
    page = windows.open(program.url, f"/m/hours/{serial}", PHONE, expected=("404 (Not Found)",)).page
    for part in (
        "王秀英",
        "3.5 小时",
        "服务时间",
        "服务内容",
        "记录单位",
        "学府社区",
        serial,
        "平台记录时长",
        "护学岗<b>",
    ):
        expect(page.locator(".certificate")).to_contain_text(part)
    expect(page.locator("body")).not_to_contain_text("认证")
    _fits(page)
    shot(page, "hours")
    OUT.mkdir(exist_ok=True)
    paper = OUT / "hours.pdf"
    page.pdf(path=str(paper), prefer_css_page_size=True)
    raw = paper.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", raw)) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45]", raw)  # A4
    page.goto(f"{program.url}/m/check/{serial}")
    expect(page.get_by_role("heading")).to_have_text("记录单有效")
    expect(page.locator("body")).to_contain_text("王*")
    expect(page.locator("body")).not_to_contain_text("王秀英")
    page.goto(f"{program.url}/m/check/JS20260620AB12CD35")
    expect(page.get_by_role("heading")).to_have_text("没有这份记录单")


def test_a_star_on_paper(
    place: tuple[Program, Database], windows: Windows, shot: Callable[[Page, str], None]
) -> None:
    program, db = place
    serial = "XJ20260620AB12CD34"
    with db.reading() as conn:
        found = conn.execute(select(persons.c.id, persons.c.name, persons.c.community)).all()
    who, community = next((row.id, row.community) for row in found if row.name == "王秀英")
    until = datetime.now(UTC)
    do(db, StarAsked(1, 1, who, community, 2, 640), StarShown(1, who, 5, until), StarGranted(1, who, 2, serial))
    page = windows.open(program.url, f"/m/star/{serial}", PHONE, expected=("404 (Not Found)",)).page
    for part in ("王秀英", "2 星", "320 小时", "学府社区", serial):
        expect(page.locator(".certificate")).to_contain_text(part)
    expect(page.locator("body")).not_to_contain_text("认证")
    _fits(page)
    shot(page, "star")
    OUT.mkdir(exist_ok=True)
    paper = OUT / "star.pdf"
    page.pdf(path=str(paper), prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper.read_bytes())) == 1
    page.goto(f"{program.url}/m/check/{serial}")
    expect(page.get_by_role("heading")).to_have_text("星级证书有效")
    expect(page.locator("body")).not_to_contain_text("王秀英")
    page.goto(f"{program.url}/open/stars/{community}")
    expect(page.locator("body")).to_contain_text("现在没有公示的星级申请")
    page.goto(f"{program.url}/m/star/XJ20260620AB12CD35")
    expect(page.get_by_role("heading")).to_have_text("没有这份记录单")
