"""A clerk's tickets in the browser: a returned task dispatched again, a talk taken over, a face covered."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from storage.sample_logins import LOGIN, PASSWORD
from tests.browser.conftest import PHONE, Program, Windows
from tests.browser.people import bulb, heard, phone, send_photo, tap, write

pytestmark = pytest.mark.browser
Shot = Callable[[Page, str], None]


def log_in(page: Page, login: str) -> None:
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="待办")).to_be_visible()


def reported(page: Page, words: str = "3幢2单元楼道灯坏了") -> None:
    resident = phone(page, "resident")
    heard(resident, "您好")
    write(resident, words)
    heard(resident, "对吗")
    tap(resident, "对，报上去")
    heard(resident, "已受理")


def opened(page: Page) -> None:
    page.locator(".ticket [data-open]").first.click()
    expect(page.get_by_role("heading", name="经过")).to_be_visible()


def form_behind(page: Page, name: str) -> None:
    page.locator("details.act > summary", has_text=re.compile(f"^{name}$")).click()


def test_a_returned_task(demo: Program, windows: Windows, shot: Shot) -> None:
    reported(windows.open(demo.url, "/demo").page)
    leader = windows.open(demo.url, "/console/login", PHONE).page
    clerk = windows.open(demo.url, "/console/login", expected=("409 (Conflict)",)).page
    log_in(leader, "leader")
    opened(leader)
    log_in(clerk, LOGIN)
    opened(clerk)
    expect(clerk.locator("[data-here]")).to_contain_text("苏建华也在看")

    form_behind(leader, "退单")
    leader.get_by_label("依据").select_option(label="不属于本单位职责")
    leader.get_by_label("为什么退").fill("这盏灯是物业装的，归物业修")
    leader.get_by_role("button", name="退单", exact=True).click()
    expect(leader.locator(".said")).to_contain_text("退单已报社区")

    form_behind(clerk, "上报")  # the clerk's page is as it was before: what was typed is kept, the change is shown
    clerk.get_by_label("为什么上报").fill("要请街道看一看")
    clerk.get_by_role("button", name="上报", exact=True).click()
    expect(clerk.locator(".conflict")).to_contain_text("苏建华申请退单")
    expect(clerk.get_by_label(re.compile("您刚才写的|为什么上报"))).to_have_value("要请街道看一看")
    shot(clerk, "ticket-conflict")

    clerk.get_by_role("button", name="同意退单", exact=True).click()
    expect(clerk.locator(".said")).to_contain_text("同意退单")
    form_behind(clerk, "派单")
    clerk.get_by_label("交给谁").select_option(label=_unit(clerk, "物业"))
    clerk.get_by_role("button", name="派单", exact=True).click()
    expect(clerk.locator(".said")).to_contain_text("已派给")
    expect(clerk.locator(".title-line .state")).to_have_text("待接单")
    expect(clerk.locator(".timeline")).to_contain_text("这盏灯是物业装的，归物业修")

    form_behind(clerk, "办结")  # the photo itself goes along, not only its name
    clerk.get_by_label("怎么办好的").fill("物业来换了灯泡")
    photo = {"name": "亮了.jpg", "mimeType": "image/jpeg", "buffer": bulb()}
    clerk.locator(".acts input[type=file]:visible").set_input_files(photo)
    clerk.get_by_role("button", name="办结", exact=True).click()
    expect(clerk.locator(".said")).to_contain_text("已反馈")
    expect(clerk.get_by_role("img", name="办好后的照片1")).to_be_visible()

    clerk.get_by_role("button", name="大字").click()
    expect(clerk.locator("html")).to_have_class("bigger")


def _unit(page: Page, part: str) -> str:
    labels = page.get_by_label("交给谁").locator("option").all_inner_texts()
    return next(label for label in labels if part in label)


def test_a_talk_taken_over_and_a_face_covered(demo: Program, windows: Windows, shot: Shot) -> None:
    chat = windows.open(demo.url, "/demo").page
    reported(chat)
    resident = phone(chat, "resident")
    send_photo(resident, "lamp.jpg", bulb())
    heard(resident, "补充好了")
    clerk = windows.open(demo.url, "/console/replies").page
    log_in_then(clerk, LOGIN)
    clerk.get_by_role("button", name="加几条常用的").click()
    expect(clerk.get_by_role("rowheader", name="等配件")).to_be_visible()
    clerk.goto(demo.url + "/console/")
    opened(clerk)
    clerk.get_by_role("button", name="接管").click()
    expect(clerk.locator(".held.mine")).to_contain_text("您正在和居民说话，机器人不插嘴")
    heard(resident, "社区的彭月娥来和您说话")

    before = resident.locator(".turn.them").count()
    write(resident, "师傅几点来呀")
    expect(resident.locator(".turn.me").last).to_contain_text("师傅几点来呀")
    clerk.reload()
    expect(clerk.locator(".bubbles .theirs").last).to_contain_text("师傅几点来呀")
    assert resident.locator(".turn.them").count() == before, "the bot is silent"

    clerk.locator(".ready > summary").click()
    clerk.get_by_role("link", name="约上门时间").click()
    expect(clerk.locator("#reply-words")).to_have_value(re.compile(r"^您好，\d{4}要上门看一看，您什么时候在家？"))
    clerk.get_by_role("button", name="发给居民").click()
    expect(clerk.locator(".said")).to_contain_text("已发给居民")
    heard(resident, re.compile("彭月娥：您好，.*您什么时候在家"))
    clerk.reload()
    expect(clerk.locator(".bubbles .ours .fate").last).to_contain_text("网页聊天送到")
    shot(clerk, "ticket-takeover")

    clerk.get_by_role("link", name="遮住人脸、车牌").first.click()
    picture = clerk.locator("[data-cover] img")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    clerk.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.1)
    clerk.mouse.down()
    clerk.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6, steps=4)
    clerk.mouse.up()
    expect(clerk.get_by_label("方块")).to_have_value(re.compile(r"^(30|29\.9|30\.1) 10(\.\d)? "))
    shot(clerk, "photo-cover")
    clerk.get_by_role("button", name="遮住", exact=True).click()
    expect(clerk.locator(".said")).to_contain_text("遮好了")
    shown = clerk.locator(".shots img").first
    data = clerk.request.get(demo.url + str(shown.get_attribute("src"))).body()
    middle = Image.open(io.BytesIO(data)).convert("RGB").crop((300, 100, 500, 300))
    assert len(middle.getcolors(40_000) or range(40_000)) < 2_000, "a few squares are left of it"

    clerk.get_by_role("button", name="交还给机器人").click()
    heard(resident, "这次对话结束了")
    write(resident, "查进度")
    heard(resident, "楼道灯坏了")


def log_in_then(page: Page, login: str) -> None:
    """Where the log-in leads back to."""
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="现成的话")).to_be_visible()
