"""Who hears a voice: the desk, who works on it, who sent it; in the chat and on the pages opened from it."""

from __future__ import annotations

import base64
import re
from html import unescape

from aiohttp import ClientSession

from bot import media
from bot.app import App
from handlers.types import Inbound, Media, Sender
from tests.bot.matters import Town
from tests.bot.sounds import amr, webm
from tests.bot.test_webchat import Phone, pushes


async def test_a_voice_is_heard_by_the_desk(browser: ClientSession, demo: App) -> None:
    voice = base64.b64encode(webm(2)).decode()
    said = (await Phone(browser, "resident")(voice=f"data:audio/webm;codecs=opus;base64,{voice}"))[-1]
    assert "语音收到了" in said["text"]
    [task] = await pushes(browser, "desk", 1)
    assert "有语音" in task["text"]
    async with browser.get(task["link"]) as answer:
        heard = re.search(r'<audio [^>]*src="(/media/[^"]+)"', await answer.text())
    assert heard
    async with browser.get(unescape(heard[1])) as answer:
        assert (answer.status, answer.content_type) == (200, "audio/mpeg")


async def test_a_voice_of_who_did_it_is_heard_in_the_chat(browser: ClientSession, demo: App) -> None:
    resident, leader = Phone(browser, "resident"), Phone(browser, "leader")
    said = await resident(text="3幢2单元楼道灯坏了")
    await resident(text=said[-1]["choices"][0]["say"])
    await leader(text="接单")
    await leader(text="办结 已换灯泡")
    await leader(voice=base64.b64encode(webm(2)).decode())
    told = await pushes(browser, "resident", 3)
    assert [len(push["voices"]) for push in told] == [0, 0, 1]


async def test_a_voice_is_heard_by_who_reported_and_who_works_on_it_only(town: Town) -> None:
    sender = Sender("webchat", "-", "resident")
    kept = (Media("voice", f"file:{await media.keep_voice(town.app, amr(1))}"),)
    await town.app.gateway.receive(Inbound(sender, "v1", town.app.clock(), media=kept))  # soon after: the report's
    player = re.compile(r'<audio controls preload="none" src="(/media/[^"]+)"')
    for path in (town.matter("resident"), town.tasks("leader")):
        async with town.browser.get(path) as answer:
            found = player.search(await answer.text())
        assert found, path
        async with town.browser.get(unescape(found[1])) as answer:
            assert answer.content_type == "audio/mpeg"
    await town.say("neighbour", "学府花园3幢2单元楼道灯坏了")
    await town.say("neighbour", "加入关注")
    async with town.browser.get(town.matter("neighbour")) as answer:
        assert not player.search(await answer.text())
