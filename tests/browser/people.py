"""What a person does on the pages: writes, taps, sends a photo, reads."""

from __future__ import annotations

import io
import re

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from storage.sample_logins import PASSWORD


def phone(page: Page, pane: str) -> Locator:
    """pane: resident or leader; on a small screen its tab is tapped first."""
    tab = page.locator(f"#tab-{pane}")
    if tab.is_visible():
        tab.click()
    return page.locator(f"#pane-{pane} [data-chat]")


def board(page: Page) -> Locator:
    tab = page.locator("#tab-board")
    if tab.is_visible():
        tab.click()
    return page.locator("[data-board]")


def write(on: Locator, words: str) -> None:
    on.get_by_label("要说的话").fill(words)
    on.get_by_role("button", name="发送").click()


def tap(on: Locator, label: str) -> None:
    on.locator(".choices").get_by_role("button", name=label, exact=True).last.click()


def send_photo(on: Locator, name: str, data: bytes) -> None:
    on.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": data})


def heard(on: Locator, words: str | re.Pattern[str]) -> Locator:
    """The last thing 居社通 said on this phone that has these words."""
    found = on.locator(".turn.them .bubble").filter(has_text=words).last
    expect(found).to_be_visible()
    return found


def bulb() -> bytes:
    """A photo of a lamp in a stairwell, drawn here: no real person, no real place."""
    picture = Image.new("RGB", (800, 600), "#31373d")
    pen = ImageDraw.Draw(picture)
    for ring in range(60, 0, -1):
        warm = (255, 214 - ring, max(60, 150 - ring * 2))
        edge = tuple(int(49 + (part - 49) * (60 - ring) / 60) for part in warm)
        pen.ellipse((400 - ring * 6, 210 - ring * 6, 400 + ring * 6, 210 + ring * 6), fill=edge)
    pen.ellipse((345, 150, 455, 270), fill="#fff6d8")
    pen.rectangle((370, 90, 430, 160), fill="#9aa3a8")
    for stair in range(6):
        pen.rectangle((stair * 140, 560 - stair * 42, 800, 600 - stair * 42), fill=f"#{0x50 + stair * 8:02x}4d4a")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def log_in(page: Page, url: str, login: str) -> None:
    """As one of the sample's log-ins."""
    page.goto(url + "/console/login")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()
