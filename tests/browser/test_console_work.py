"""A clerk's morning on the list by keyboard, two clerks on one ticket, a log-in that ends in the middle of a form;
the list while it is renewed: what is being written stays, what was missed is shown, what failed is told."""

from __future__ import annotations

import itertools
import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select, update

from handlers.types import Role
from storage import staff
from storage.engine import Database, open_database
from storage.sample_logins import LOGIN, PASSWORD
from storage.schema import logins, posts, sessions
from tests.browser.conftest import PHONE, Program, Windows, _stopped, start

pytestmark = pytest.mark.browser
_FAILS = ("503", "Failed to load resource")  # the browser names what the test lets fail
_HERE = "box => [document.activeElement === box, box.value, box.selectionStart, window.before === box]"
KEY = "a-key-of-these-tests-and-of-nothing-else-0123456789"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Database]]:
    """The demo with its database open beside it, and a second clerk at the same desk."""
    folder = tmp_path_factory.mktemp("work")
    program = start(folder / "demo", "demo", JUSHE_SECRET_KEY=KEY)
    db = open_database(f"sqlite:///{folder / 'demo' / 'jushe.db'}", KEY)
    with db.writing() as conn:
        first = conn.execute(select(logins).where(logins.c.login == LOGIN)).one()
        desk = conn.execute(select(posts.c.scope).where(posts.c.person == first.person)).scalar_one()
        others = select(posts.c.person).where(posts.c.scope == desk, posts.c.role == Role.DESK.value)
        second = conn.execute(others.where(posts.c.person != first.person)).scalars().first()
        assert second is not None
        staff.add_login(conn, "second", PASSWORD, second, now=first.created)
    yield program, db
    db.close()
    _stopped(program)


def _log_in(page: Page, login: str = LOGIN) -> None:
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def _report(program: Program, words: str, key: str, user: str = "resident") -> None:
    for number, said in enumerate((words, "对，报上去")):
        body = json.dumps({"user": user, "id": f"{key}{number}", "text": said}).encode()
        asked = urllib.request.Request(
            f"{program.url}/webchat/messages", data=body, headers={"Content-Type": "application/json"}
        )
        urllib.request.urlopen(asked, timeout=20).read()


def _row(page: Page, words: str) -> Locator:
    return page.locator(".queue .ticket").filter(has_text=words)


def test_a_clerks_morning(
    place: tuple[Program, Database], windows: Windows, shot: Callable[[Page, str], None]
) -> None:
    program, _ = place
    _report(program, "学府花园8幢电梯有异响", "a")
    page = windows.open(program.url, "/console/").page
    _log_in(page)
    first = page.locator(".queue .ticket").first
    expect(first).to_contain_text("电梯有异响")
    expect(first.locator("[data-clock]")).to_have_text(re.compile("还剩"))
    _report(program, "学府花园5幢1单元门口垃圾没人清", "b")  # it appears by itself
    garbage = page.locator(".queue .ticket").filter(has_text="垃圾")
    expect(garbage).to_be_visible()
    expect(page.locator(".tabs [aria-current]")).to_contain_text("在办 2")
    shot(page, "queue")

    page.keyboard.press("j")
    expect(first).to_have_class(re.compile("here"))
    page.keyboard.press("a")
    expect(page.locator(".said")).to_contain_text("接单成功")
    expect(page.locator(".queue .ticket").filter(has_text="电梯").locator(".state")).to_have_text("处置中")

    page.wait_for_load_state()  # keys are heard once the script is there
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.keyboard.type("保洁上午十点到 j k a")  # while writing, letters are letters
    expect(garbage.get_by_label("回复报事人")).to_have_value("保洁上午十点到 j k a")
    garbage.get_by_role("button", name="发送").click()
    expect(page.locator(".said")).to_be_visible()
    expect(garbage.locator(".state")).to_have_text("待接单")

    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(page.get_by_label("找工单")).to_be_focused()
    page.get_by_label("找工单").blur()
    for box in page.get_by_role("checkbox").all():
        box.check()
    expect(page.locator("[data-picked]")).to_have_text("选中2件")
    page.get_by_label("选中的怎么办").select_option(label="上报")
    page.get_by_role("button", name="先看一看").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("上报：2件")
    shot(page, "bulk")
    page.get_by_label("为什么上报").fill("要街道协调")
    page.get_by_role("button", name="确定上报").click()
    expect(page.locator(".said")).to_contain_text("2件已上报")
    page.get_by_role("link", name="待受理").click()
    expect(page.locator(".queue .ticket")).to_have_count(2)

    phone = windows.open(program.url, "/console/", PHONE).page
    _log_in(phone)
    expect(phone.locator(".queue .ticket")).to_have_count(2)
    wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "nothing is wider than the phone"
    shot(phone, "queue-phone")
    phone.set_viewport_size({"width": 360, "height": 740})
    expect(phone.locator(".tabs li").last).to_be_in_viewport(ratio=1)
    for page_of in ("people", "people/gaps", "knowledge", "numbers", "numbers/report"):
        phone.goto(f"{program.url}/console/{page_of}")  # tables are read without sliding them
        slides = "all => all.filter(one => one.scrollWidth > one.clientWidth + 12).length"
        assert phone.locator(".tabled, .report").evaluate_all(slides) == 0, page_of


def test_two_clerks_on_one_ticket(place: tuple[Program, Database], windows: Windows) -> None:
    program, _ = place
    _report(program, "学府花园2幢下水道堵了污水外溢", "c")
    one = windows.open(program.url, "/console/", expected=("409 (Conflict)",)).page
    _log_in(one)
    other = windows.open(program.url, "/console/").page
    _log_in(other, "second")
    mine = one.locator(".queue .ticket").filter(has_text="污水")
    mine.locator("[data-reply] summary").click()
    mine.get_by_label("回复报事人").fill("疏通师傅一小时内到")
    theirs = other.locator(".queue .ticket").filter(has_text="污水")
    theirs.get_by_role("button", name="接单").click()
    expect(theirs.locator(".state")).to_have_text("处置中")

    expect(mine.locator(".state")).to_have_text("处置中")  # seen without a reload, the words still there
    expect(mine.get_by_label("回复报事人")).to_have_value("疏通师傅一小时内到")
    expect(mine.locator(".news")).to_contain_text("有了变化")
    mine.get_by_role("button", name="发送").click()
    expect(one.locator(".meanwhile")).to_contain_text("接单")
    expect(one.get_by_label("回复报事人的话")).to_have_value("疏通师傅一小时内到")
    one.get_by_role("button", name="确定回复").click()
    expect(one.locator(".said")).to_be_visible()
    expect(one).to_have_url(re.compile("/console/$"))


def test_a_log_in_that_ends_in_the_middle_of_a_form(place: tuple[Program, Database], windows: Windows) -> None:
    program, db = place
    _report(program, "学府花园北门乱停车堵路", "d")
    page = windows.open(program.url, "/console/", expected=("401 (Unauthorized)",)).page
    _log_in(page)
    row = page.locator(".queue .ticket").filter(has_text="乱停车")
    row.locator("[data-reply] summary").click()
    row.get_by_label("回复报事人").fill("已请交警来看，谢谢您")
    with db.writing() as conn:
        conn.execute(update(sessions).values(seen=datetime.now(UTC) - timedelta(days=1)))
    row.get_by_role("button", name="发送").click()
    expect(page.locator(".login")).to_contain_text("您填的内容还在")
    _log_in(page)
    expect(page.locator(".kept")).to_contain_text("已请交警来看，谢谢您")
    page.get_by_role("button", name="接着提交").click()
    expect(page.locator(".said")).to_be_visible()
    expect(page.locator(".kept")).to_have_count(0)


def test_what_is_written_outlives_every_renewal(place: tuple[Program, Database], windows: Windows) -> None:
    program, _ = place
    _report(program, "学府花园11幢单元门锁坏了", "e")
    _report(program, "学府花园10幢外墙皮掉下来", "f")
    page = windows.open(program.url, "/console/login", expected=("409 (Conflict)",)).page
    _log_in(page)
    page.goto(program.url + "/console/?state=待接单")
    colleague = page.context.new_page()
    colleague.goto(program.url + "/console/")
    mine = _row(page, "墙皮")
    box = mine.get_by_label("回复报事人")
    mine.locator("[data-reply] summary").click()
    box.press_sequentially("师傅到")
    box.press("ArrowLeft")
    box.evaluate("box => { window.before = box; }")
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "yixiaoshi", "selectionStart": 9, "selectionEnd": 9})

    _report(program, "学府花园12幢门口井盖响", "g", "neighbour")  # a new row, while a word is being composed
    expect(_row(page, "井盖")).to_be_visible()
    assert box.evaluate(_HERE) == [True, "师傅yixiaoshi到", 11, True]
    typing.send("Input.insertText", {"text": "一小时内"})
    assert box.evaluate(_HERE) == [True, "师傅一小时内到", 6, True]
    _row(colleague, "墙皮").get_by_role("button", name="接单").click()
    expect(mine.locator(".news")).to_contain_text("不在这一页")  # taken by a colleague: it has left this view
    assert box.evaluate(_HERE) == [True, "师傅一小时内到", 6, True]
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:  # this would lead away from what is not sent
        _row(page, "门锁").get_by_role("button", name="接单").click()
    assert asked.value.type == "beforeunload"
    expect(box).to_have_value("师傅一小时内到")
    mine.get_by_role("button", name="发送").click()
    expect(page.locator(".meanwhile")).to_contain_text("接单")
    expect(page.get_by_label("回复报事人的话")).to_have_value("师傅一小时内到")


def test_what_was_missed_is_shown(place: tuple[Program, Database], windows: Windows) -> None:
    program, _ = place
    window = windows.open(program.url, "/console/login", expected=_FAILS)
    page, asked = window.page, itertools.count()

    def stream(route: Route) -> None:
        number = next(asked)
        if number == 0:
            _report(
                program, "学府花园9幢路灯不亮", "h", "neighbour"
            )  # after the page was made and before its stream is open
        route.fulfill(status=503) if number == 1 else route.continue_()

    page.route("**/console/events", stream)
    _log_in(page)
    expect(_row(page, "路灯")).to_be_visible()
    page.route("**/console/queue/rows**", lambda route: route.fulfill(status=503))
    _report(program, "学府花园6幢门口有积水", "i", "neighbour")
    expect(page.locator("[data-old]")).to_contain_text("可能不是最新的")
    page.unroute("**/console/queue/rows**")
    expect(_row(page, "积水")).to_be_visible()  # tried again by itself
    expect(page.locator("[data-old]")).to_be_hidden()


def test_a_phone_that_was_turned_away_comes_again(place: tuple[Program, Database], windows: Windows) -> None:
    program, _ = place
    page, asked = windows.open(program.url, "/", expected=_FAILS).page, itertools.count()

    def stream(route: Route) -> None:
        route.fulfill(status=503) if next(asked) < 2 else route.continue_()

    page.route("**/webchat/events**", stream)
    page.goto(program.url + "/chat")
    expect(page.locator(".link-state")).to_contain_text("正在重连")
    expect(page.locator(".link-state")).to_be_empty()
