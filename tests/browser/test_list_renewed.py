"""The list of work while it is renewed: what is being written stays, what was missed is shown, failure is told."""

from __future__ import annotations

import itertools
import json
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from storage.sample_logins import LOGIN
from tests.browser.conftest import Program, Windows, _stopped, start
from tests.browser.people import log_in
from tests.demo import demo_in

pytestmark = pytest.mark.browser
_FAILS = ("503", "Failed to load resource")  # the browser names what the test lets fail
_keys = itertools.count()
_HERE = "box => [document.activeElement === box, box.value, box.selectionStart, window.before === box]"


def _report(program: Program, words: str, user: str = "resident") -> None:
    for said in (words, "对，报上去"):
        body = json.dumps({"user": user, "id": f"r{next(_keys)}", "text": said}).encode()
        headers = {"Content-Type": "application/json"}
        urllib.request.urlopen(
            urllib.request.Request(f"{program.url}/webchat/messages", body, headers), timeout=20
        ).read()


def _row(page: Page, words: str) -> Locator:
    return page.locator(".queue .ticket").filter(has_text=words)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = start(demo_in(tmp_path_factory.mktemp("renewed")), "demo")
    yield program
    _stopped(program)


def test_what_is_written_outlives_every_renewal(place: Program, windows: Windows) -> None:
    _report(place, "学府花园8幢电梯有异响")
    _report(place, "学府花园2幢下水道堵了污水外溢")
    page = windows.open(place.url, "/console/login", expected=("409 (Conflict)",)).page
    log_in(page, place.url, LOGIN)
    page.goto(place.url + "/console/?state=待接单")
    colleague = page.context.new_page()
    colleague.goto(place.url + "/console/")
    mine = _row(page, "污水")
    box = mine.get_by_label("回复报事人")
    mine.locator("[data-reply] summary").click()
    box.press_sequentially("师傅到")
    box.press("ArrowLeft")
    box.evaluate("box => { window.before = box; }")
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "yixiaoshi", "selectionStart": 9, "selectionEnd": 9})

    _report(place, "学府花园5幢1单元门口垃圾没人清", "neighbour")  # a new row, while a word is being composed
    expect(_row(page, "垃圾")).to_be_visible()
    assert box.evaluate(_HERE) == [True, "师傅yixiaoshi到", 11, True]
    typing.send("Input.insertText", {"text": "一小时内"})
    assert box.evaluate(_HERE) == [True, "师傅一小时内到", 6, True]
    _row(colleague, "污水").get_by_role("button", name="接单").click()
    expect(mine.locator(".news")).to_contain_text("不在这一页")  # taken by a colleague: it has left this view
    assert box.evaluate(_HERE) == [True, "师傅一小时内到", 6, True]
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:  # this would lead away from what is not sent
        _row(page, "电梯").get_by_role("button", name="接单").click()
    assert asked.value.type == "beforeunload"
    expect(box).to_have_value("师傅一小时内到")
    mine.get_by_role("button", name="发送").click()
    expect(page.locator(".meanwhile")).to_contain_text("接单")
    expect(page.get_by_label("回复报事人的话")).to_have_value("师傅一小时内到")


def test_what_was_missed_is_shown(place: Program, windows: Windows) -> None:
    window = windows.open(place.url, "/console/login", expected=_FAILS)
    page, asked = window.page, itertools.count()

    def stream(route: Route) -> None:
        number = next(asked)
        if number == 0:
            _report(place, "学府花园9幢路灯不亮")  # after the page was made and before its stream is open
        route.fulfill(status=503) if number == 1 else route.continue_()

    page.route("**/console/events", stream)
    log_in(page, place.url, LOGIN)
    expect(_row(page, "路灯")).to_be_visible()
    page.route("**/console/queue/rows**", lambda route: route.fulfill(status=503))
    _report(place, "学府花园6幢门口有积水", "neighbour")
    expect(page.locator("[data-old]")).to_contain_text("可能不是最新的")
    page.unroute("**/console/queue/rows**")
    expect(_row(page, "积水")).to_be_visible()  # tried again by itself
    expect(page.locator("[data-old]")).to_be_hidden()


def test_a_phone_that_was_turned_away_comes_again(place: Program, windows: Windows) -> None:
    page, asked = windows.open(place.url, "/", expected=_FAILS).page, itertools.count()

    def stream(route: Route) -> None:
        route.fulfill(status=503) if next(asked) < 2 else route.continue_()

    page.route("**/webchat/events**", stream)
    page.goto(place.url + "/chat")
    expect(page.locator(".link-state")).to_contain_text("正在重连")
    expect(page.locator(".link-state")).to_be_empty()
