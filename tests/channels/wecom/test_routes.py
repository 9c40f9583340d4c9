"""The callback over real HTTP: messages answered, cards tapped once, twice and late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web

from bot.channels.tencent.envelope import Envelope
from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.routes import door
from handlers.types import Choice, Inbound, Reply
from tests.channels.shelf import MemoryShelf
from tests.channels.wecom.fake_wecom import UPDATE_CARD, FakeWeCom
from tests.channels.wecom.ground import Ground
from tests.channels.wecom.kit import AES_KEY, CORP, TICKET, Clock, click, config, sealed, text

PRESS = f"{TICKET}:接单 0017"


class Gateway:
    """Answers what the test says, the same for every copy; remembers what came."""

    def __init__(self) -> None:
        self.came: list[Inbound] = []
        self.answer: Callable[[Inbound], tuple[Reply, ...] | None] = lambda _: (Reply("接单成功，0017。"),)
        self._said: dict[str, tuple[Reply, ...] | None] = {}

    def take(self, inbound: Inbound, told: Callable[[tuple[Reply, ...] | None], None]) -> None:
        if inbound.key not in self._said:
            self.came.append(inbound)
            self._said[inbound.key] = self.answer(inbound)
        told(self._said[inbound.key])


@dataclass
class Site:
    base: str
    session: aiohttp.ClientSession
    api: FakeWeCom
    gateway: Gateway
    channel: WeCom
    ground: Ground

    async def post(self, message: bytes, nonce: str = "n1") -> tuple[int, str]:
        query, body = sealed(Clock()(), message, nonce=nonce)
        async with self.session.post(self.base + "/wecom", params=query, data=body) as answer:
            said = answer.status, await answer.text()
        await self.channel.settle()
        return said


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with FakeWeCom() as api:
        account, clock, ground, gateway = config(api_base=api.url), Clock(), Ground(), Gateway()
        channel = WeCom(account, WeComClient(account, MemoryShelf(), clock), ground, clock)
        app = web.Application()
        app.add_routes(door(channel, gateway).routes("/wecom"))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession() as session:
            yield Site(f"http://127.0.0.1:{runner.addresses[0][1]}", session, api, gateway, channel, ground)
        await runner.cleanup()
        await channel.close()


async def test_a_message_is_answered_in_its_envelope(site: Site) -> None:
    status, answer = await site.post(text("接单 0017"))
    assert status == 200
    plain = Envelope(CORP, AES_KEY).open(answer.split("<![CDATA[")[1].split("]]>")[0]).message.decode()
    assert "<![CDATA[接单成功，0017。]]>" in plain and "<ToUserName><![CDATA[LiWeiguo]]>" in plain


async def test_a_forged_message_is_one_clean_refusal(site: Site) -> None:
    query, body = sealed(Clock()(), text("x"))
    async with site.session.post(
        site.base + "/wecom", params=query | {"msg_signature": "0" * 40}, data=body
    ) as answer:
        assert (answer.status, await answer.text()) == (403, "refused")
    assert not site.gateway.came


async def test_a_late_answer_is_success(site: Site) -> None:
    site.gateway.answer = lambda _: None
    assert await site.post(text("接单")) == (200, "success")
    assert await site.post(click(PRESS)) == (200, "success")
    assert not site.api.updated


async def test_a_tap_changes_the_card(site: Site) -> None:
    assert await site.post(click(PRESS)) == (200, "success")
    [body] = site.api.updated
    assert (body["userids"], body["response_code"], body["agentid"]) == (["liweiguo"], "CODE-1", 1000002)
    card = body["template_card"]
    assert card["main_title"] == {"title": "0017 楼道灯不亮", "desc": "处置中，李卫国"}
    assert card["sub_title_text"] == "接单成功，0017。"
    assert [button["text"] for button in card["button_list"]] == ["到场", "办结"]
    assert card["task_id"] != f"t{TICKET}-7"
    assert not site.api.sent and not site.ground.taken  # a changed card is no message


async def test_the_platform_repeats_a_tap(site: Site) -> None:
    for nonce in ("n1", "n1", "n2"):
        assert await site.post(click(PRESS), nonce) == (200, "success")
    assert len(site.gateway.came) == 1 and len(site.api.to(UPDATE_CARD)) == 1


async def test_tapped_twice_the_answer_is_the_same(site: Site) -> None:
    await site.post(click(PRESS))
    await site.post(click(PRESS, code="CODE-2", created=1780275601))
    first, second = site.api.updated
    assert len(site.gateway.came) == 1
    assert first["template_card"]["sub_title_text"] == second["template_card"]["sub_title_text"]


async def test_tapped_after_72_hours_the_words_come_by_themselves(site: Site) -> None:
    site.api.used.add("OLD")
    site.gateway.answer = lambda _: (Reply("0017已由张敏处理，您不用再点。"),)
    await site.post(click(PRESS, code="OLD"))
    assert site.api.sent == [("liweiguo", "0017已由张敏处理，您不用再点。")]


async def test_a_card_of_a_matter_that_is_not_theirs(site: Site) -> None:
    site.gateway.answer = lambda _: (Reply("这一单不归您管，不能操作。已经记录。"),)
    for code, key in enumerate(("999:接单 0017", "x:接单", "9" * 30 + ":接单")):
        await site.post(click(key, code=f"C{code}"))
    assert not site.api.updated and len(site.api.sent) == 3


async def test_a_question_with_choices_follows_in_words(site: Site) -> None:
    site.gateway.answer = lambda _: (Reply("是哪一单？", (Choice("0017 灯"), Choice("0021 堵"))),)
    await site.post(click(PRESS))
    assert len(site.api.updated) == 1
    assert site.api.sent == [("liweiguo", "是哪一单？\n1 0017 灯\n2 0021 堵")]


async def test_a_done_matter_leaves_a_card_without_buttons(site: Site) -> None:
    assert site.ground.now is not None
    from dataclasses import replace

    site.ground.now = replace(site.ground.now, buttons=(), state="待评价，李卫国")
    await site.post(click(PRESS))
    card = site.api.updated[0]["template_card"]
    assert card["card_type"] == "text_notice" and "button_list" not in card and card["card_action"]["type"] == 1


async def test_stopping_waits_for_the_cards(site: Site) -> None:
    from tests.channels.fake_wechat import Slow

    site.api.script(UPDATE_CARD, Slow(0.2))
    query, body = sealed(Clock()(), click(PRESS))
    async with site.session.post(site.base + "/wecom", params=query, data=body) as answer:
        assert await answer.text() == "success"
    await asyncio.wait_for(site.channel.settle(), 5)
    assert len(site.api.updated) == 1
