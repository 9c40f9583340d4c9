"""The console by WeCom: in with one's own account, nowhere else, not with what was begun elsewhere."""

from __future__ import annotations

import re

import pytest

from handlers.types import Sender
from storage import identities as known
from storage import people
from tests.bot.wecom.kit import Service, begun_login
from tests.channels.wecom.kit import CORP


async def _back(service: Service, code: str, state: str, cookie: str) -> tuple[int, str, str]:
    async with service.browser.get(
        "/console/login/wecom/back", params={"code": code, "state": state}, allow_redirects=False,
        headers={"Cookie": f"jushe_wecom={cookie}"},
    ) as answer:  # fmt: skip
        return answer.status, await answer.text(), answer.headers.get("Location", "")


async def test_the_console_by_wecom(service: Service) -> None:
    async with service.browser.get("/console/login") as page:
        assert "企业微信登录" in await page.text()
    query, where, cookie = await begun_login(service, after="?next=/console/tickets/5")
    assert where.startswith("https://login.work.weixin.qq.com/wwlogin/sso/login?")
    assert query["redirect_uri"] == [service.app.settings.address + "/console/login/wecom/back"]
    assert re.fullmatch(r"[0-9a-f]{64}", query["state"][0])
    state = query["state"][0]
    _, inside, _ = await begun_login(service, "MicroMessenger wxwork/4.1")
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
    query, _, cookie = await begun_login(service, after=f"?next={then}")
    with service.app.db.writing() as conn:
        desk = known.person_of(conn, Sender("webchat", "-", "desk"))
        people.link_identity(conn, desk, Sender("wecom", CORP, "pengyuee"), service.app.clock())
    service.api.logins = {"C1": {"errcode": 0, "userid": "PengYuee"}}
    assert (await _back(service, "C1", query["state"][0], cookie))[2] == "/console/"


async def test_a_log_in_begun_elsewhere_is_refused(service: Service) -> None:
    query, _, cookie = await begun_login(service)
    other, _, _ = await begun_login(service)
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
