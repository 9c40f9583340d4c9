"""The ladder of a push, end to end against the platform's API: window, template, notice, parts, repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.base import SendFailed
from bot.channels.wechat.channel import WeChat
from handlers.types import Media, Rank, Reply
from tests.channels.fake_wechat import CUSTOM, MEDIA_GET, SUBSCRIBE, TEMPLATE, FakeWeChat, Raw, Reset
from tests.channels.kit import OPENID, START
from tests.channels.pushes import CLOSED, OUT, Window, failure_of


async def test_inside_the_window_a_message_with_numbered_choices(
    channel: WeChat, api: FakeWeChat, window: Window
) -> None:
    photos = (Media("photo", "file:a"), Media("photo", "file:b"), Media("voice", "file:c"))
    assert await channel.send(replace(OUT, media=photos)) == "service"
    assert api.sent == [(OPENID, "新工单 0601-001：楼道灯不亮，3幢2单元\n（有 2 张照片）\n1 接单\n2 退单")]
    assert window.left == 4


async def test_outside_it_a_template(channel: WeChat, api: FakeWeChat, window: Window) -> None:
    assert await channel.send(CLOSED) == "template"
    body = api.to(TEMPLATE)[0].body
    assert body == {
        "touser": OPENID, "template_id": "TPL1", "client_msg_id": "7",
        "data": {
            "thing2": {"value": "新工单 0601-001：楼道灯不亮，…"},
            "time3": {"value": "2026年6月1日 09:00"},
            "character_string1": {"value": "601001"},
        },
    }  # fmt: skip
    assert len(body["data"]["thing2"]["value"]) == 20
    assert not api.sent and window.left == 5


async def test_when_others_spent_the_window_meanwhile_a_template(
    channel: WeChat, api: FakeWeChat, window: Window
) -> None:
    window.left = 0
    assert await channel.send(OUT) == "template"
    assert not api.to(CUSTOM)


async def test_an_announcement_leaves_the_last_message_of_a_window(
    channel: WeChat, api: FakeWeChat, window: Window
) -> None:
    said = replace(OUT, kind="announce", rank=Rank.BULK)
    rungs = [await channel.send(replace(said, id=n, window_left=window.left)) for n in range(6)]
    assert rungs == ["service"] * 4 + ["template"] * 2
    window.left = 1  # another process was faster than what we read
    assert await channel.send(replace(said, id=9)) == "template"
    assert window.left == 1 and len(api.sent) == 4


async def test_the_window_is_never_overrun(channel: WeChat, api: FakeWeChat) -> None:
    rungs = [await channel.send(replace(OUT, id=number)) for number in range(8)]
    assert rungs == ["service"] * 5 + ["template"] * 3
    assert len(api.to(CUSTOM)) == 5


async def test_no_rung_left_is_told_and_not_retried(channel: WeChat, api: FakeWeChat) -> None:
    failure = await failure_of(channel, replace(CLOSED, kind="bulk"))
    assert (failure.code, failure.retry) == ("window", False)
    assert not api.calls
    assert (await failure_of(channel, replace(OUT, sender=None))).code == "no_identity"


async def test_a_refused_template_becomes_a_notice(channel: WeChat, api: FakeWeChat) -> None:
    for code in (40037, 47003):
        api.script(TEMPLATE, code)
        assert await channel.send(CLOSED) == "notice"
    assert api.to(SUBSCRIBE)[0].body["template_id"] == "SUB1"
    api.script(TEMPLATE, 40037)
    api.script(SUBSCRIBE, 43101)
    assert (await failure_of(channel, CLOSED)).code == "window"


async def test_what_was_counted_in_one_window_is_counted_anew_in_the_next(
    channel: WeChat, api: FakeWeChat, window: Window
) -> None:
    api.script(CUSTOM, -1)
    await failure_of(channel, replace(OUT, window_left=1))
    later = replace(OUT, window_until=START + timedelta(hours=50))
    assert await channel.send(later) == "service"
    assert window.left == 3
    api.script(CUSTOM, -1)
    last = replace(OUT, id=8, window_left=1)
    await failure_of(channel, last)
    assert await channel.send(replace(last, window_left=0)) == "service"
    assert window.left == 2


async def test_a_long_push_goes_in_parts_and_goes_on_where_it_stopped(
    channel: WeChat, api: FakeWeChat, window: Window
) -> None:
    long = replace(OUT, text="好" * 1500, choices=())
    api.script(CUSTOM, {"errcode": 0, "errmsg": "ok"}, -1)
    assert (await failure_of(channel, long)).retry
    assert await channel.send(long) == "service"
    parts = [call.body["text"]["content"] for call in api.to(CUSTOM)]
    assert parts == ["好" * 682, "好" * 682, "好" * 682, "好" * 136]  # the second was busy the first time
    assert window.left == 2
    window.left = 1
    assert (await failure_of(channel, replace(long, id=9))).code == "window_part"


def test_where_an_answer_ends(channel: WeChat) -> None:
    assert channel.cut((Reply("a" * 2048),)) is None
    assert channel.cut((Reply("a" * 2048 + "b"),)) == ("a" * 2048, "b")
    assert channel.cut((Reply("a" * 2040), Reply("好"))) is None
    first, rest = channel.cut((Reply("😀" * 400), Reply("好" * 700))) or ("", "")
    assert first + rest == "😀" * 400 + "\n\n" + "好" * 700 and len(first.encode()) <= 2048


async def test_media_of_a_resident(channel: WeChat, api: FakeWeChat) -> None:
    api.media["P1"] = (b"\xff\xd8", "image/jpeg")
    assert await channel.fetch_media("P1") == (b"\xff\xd8", "image/jpeg")
    told = [(40007, False), (-1, True), (40164, True), (45009, True), (Raw(b"", status=500), True), (Reset(), True)]
    for answer, again in told:
        api.script(MEDIA_GET, answer, answer)  # aiohttp itself repeats a GET once after a reset
        with pytest.raises(SendFailed) as failed:
            await channel.fetch_media("P1")
        assert failed.value.retry is again
        api.clear(MEDIA_GET)
    api.script(MEDIA_GET, {"video_url": "http://10.0.0.1/v"})
    with pytest.raises(SendFailed) as failed:
        await channel.fetch_media("P1")
    assert (failed.value.code, failed.value.retry) == ("media_host", False)
