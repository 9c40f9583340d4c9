"""The service with a WeCom application, against a platform of our own: one person on two channels, taps, log-in."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from bot import app as parts
from bot.app import App, open_storage
from bot.channels.tencent.envelope import Envelope
from bot.server import listen
from bot.settings import load
from handlers.types import Inbound, Sender
from storage import identities, people, sample
from storage import identities as known
from storage.schema import identities as addresses
from storage.schema import outbox
from tests.channels.kit import AES_KEY, TOKEN
from tests.channels.wecom.fake_wecom import FakeWeCom
from tests.channels.wecom.kit import AGENT, CORP, click, sealed, text, xml

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
LEADER = Sender("webchat", "-", "leader")


@dataclass
class Service:
    app: App
    api: FakeWeCom
    browser: ClientSession
    count: int = 0
    begun: float = field(default_factory=time.monotonic)

    async def post(self, message: bytes) -> str:
        self.count += 1
        query, body = sealed(self.app.clock(), message, nonce=f"n{self.count}")
        async with self.browser.post("/wecom", params=query, data=body) as answer:
            assert answer.status == 200
            said = await answer.text()
        if said == "success":
            return said
        envelope = said.split("<![CDATA[")[1].split("]]>")[0]
        plain = Envelope(CORP, AES_KEY).open(envelope).message.decode()
        return re.findall(r"<Content><!\[CDATA\[(.*)\]\]></Content>", plain, re.S)[0]

    async def write(self, words: str, user: str = "SuJianhua") -> str:
        return await self.post(
            text(words, str(1000 + self.count), user=user, created=int(self.app.clock().timestamp()))
        )

    async def report(self, words: str = "3幢2单元楼道灯坏了") -> None:
        for said in (words, "对"):
            self.count += 1
            resident = Sender("webchat", "-", "resident")
            await self.app.gateway.receive(Inbound(resident, f"r{self.count}", self.app.clock(), text=said))
        await self.settle()

    async def settle(self) -> None:
        await self.app.outbox.settle()
        channel = self.app.channels["wecom"]
        await channel.settle()  # type: ignore[attr-defined]

    async def claim(self, user: str = "SuJianhua") -> str:
        with self.app.db.writing() as conn:
            code = people.new_claim(conn, identities.person_of(conn, LEADER), self.app.clock())
        return await self.write(f"认领 {code}", user)

    async def rungs(self) -> list[str]:
        with self.app.db.reading() as conn:
            return list(conn.execute(select(outbox.c.rung).order_by(outbox.c.id)).scalars())


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    monkeypatch.chdir(tmp_path)
    begun = time.monotonic()
    async with FakeWeCom() as api:
        settings = load(
            data_dir=tmp_path / "data", wecom_corp_id=CORP, wecom_agent_id=AGENT, wecom_secret="s" * 32,
            wecom_token=TOKEN, wecom_aes_key=AES_KEY, wecom_api_base=api.url, webchat=True,
        )  # fmt: skip
        db = open_storage(settings)
        db.migrate()
        sample.seed(db, now=NOON)
        db.close()
        app = await parts.start(
            settings, clock=lambda: NOON + timedelta(seconds=time.monotonic() - begun), ticking=False
        )  # fmt: skip
        runner, port = await listen(app, "127.0.0.1", 0)
        async with ClientSession(f"http://127.0.0.1:{port}") as browser:
            yield Service(app, api, browser)
        await runner.cleanup()
        await app.stop()


async def test_a_new_member_is_asked_for_the_code(service: Service) -> None:
    follow = xml("event", "<Event><![CDATA[subscribe]]></Event>", user="Nobody")
    assert "认领" in await service.post(follow)
    assert "认领码不对" in await service.write("认领 00000000", "Nobody")


async def test_two_channels_one_person_and_one_push(service: Service) -> None:
    assert "认领成功，苏建华" in await service.claim()
    with service.app.db.reading() as conn:
        assert known.person_of(conn, LEADER) == known.person_of(conn, Sender("wecom", CORP, "sujianhua"))
    await service.report()
    [card] = service.api.cards
    assert card["main_title"]["title"] == "新任务 0001"
    assert "/m/w/" in card["card_action"]["url"]
    assert (await service.rungs()).count("card") == 1  # once, not on both
    assert "以后任务发到网页" in await service.write("任务发网页")
    await service.report("3幢楼下垃圾堆了没人收")
    assert len(service.api.cards) == 1


async def test_a_tap_takes_the_task_and_changes_the_card(service: Service) -> None:
    await service.claim()
    await service.report()
    [card] = service.api.cards
    accept = card["button_list"][0]["key"]
    at = int(service.app.clock().timestamp())
    tap = click(accept, task=card["task_id"], code="C1", user="SuJianhua", created=at)
    assert await service.post(tap) == "success"
    await service.settle()
    changed = service.api.updated[0]["template_card"]
    assert changed["main_title"]["desc"] == "处置中，苏建华"
    assert "接单成功" in changed["sub_title_text"]
    assert [button["text"] for button in changed["button_list"]] == ["到场", "办结", "办理情况", "退单", "求助"]
    finish = changed["button_list"][1]["key"]
    await service.post(click(finish, task=changed["task_id"], code="C2", user="SuJianhua", created=at + 1))
    await service.settle()
    assert "怎么办好的" in service.api.updated[1]["template_card"]["sub_title_text"]
    assert "已反馈" in await service.write("已换灯泡")
    # the old card, tapped late
    back = card["button_list"][1]["key"]
    await service.post(click(back, task=card["task_id"], code="C3", user="SuJianhua", created=at + 2))
    await service.settle()
    late = service.api.updated[2]["template_card"]
    assert late["sub_title_text"] == "0001已由苏建华办结，不用再点。"
    assert late["card_type"] == "text_notice"


async def test_a_member_who_is_gone_gets_it_elsewhere(service: Service) -> None:
    await service.claim()
    service.api.gone.add("sujianhua")
    await service.report()
    assert not service.api.cards
    assert "webchat" in await service.rungs()
    with service.app.db.reading() as conn:
        followed = conn.execute(select(addresses.c.followed).where(addresses.c.user == "sujianhua")).scalar()
    assert followed is False
    await service.write("我的待办")  # who writes again can be written to again
    with service.app.db.reading() as conn:
        back = conn.execute(select(addresses.c.followed).where(addresses.c.user == "sujianhua")).scalar()
    assert back is True


async def test_leaving_the_application_keeps_the_record(service: Service) -> None:
    await service.claim()
    await service.post(xml("event", "<Event><![CDATA[unsubscribe]]></Event>", user="SuJianhua"))
    with service.app.db.reading() as conn:
        assert known.name_of(conn, known.person_of(conn, LEADER)) == "苏建华"


async def test_thirty_a_minute_and_then_together(service: Service) -> None:
    await service.claim()
    for number in range(12):
        await service.report(f"{1 + number % 2}幢{1 + number // 6}单元楼道灯坏了")
    ground = service.app.channels["wecom"]._ground  # type: ignore[attr-defined]
    taken = sum(ground.allow("sujianhua", alarm=False) == 0 for _ in range(40))
    assert taken <= 25
    assert ground.allow("sujianhua", alarm=False) > 0
    assert ground.allow("sujianhua", alarm=True) == 0  # five are kept for danger
    sent = len(service.api.cards) + len(service.api.sent)
    await service.report("3幢2单元水管漏水")
    assert len(service.api.cards) + len(service.api.sent) == sent


async def _login(service: Service, agent: str = "Mozilla", after: str = "") -> tuple[dict[str, list[str]], str, str]:
    async with service.browser.get(
        f"/console/login/wecom{after}", allow_redirects=False, headers={"User-Agent": agent}
    ) as answer:
        assert answer.status == 303
        where = answer.headers["Location"]
        cookie = SimpleCookie(answer.headers["Set-Cookie"])["jushe_wecom"].value
    return parse_qs(urlsplit(where).query), where, cookie


async def _back(service: Service, code: str, state: str, cookie: str) -> tuple[int, str, str]:
    async with service.browser.get(
        "/console/login/wecom/back", params={"code": code, "state": state}, allow_redirects=False,
        headers={"Cookie": f"jushe_wecom={cookie}"},
    ) as answer:  # fmt: skip
        return answer.status, await answer.text(), answer.headers.get("Location", "")


async def test_the_console_by_wecom(service: Service) -> None:
    async with service.browser.get("/console/login") as page:
        assert "企业微信登录" in await page.text()
    query, where, cookie = await _login(service, after="?next=/console/tickets/5")
    assert where.startswith("https://login.work.weixin.qq.com/wwlogin/sso/login?")
    assert query["redirect_uri"] == [service.app.settings.address + "/console/login/wecom/back"]
    assert re.fullmatch(r"[0-9a-f]{64}", query["state"][0])
    state = query["state"][0]
    _, inside, _ = await _login(service, "MicroMessenger wxwork/4.1")
    assert inside.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?") and "scope=snsapi_base" in inside
    service.api.logins = {
        name: {"errcode": 0, "userid": user} for name, user in (("C1", "PengYuee"), ("C2", "PengYuee"), ("C3", "Who"))
    }
    assert (await _back(service, "C3", state, cookie))[0] == 403
    status, page_text, _ = await _back(service, "C1", state, cookie)
    assert status == 403 and "认领" in page_text
    with service.app.db.writing() as conn:
        desk = known.person_of(conn, Sender("webchat", "-", "desk"))
        people.link_identity(conn, desk, Sender("wecom", CORP, "pengyuee"), service.app.clock())
    status, _, then = await _back(service, "C2", state, cookie)
    assert (status, then) == (303, "/console/tickets/5")
    assert (await _back(service, "C2", state, cookie))[0] == 403  # a code is good once


@pytest.mark.parametrize("then", ["//evil.example/", "https://evil.example/", "/m/w", "/console//e", "/console/../m"])
async def test_nobody_is_sent_elsewhere(service: Service, then: str) -> None:
    query, _, cookie = await _login(service, after=f"?next={then}")
    with service.app.db.writing() as conn:
        desk = known.person_of(conn, Sender("webchat", "-", "desk"))
        people.link_identity(conn, desk, Sender("wecom", CORP, "pengyuee"), service.app.clock())
    service.api.logins = {"C1": {"errcode": 0, "userid": "PengYuee"}}
    assert (await _back(service, "C1", query["state"][0], cookie))[2] == "/console/"


async def test_a_log_in_begun_elsewhere_is_refused(service: Service) -> None:
    query, _, cookie = await _login(service)
    other, _, _ = await _login(service)
    service.api.logins = {"C1": {"errcode": 0, "userid": "PengYuee"}}
    state = query["state"][0]
    for code, given, held in (
        ("C1", other["state"][0], cookie), ("C1", "0" * 64, cookie), ("C1", state, ""), ("C1", state, cookie + "x"),
        ("", state, cookie), ("中", state, cookie),
    ):  # fmt: skip
        status, page, _ = await _back(service, code, given, held)
        assert status == 403 and "再点一次" in page
    assert "C1" in service.api.logins
    service.api.script("/cgi-bin/auth/getuserinfo", -1)
    status, page, _ = await _back(service, "C1", state, cookie)
    assert status == 502 and "没有回答" in page
