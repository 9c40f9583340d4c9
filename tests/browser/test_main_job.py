"""The main job as a newcomer does it on the demo page, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Program, Windows
from tests.browser.people import board, bulb, heard, phone, send_photo, tap, write

pytestmark = pytest.mark.browser


def _ticket(page: Page) -> Locator:
    return board(page).locator(".ticket").first


@pytest.mark.parametrize(("size", "name"), [(DESKTOP, "demo"), (PHONE, "phone")], ids=["desktop", "phone"])
def test_a_lamp_is_reported_repaired_and_confirmed(
    demo: Program, windows: Windows, shot: Callable[[Page, str], None], size: tuple[int, int], name: str
) -> None:
    page = windows.open(demo.url, "/demo", size).page
    resident = phone(page, "resident")
    heard(resident, "您好")  # the welcome comes by itself
    expect(board(page)).to_contain_text("还没有工单")
    shot(page, f"{name}-first")

    resident = phone(page, "resident")
    expect(resident.locator(".hint")).to_contain_text("3幢2单元楼道灯坏了")
    write(resident, "3幢2单元楼道灯坏了")
    heard(resident, "对吗")
    shot(page, f"{name}-confirm")
    tap(resident, "对，报上去")
    said = heard(resident, "已受理").inner_text()
    number = re.search(r"后四位(\d{4})", said)
    assert number

    ticket = _ticket(page)
    expect(ticket).to_contain_text(number[1])
    expect(ticket.locator(".state")).to_have_text("待接单")
    expect(ticket).to_contain_text("学府花园3幢2单元")
    expect(ticket.locator("[data-clock]")).to_contain_text("还剩")
    shot(page, f"{name}-ticket")

    leader = phone(page, "leader")
    heard(leader, f"新任务 {number[1]}")
    tap(leader, "接单")
    heard(phone(page, "resident"), "已接单")
    expect(_ticket(page).locator(".state")).to_have_text("处置中")

    leader = phone(page, "leader")
    write(leader, "办结 已换灯泡")
    send_photo(leader, "lamp.jpg", bulb())
    expect(leader.locator(".turn.me .picture img")).to_be_visible()
    expect(leader.locator(".said-wrong")).to_have_count(0)
    resident = phone(page, "resident")
    heard(resident, "真的解决了吗")
    ticket = _ticket(page)
    expect(ticket.locator(".state")).to_have_text("待评价")
    expect(ticket).to_contain_text("结果：已换灯泡")
    expect(ticket.locator(".thumbs img")).to_have_count(1)
    _seen(ticket.locator(".thumbs img"))
    if size == PHONE:
        shot(page, f"{name}-board")
        phone(page, "leader")
        shot(page, f"{name}-leader")
    phone(page, "resident")
    shot(page, name)

    tap(phone(page, "resident"), "解决了")
    heard(phone(page, "resident"), "满意")
    tap(phone(page, "resident"), "满意")
    expect(_ticket(page).locator(".state")).to_have_text("已办结")
    expect(_ticket(page).locator(".verdict")).to_have_text("居民说已解决，满意")
    heard(phone(page, "leader"), "确认解决")
    shot(page, f"{name}-done")


def _report(resident: Locator, words: str) -> None:
    write(resident, words)
    heard(resident, "对吗")
    tap(resident, "对，报上去")
    heard(resident, "已受理")


def test_the_list_has_what_changed_last_on_top(
    demo: Program, windows: Windows, shot: Callable[[Page, str], None]
) -> None:
    page = windows.open(demo.url, "/demo").page
    resident, leader, rows = phone(page, "resident"), phone(page, "leader"), board(page).locator(".ticket")
    heard(resident, "您好")
    resident.get_by_label("这部手机是谁的").select_option("neighbour")
    heard(resident, "您好")
    _report(resident, "5幢门口垃圾没人收")
    expect(rows).to_have_count(1)
    resident.get_by_label("这部手机是谁的").select_option("resident")
    _report(resident, "3幢2单元楼道灯坏了")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("楼道灯坏了")
    heard(leader, "新任务")
    tap(leader, "接单")
    heard(leader, "接单成功")
    write(leader, "办结 已换灯泡")
    send_photo(leader, "lamp.jpg", bulb())
    heard(resident, "真的解决了吗")
    expect(rows.first.locator(".thumbs img")).to_have_count(1)
    expect(rows.first.locator(".state")).to_have_text("待评价")
    expect(rows.last).to_contain_text("垃圾")
    heard(leader, "照片附到")
    page.mouse.move(0, 0)
    page.wait_for_timeout(3000)  # until the mark of what is fresh has faded
    shot(page, "readme")


def _seen(image: Locator) -> None:
    """The picture really arrived."""
    image.scroll_into_view_if_needed()
    image.evaluate("image => image.complete || new Promise((done) => { image.onload = done; })")
    assert image.evaluate("image => image.naturalWidth") > 0


def test_a_page_opened_again_still_shows_the_talk(demo: Program, windows: Windows) -> None:
    page = windows.open(demo.url, "/demo").page
    resident = phone(page, "resident")
    heard(resident, "您好")
    write(resident, "3幢2单元楼道灯坏了")
    heard(resident, "对吗")
    tap(resident, "对，报上去")
    heard(resident, "已受理")
    heard(phone(page, "leader"), "新任务")
    page.reload()
    resident = phone(page, "resident")
    expect(resident.locator(".turn.me .bubble").first).to_have_text("3幢2单元楼道灯坏了")
    heard(resident, "已受理")
    expect(resident.locator(".bubble").filter(has_text="您好")).to_have_count(1)  # not greeted again
    expect(phone(page, "leader").locator(".bubble").filter(has_text="新任务")).to_have_count(1)

    other = windows.open(demo.url, "/demo").page  # another window: what was pushed is there
    heard(phone(other, "leader"), "新任务")


def test_a_phone_changes_hands(shared: Program, windows: Windows) -> None:
    page = windows.open(shared.url, "/demo").page
    heard(phone(page, "resident"), "您好")
    leader = phone(page, "leader")
    leader.get_by_label("这部手机是谁的").select_option("desk")
    write(leader, "我的待办")
    heard(leader, "没有")
    leader.get_by_label("这部手机是谁的").select_option("leader")
    expect(leader.locator(".bubble")).to_have_count(0)


def test_what_could_not_be_sent_is_sent_again_once(shared: Program, windows: Windows) -> None:
    window = windows.open(shared.url, "/demo", expected=("ERR_FAILED",))
    page = window.page
    resident = phone(page, "resident")
    heard(resident, "您好")
    page.route("**/webchat/messages", lambda route: route.abort())
    write(resident, "你好")
    expect(resident.locator(".said-wrong")).to_contain_text("没发出去")
    page.unroute("**/webchat/messages")
    resident.get_by_role("button", name="再发一次").click()
    expect(resident.locator(".said-wrong")).to_have_count(0)
    expect(resident.locator(".turn.me")).to_have_count(1)
    expect(resident.locator(".turn.me + .turn.them")).to_be_visible()


def test_the_keyboard_is_enough(shared: Program, windows: Windows) -> None:
    page = windows.open(shared.url, "/demo", PHONE).page
    heard(phone(page, "resident"), "您好")
    page.locator("#tab-resident").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#pane-leader")).to_be_visible()
    expect(page.locator("#tab-leader")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.get_by_label("要说的话").first.focus()
    page.keyboard.type("你好")
    page.keyboard.press("Enter")
    expect(phone(page, "resident").locator(".turn.me .bubble")).to_have_text("你好")
