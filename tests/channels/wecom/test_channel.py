"""How a push goes out, against WeCom's API: cards, text, photos, limits, members who are gone, every error code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.base import SendFailed
from bot.channels.tencent.errors import Policy
from bot.channels.tencent.render import safe
from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.errors import LOUD, RULES
from handlers.types import Choice, Media, Rank
from tests.channels.fake_wechat import Raw, Reset, Slow
from tests.channels.shelf import MemoryShelf
from tests.channels.wecom.fake_wecom import GET_TOKEN, MEDIA_GET, MEDIA_UPLOAD, MENU, SEND, FakeWeCom
from tests.channels.wecom.ground import Ground
from tests.channels.wecom.kit import OUT, TICKET, WHO, Clock

LINK = '<a href="https://jushe.example.cn/m/{}">{}</a>'
NOTICE = replace(OUT, kind="progress", choices=(), text="0017 楼道灯不亮：社区已回复。", link="")


async def _failure(channel: WeCom, out: object = NOTICE) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await channel.send(out)  # type: ignore[arg-type]
    return failed.value


async def test_a_task_is_a_card_with_buttons(channel: WeCom, api: FakeWeCom) -> None:
    assert await channel.send(OUT) == "card"
    [call] = api.to(SEND)
    assert (call.body["touser"], call.body["agentid"], call.body["msgtype"]) == ("liweiguo", 1000002, "template_card")
    assert api.cards == [
        {
            "card_type": "button_interaction",
            "source": {"desc": "居社通", "desc_color": 0},
            "main_title": {"title": "新任务 0017", "desc": ""},
            "sub_title_text": "请今天11:00前接单，6月4日9:00前办好。",
            "horizontal_content_list": [
                {"keyname": "事情", "value": "楼道灯不亮"},
                {"keyname": "地点", "value": "学府花园3幢2单元"},
                {"keyname": "报事人", "value": "王姓居民（尾号8888）"},
            ],
            "task_id": f"t{TICKET}-7",
            "card_action": {"type": 1, "url": "https://jushe.example.cn/m/w/abc"},
            "button_list": [
                {"text": "接单", "style": 1, "key": f"{TICKET}:接单 0017"},
                {"text": "退单", "style": 2, "key": f"{TICKET}:退单 0017"},
                {"text": "求助", "style": 2, "key": f"{TICKET}:上报 0017"},
            ],
        }
    ]
    assert b"\\u" not in call.raw  # UTF-8, as the platform wants it


async def test_a_card_that_was_sent_already_is_followed_by_words(channel: WeCom, api: FakeWeCom) -> None:
    await channel.send(OUT)
    assert await channel.send(OUT) == "text"  # 42014: the task_id is known; better twice than never
    assert api.sent[0][1].startswith("新任务 0017\n")


async def test_words_with_numbered_choices_and_our_own_link(channel: WeCom, api: FakeWeCom) -> None:
    out = replace(NOTICE, choices=(Choice("解决了"), Choice("没解决")), link="https://jushe.example.cn/m/t/abc")
    assert await channel.send(out) == "text"
    assert api.sent == [
        (
            "liweiguo",
            "0017 楼道灯不亮：社区已回复。\n1 解决了\n2 没解决\n" + LINK.format("t/abc", "打开看看"),
        )
    ]
    assert api.to(SEND)[0].body["enable_duplicate_check"] == 1


async def test_what_people_wrote_is_never_a_link(channel: WeCom, api: FakeWeCom) -> None:
    await channel.send(replace(NOTICE, text='点<a href="http://evil.example">这里</a> 3<5 < b'))
    assert "<a" not in api.sent[0][1] and "</a" not in api.sent[0][1]
    assert "3<5" in api.sent[0][1]
    assert safe("a\x00b< A >") == "ab＜ A >"


async def test_long_words_are_sent_in_parts(channel: WeCom, api: FakeWeCom) -> None:
    await channel.send(replace(NOTICE, text="长" * 1500))
    assert [len(words.encode()) <= 2048 for _, words in api.sent] == [True, True, True]
    assert "".join(words for _, words in api.sent) == "长" * 1500


async def test_photos_follow_the_words(channel: WeCom, api: FakeWeCom, ground: Ground) -> None:
    ground.photos = {"a.jpg": b"\xff\xd8jpeg", "big.jpg": b"x" * (2 * 1024 * 1024 + 1)}
    media = tuple(Media("photo", f"file:{name}") for name in ("a.jpg", "gone.jpg", "big.jpg"))
    assert await channel.send(replace(NOTICE, media=media)) == "text"
    assert api.images == [("liweiguo", "MEDIA-1")]
    api.script(MEDIA_UPLOAD, 45009)
    assert await channel.send(replace(NOTICE, id=8, media=media)) == "text"  # the words were never in danger


async def test_a_member_who_is_gone_is_marked(channel: WeCom, api: FakeWeCom) -> None:
    api.gone.add("liweiguo")
    for out in (OUT, NOTICE):
        failed = await _failure(channel, out)
        assert (failed.code, failed.gone, failed.retry) == ("invaliduser", True, False)


@pytest.mark.parametrize("code", sorted(RULES))
async def test_every_code(channel: WeCom, api: FakeWeCom, code: int) -> None:
    rule = RULES[code]
    api.script(SEND, code, code)
    if rule.policy is Policy.NEXT_RUNG:
        api.clear(SEND)
        api.script(SEND, code)
        assert await channel.send(OUT) == "text"
        return
    failed = await _failure(channel)
    assert failed.code == str(code)
    assert failed.gone == (rule.policy is Policy.MARK_UNFOLLOWED)
    waits = rule.policy in (Policy.ALARM, Policy.RENEW_ONCE, Policy.STOP_ENDPOINT)
    assert failed.retry == (waits or rule.policy is Policy.RETRY)
    assert bool(failed.stop_endpoint) == waits
    assert len(api.to(SEND)) == (2 if rule.policy is Policy.RENEW_ONCE else 1)


def test_loud_codes_are_in_the_table() -> None:
    assert set(RULES) >= LOUD


async def test_an_unknown_code_ends_the_row(channel: WeCom, api: FakeWeCom) -> None:
    api.script(SEND, 99999)
    assert not (await _failure(channel)).retry


async def test_a_pause_holds_every_message_until_it_ends(channel: WeCom, api: FakeWeCom, clock: Clock) -> None:
    api.script(SEND, 45009)
    assert (await _failure(channel)).wait == 60
    assert (await _failure(channel)).code == "paused"
    clock.forward(61)
    assert await channel.send(NOTICE) == "text"


async def test_an_expired_token_is_renewed_once(channel: WeCom, api: FakeWeCom) -> None:
    await channel.send(NOTICE)
    api.expire_token()
    assert await channel.send(replace(NOTICE, id=8)) == "text"
    assert len(api.to(GET_TOKEN)) == 2
    api.script(SEND, 42001, 42001)
    assert (await _failure(channel)).code == "42001"


async def test_a_wrong_secret_stops_and_says_so(
    channel: WeCom, api: FakeWeCom, caplog: pytest.LogCaptureFixture
) -> None:
    api.secret = "another"
    failed = await _failure(channel)
    assert (failed.code, failed.retry) == ("40001", True)
    assert "s" * 32 not in caplog.text and "corpsecret" not in caplog.text
    assert any(record.levelname == "ERROR" for record in caplog.records)


@pytest.mark.parametrize(
    "told", [Reset(), Raw(b"<html>", status=502), Raw(b"not json", "application/json"), Slow(0.6)]
)
async def test_no_clear_answer_is_tried_once_more(
    channel: WeCom, api: FakeWeCom, told: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.script(SEND, told, told)
    if isinstance(told, Slow):
        account = channel.config
        import bot.channels.tencent.api as module

        monkeypatch.setattr(module, "TIMEOUT", module.aiohttp.ClientTimeout(total=0.3, connect=0.3))
        channel = WeCom(account, WeComClient(account, MemoryShelf(), channel.now), Ground(), channel.now)
    first = await _failure(channel)
    assert first.retry and first.code in ("reset", "http", "not_json", "timeout")
    assert not (await _failure(channel)).retry
    if isinstance(told, Slow):
        await channel.close()


async def test_at_the_limit_a_message_waits_and_then_all_go_together(
    channel: WeCom, api: FakeWeCom, ground: Ground
) -> None:
    ground.waits["liweiguo"] = 42.0
    failed = await _failure(channel, OUT)
    assert (failed.code, failed.retry, failed.wait) == ("limited", True, 42.0)
    assert ground.back == ["liweiguo"] and not api.to(SEND)
    alarm = replace(OUT, id=6, rank=Rank.ALARM, kind="alarm")
    assert await channel.send(alarm) == "card"  # danger has messages of its own
    del ground.waits["liweiguo"]
    ground.behind = [replace(OUT, id=9, text="新任务 0021\n事情：堵了"), replace(NOTICE, id=10)]
    assert await channel.send(OUT) == "digest"
    assert ground.went == [9, 10]
    [(user, words)] = api.sent
    head, first, *rest = words.split("\n")
    assert (user, head) == ("liweiguo", "您有3条消息，一起发给您：")
    assert first.startswith("1 新任务 0017 事情：楼道灯不亮 地点：学府花园3幢2单元")
    assert rest == [
        "2 新任务 0021 事情：堵了",
        "3 0017 楼道灯不亮：社区已回复。",
        "说「我的待办」可以逐件办。",
        LINK.format("w/abc", "打开清单"),
    ]
    ground.behind = []
    assert await channel.send(replace(OUT, id=11)) == "card"  # and then one by one again


async def test_a_hundred_late_messages_are_one_of_2048_bytes(channel: WeCom, api: FakeWeCom, ground: Ground) -> None:
    ground.waits["liweiguo"] = 1.0
    await _failure(channel, OUT)
    del ground.waits["liweiguo"]
    ground.behind = [replace(OUT, id=100 + n, text=f"第{n}条" + "长" * 200) for n in range(99)]
    assert await channel.send(OUT) == "digest"
    [(_, words)] = api.sent
    assert len(words.encode()) <= 2048 and "条\n说「我的待办」" in words and words.endswith("</a>")


async def test_a_photo_of_a_member_is_fetched(channel: WeCom, api: FakeWeCom) -> None:
    api.media["M"] = (b"\xff\xd8", "image/jpeg")
    assert await channel.fetch_media("M") == (b"\xff\xd8", "image/jpeg")
    for told, again in ((40007, False), (45009, True), (-1, True)):
        api.script(MEDIA_GET, told)
        with pytest.raises(SendFailed) as failed:
            await channel.fetch_media("M")
        assert failed.value.retry == again


async def test_the_menu_and_the_one_who_logs_in(channel: WeCom, api: FakeWeCom) -> None:
    await channel.client.create_menu({"button": []})
    assert api.to(MENU)[0].query["agentid"] == "1000002" and api.menu == {"button": []}
    api.logins = {"C1": {"errcode": 0, "userid": "LiWeiguo"}, "C2": {"errcode": 0, "openid": "o1"}}
    assert await channel.client.user_of("C1") == "liweiguo"
    assert await channel.client.user_of("C2") == ""


async def test_no_address_no_message(channel: WeCom) -> None:
    assert (await _failure(channel, replace(NOTICE, sender=None))).code == "no_identity"
    assert WHO.user == "liweiguo" and channel.now() + timedelta(0) == channel.now()
