"""Somebody who does not write: the microphone of the chat page, until the community hears it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from storage.sample_logins import LOGIN
from tests.browser.conftest import PHONE, Program, Windows
from tests.browser.people import heard, log_in, phone

pytestmark = pytest.mark.browser


def test_what_is_spoken_is_heard_by_the_community(
    demo: Program, windows: Windows, shot: Callable[[Page, str], None]
) -> None:
    page = windows.open(demo.url, "/demo", PHONE).page
    resident = phone(page, "resident")
    heard(resident, "您好")
    resident.get_by_role("button", name="说话").click()
    expect(resident.get_by_text("正在听")).to_be_visible()
    expect(resident.get_by_role("button", name="发送")).to_be_hidden()
    resident.get_by_role("button", name="不发了").click()
    expect(resident.locator(".turn.me")).to_have_count(0)

    resident.get_by_role("button", name="说话").click()
    expect(resident.locator(".seconds")).to_have_text(re.compile("[2-9]秒"))
    shot(page, "voice-speaking")
    resident.get_by_role("button", name="说完了").click()
    expect(resident.locator(".turn.me")).to_contain_text(re.compile(r"语音 \d秒"))
    number = re.search(r"编号(\d{4})", heard(resident, "语音收到了").inner_text())
    assert number
    shot(page, "voice-sent")

    desk = windows.open(demo.url, "/console/login", PHONE).page
    log_in(desk, demo.url, LOGIN)
    desk.locator(".ticket", has_text=number[1]).locator("[data-open]").first.click()
    player = desk.locator("audio")
    expect(player).to_be_visible()
    heard_for = player.evaluate("async sound => { sound.muted = true; await sound.play(); return sound.duration; }")
    assert heard_for > 1, "seconds"
