"""「发定位」: asked of the browser on the tap alone, sent, kept in the talk; what to do when it is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Geolocation, Page, expect

from bot import datum
from tests.browser.axe import findings
from tests.browser.conftest import PHONE, Program, Windows
from tests.browser.people import heard, phone, tap, write

pytestmark = pytest.mark.browser
_COUNT = """navigator.permissions.query({name: "geolocation"}).then(one => one.state)"""


def put(context: BrowserContext, lat: float, lon: float, accuracy: float) -> None:
    """Where the phone is, in the register's degrees."""
    lat, lon = datum.to_gps(lat, lon)
    context.set_geolocation(Geolocation(latitude=lat, longitude=lon, accuracy=accuracy))


def test_one_tap_says_where(demo: Program, windows: Windows, shot: Callable[[Page, str], None]) -> None:
    window = windows.open(demo.url, "/demo", PHONE)
    window.context.grant_permissions(["geolocation"], origin=demo.url)
    put(window.context, 30.63, 120.560522, 2000)
    resident = phone(window.page, "resident")
    heard(resident, "您好")
    send = resident.get_by_role("button", name="发定位")
    send.click()
    heard(resident, "可能差2.0公里")
    put(window.context, 30.63, 120.560522, 20)
    window.page.wait_for_timeout(50)
    window.page.evaluate("navigator.geolocation.getCurrentPosition(() => 0, () => 0, {maximumAge: 0})")
    send.click()
    heard(resident, "在学府花园3幢附近")
    expect(resident.locator(".turn.me .bubble")).to_have_text(["我的位置"] * 2)
    write(resident, "楼道灯坏了")
    assert "地点：学府花园3幢" in heard(resident, "对吗").inner_text()
    shot(window.page, "place-sent")
    tap(resident, "对，报上去")
    heard(resident, "已受理")
    window.page.reload()
    expect(phone(window.page, "resident").locator(".turn.me .bubble").first).to_have_text("我的位置")
    assert findings(window.page) == []


def test_refused_or_not_found_is_told(shared: Program, windows: Windows, shot: Callable[[Page, str], None]) -> None:
    window = windows.open(shared.url, "/chat", (360, 740))
    page, chat = window.page, window.page.locator("[data-chat]")
    heard(chat, "您好")
    assert page.evaluate(_COUNT) == "prompt"  # nothing was asked when the page opened
    session = window.context.new_cdp_session(page)
    denied = {"permission": {"name": "geolocation"}, "setting": "denied", "origin": shared.url}
    session.send("Browser.setPermission", denied)
    chat.get_by_role("button", name="发定位").click()
    heard(chat, "浏览器没有让用定位")
    shot(page, "place-denied")
    window.context.grant_permissions(["geolocation"], origin=shared.url)
    session.send("Emulation.setGeolocationOverride", {})  # no fix
    chat.get_by_role("button", name="发定位").click()
    heard(chat, "现在找不到您的位置")
    expect(chat.locator(".turn.me")).to_have_count(0)
    expect(chat.get_by_role("button", name="发定位")).to_be_enabled()
