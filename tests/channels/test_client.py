"""The calls to the platform over real HTTP: every error code, slow answers and resets, media, QR codes."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bot.channels.tencent import api as client_module
from bot.channels.tencent.errors import ApiError, Policy
from bot.channels.tencent.fetch import FetchRefused
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.errors import LOUD, RULES
from tests.channels.fake_wechat import (
    CUSTOM,
    MEDIA_GET,
    MEDIA_UPLOAD,
    QRCODE,
    TEMPLATE,
    TOKEN,
    FakeWeChat,
    Raw,
    Reset,
    Slow,
)
from tests.channels.kit import OPENID, Clock, config
from tests.channels.pushes import code_of
from tests.channels.shelf import MemoryShelf


async def test_text_goes_as_utf8_json(client: WeChatClient, api: FakeWeChat) -> None:
    await client.send_text(OPENID, '3幢"灯"\n🚲')
    (call,) = api.to(CUSTOM)
    assert "幢".encode() in call.raw and b"\\u" not in call.raw
    assert call.body == {"touser": OPENID, "msgtype": "text", "text": {"content": '3幢"灯"\n🚲'}}
    assert call.query == {"access_token": "TOKEN-1"}
    assert api.to(TOKEN)[0].body["force_refresh"] is False


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.policy is not Policy.RENEW_ONCE])
async def test_every_code(client: WeChatClient, api: FakeWeChat, code: int, caplog: pytest.LogCaptureFixture) -> None:
    api.script(CUSTOM, code)
    if RULES[code].policy is Policy.SUCCESS:
        await client.send_text(OPENID, "x")
        return
    assert await code_of(client.send_text(OPENID, "x")) == code
    assert len(api.to(CUSTOM)) == 1
    (line,) = [record for record in caplog.records if "call failed" in record.getMessage()]
    assert f"code={code} rid=6a1f-00-7b" in line.getMessage()
    assert (line.levelno == logging.ERROR) is (code in LOUD)


async def test_an_unknown_code_is_a_failure(client: WeChatClient, api: FakeWeChat) -> None:
    api.script(CUSTOM, 99_999_999)
    assert await code_of(client.send_text(OPENID, "x")) == 99_999_999


async def test_47003_names_the_field(client: WeChatClient, api: FakeWeChat, caplog: pytest.LogCaptureFixture) -> None:
    errmsg = f"argument invalid! data.thing1.value invalid {OPENID} rid: 6a1f-00"
    api.script(TEMPLATE, {"errcode": 47003, "errmsg": errmsg})
    assert await code_of(client.send_template(OPENID, "TPL", {"thing1": "x"}, "7", "")) == 47003
    assert "field=thing1" in caplog.text and OPENID not in caplog.text


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Slow(1.0), "timeout"),
        (Reset(), "reset"),
        (Raw(b"<html>", status=502), "http"),
        (Raw(b"<html>"), "not_json"),
        (Raw(b"[1]", "application/json"), "not_json"),
        (Raw(b""), "not_json"),
        (Raw(b'{"errcode":"0"}', "application/json"), "not_json"),
        (Raw(b" " * 2_000_000, "application/json"), "not_json"),
        (Raw(b"", status=302), "http"),
    ],
)
async def test_no_clear_answer(
    api: FakeWeChat, shelf: MemoryShelf, clock: Clock, told: object, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "TIMEOUT", client_module.aiohttp.ClientTimeout(total=0.3, connect=0.3))
    client = WeChatClient(config(api_base=api.url), shelf, clock)
    await client.token.get()
    api.script(CUSTOM, told)
    with pytest.raises(ApiError) as failed:
        await client.send_text(OPENID, "x")
    assert failed.value.code == code and not failed.value.sure
    assert failed.value.rule.policy is Policy.RETRY
    assert failed.value.__cause__ is None  # the library's error would show the token
    assert len(api.to(CUSTOM)) == 1
    await client.close()


async def test_nobody_at_the_address(shelf: MemoryShelf, clock: Clock) -> None:
    shelf.store("T", clock() + timedelta(hours=1))
    client = WeChatClient(config(api_base="http://127.0.0.1:1"), shelf, clock)
    with pytest.raises(ApiError) as failed:
        await client.send_text(OPENID, "x")
    assert failed.value.code == "connect" and failed.value.sure
    await client.close()


async def test_media(client: WeChatClient, api: FakeWeChat) -> None:
    api.media["P1"] = (b"\xff\xd8\xff", "image/jpeg")
    got = await client.media("P1")
    assert (got.data, got.content_type) == (b"\xff\xd8\xff", "image/jpeg")
    assert api.to(MEDIA_GET)[0].query == {"access_token": "TOKEN-1", "media_id": "P1"}
    assert await code_of(client.media("gone")) == 40007
    api.expire_token()
    assert (await client.media("P1")).data == b"\xff\xd8\xff"


async def test_a_video_is_fetched_from_the_address_given_if_it_is_the_platforms(
    client: WeChatClient, api: FakeWeChat
) -> None:
    api.script(MEDIA_GET, {"video_url": api.url + "/video"})
    api.script("/video", Raw(b"mp4", "video/mp4"))
    assert (await client.media("V1")).data == b"mp4"
    for url in ("http://169.254.169.254/", "http://127.0.0.1:1/", "file:///etc/hostname"):
        api.script(MEDIA_GET, {"video_url": url})
        with pytest.raises(FetchRefused):
            await client.media("V1")
    api.script(MEDIA_GET, {"video_url": 7})
    assert await code_of(client.media("V1")) == "not_json"


async def test_a_photo_of_more_than_10_mb_is_refused(client: WeChatClient, api: FakeWeChat) -> None:
    api.media["P1"] = (bytes(10 * 1024 * 1024 + 1), "image/jpeg")
    with pytest.raises(FetchRefused) as refused:
        await client.media("P1")
    assert refused.value.reason == "size"


async def test_upload_is_built_anew_when_repeated(client: WeChatClient, api: FakeWeChat) -> None:
    await client.token.get()
    api.expire_token()
    assert await client.upload("image", "a.jpg", b"\xff\xd8photo", "image/jpeg") == "MEDIA-1"
    first, second = api.to(MEDIA_UPLOAD)
    for call in (first, second):
        assert b'name="media"' in call.raw and b'filename="a.jpg"' in call.raw and b"\xff\xd8photo" in call.raw
        assert call.query["type"] == "image"


async def test_qrcode_and_menu(client: WeChatClient, api: FakeWeChat) -> None:
    assert await client.create_qrcode("g1.b7Kq2") == "gQH47z+/=="
    scene = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "g1.b7Kq2"}}}
    assert api.to(QRCODE)[0].body == scene
    await client.create_menu({"button": []})
    assert api.menu == {"button": []}
