"""The ladder of a push, end to end against the platform's API: window, template, notice, pauses, repeats."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.base import SendFailed
from bot.channels.tencent.errors import Policy
from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.errors import RULES, UNFOLLOWED
from handlers.types import Choice, Media, Rank, Reply, Sender
from storage.queue import Outgoing
from tests.channels.fake_wechat import CUSTOM, MEDIA_GET, SUBSCRIBE, TEMPLATE, TOKEN, FakeWeChat, Raw, Reset
from tests.channels.kit import OPENID, START, WHO, Clock, config
from tests.channels.shelf import MemoryShelf

OUT = Outgoing(
    id=7, person=1, sender=WHO, text="新工单 0601-001：楼道灯不亮，3幢2单元", kind="task",
    choices=(Choice("接单"), Choice("退单")), rank=Rank.TASK, ticket=601001, media=(), attempts=1, created=START,
    window_until=START + timedelta(hours=48), window_left=5,
)  # fmt: skip
CLOSED = replace(OUT, window_until=START - timedelta(seconds=1))
TEMPLATES = {
    "task": "TPL1 thing2=text time3=time character_string1=ticket|notice:SUB1 thing1=text",
    "announce": "TPL2 thing1=text",
}


class Window:
    """The resident's window as the database counts it."""

    def __init__(self, left: int = 5) -> None:
        self.left = left

    async def __call__(self, wanted: tuple[Sender, int]) -> bool:
        sender, keep = wanted
        assert sender == WHO
        if self.left <= keep:
            return False
        self.left -= 1
        return True


@pytest.fixture
async def api() -> AsyncIterator[FakeWeChat]:
    async with FakeWeChat() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
async def channel(api: FakeWeChat, clock: Clock, window: Window) -> AsyncIterator[WeChat]:
    account = config(api_base=api.url, templates=TEMPLATES)
    made = WeChat(account, WeChatClient(account, MemoryShelf(), clock), window, clock)
    yield made
    await made.close()


async def _failure(channel: WeChat, out: Outgoing = OUT) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await channel.send(out)
    return failed.value


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
    failure = await _failure(channel, replace(CLOSED, kind="bulk"))
    assert (failure.code, failure.retry) == ("window", False)
    assert not api.calls
    assert (await _failure(channel, replace(OUT, sender=None))).code == "no_identity"


async def test_a_refused_template_becomes_a_notice(channel: WeChat, api: FakeWeChat) -> None:
    for code in (40037, 47003):
        api.script(TEMPLATE, code)
        assert await channel.send(CLOSED) == "notice"
    assert api.to(SUBSCRIBE)[0].body["template_id"] == "SUB1"
    api.script(TEMPLATE, 40037)
    api.script(SUBSCRIBE, 43101)
    assert (await _failure(channel, CLOSED)).code == "window"


# What send() does when a customer-service message is answered with the code and nothing else is open.
EXPECTED: dict[Policy, tuple[bool, float | None, float | None]] = {
    Policy.RENEW_ONCE: (True, 60.0, 60.0),
    Policy.RETRY: (True, None, None),
    Policy.NEXT_RUNG: (False, None, None),
    Policy.WAIT_WINDOW: (False, None, None),
    Policy.MARK_UNFOLLOWED: (False, None, None),
    Policy.GIVE_UP: (False, None, None),
    Policy.ALARM: (True, 600.0, 600.0),
}


@pytest.mark.parametrize("code", RULES)
async def test_every_code(channel: WeChat, api: FakeWeChat, code: int) -> None:
    rule = RULES[code]
    bulk = replace(OUT, kind="bulk")
    api.script(CUSTOM, code, code)
    if rule.policy is Policy.SUCCESS:
        assert await channel.send(bulk) == "service"
        return
    failure = await _failure(channel, bulk)
    if rule.policy is Policy.STOP_ENDPOINT:
        until_midnight = 15 * 3600.0  # it is 09:00 in Shanghai
        expected: tuple[bool, float | None, float | None] = (True, rule.seconds or until_midnight, None)
    else:
        expected = EXPECTED[rule.policy]
    assert (failure.retry, failure.wait, failure.stop_endpoint) == expected
    below = rule.policy in (Policy.NEXT_RUNG, Policy.WAIT_WINDOW)
    assert failure.code == ("window" if below else str(code))
    assert len(api.to(CUSTOM)) == (2 if rule.policy is Policy.RENEW_ONCE else 1)


@pytest.mark.parametrize("code", [45015, 45047])
async def test_a_window_that_the_platform_holds_closed_becomes_a_template(
    channel: WeChat, api: FakeWeChat, code: int
) -> None:
    api.script(CUSTOM, code)
    assert await channel.send(OUT) == "template"


@pytest.mark.parametrize("code", [43004, 43019, 48002])
async def test_who_unfollowed_gets_no_template_but_may_have_consented_to_notices(
    channel: WeChat, api: FakeWeChat, code: int
) -> None:
    api.script(CUSTOM, code)
    assert await channel.send(OUT) == "notice"
    assert not api.to(TEMPLATE)
    api.script(CUSTOM, code)
    api.script(SUBSCRIBE, 43101)
    assert (await _failure(channel)).code in ("window", str(code))
    assert str(code) in UNFOLLOWED


async def test_a_daily_quota_stops_one_call_until_midnight_in_shanghai(
    channel: WeChat, api: FakeWeChat, clock: Clock
) -> None:
    api.script(CUSTOM, 45009)
    assert await channel.send(OUT) == "template"
    assert await channel.send(OUT) == "template"
    assert len(api.to(CUSTOM)) == 1
    waiting = await _failure(channel, replace(OUT, kind="bulk"))
    assert (waiting.code, waiting.retry, waiting.wait) == ("paused", True, 15 * 3600.0)
    clock.forward(15 * 3600)
    assert await channel.send(OUT) == "service"


async def test_a_minute_quota_pauses_60_seconds(channel: WeChat, api: FakeWeChat, clock: Clock) -> None:
    bulk = replace(OUT, kind="bulk")
    api.script(CUSTOM, 45011)
    assert (await _failure(channel, bulk)).wait == 60
    clock.forward(59)
    assert (await _failure(channel, bulk)).wait == 1
    clock.forward(1)
    assert await channel.send(bulk) == "service"


async def test_busy_three_times_unknown_outcome_once(channel: WeChat, api: FakeWeChat, window: Window) -> None:
    api.script(CUSTOM, *[-1] * 4)
    assert [(await _failure(channel)).retry for _ in range(4)] == [True, True, True, False]
    assert window.left == 4  # what surely did not go is counted once, however often it is tried
    other = replace(OUT, id=8)
    api.script(CUSTOM, Reset(), Raw(b"", status=502))
    assert [(await _failure(channel, other)).retry for _ in range(2)] == [True, False]
    assert window.left == 2  # what may have gone is counted each time


async def test_what_was_counted_in_one_window_is_counted_anew_in_the_next(
    channel: WeChat, api: FakeWeChat, window: Window
) -> None:
    api.script(CUSTOM, -1)
    await _failure(channel, replace(OUT, window_left=1))
    later = replace(OUT, window_until=START + timedelta(hours=50))
    assert await channel.send(later) == "service"
    assert window.left == 3
    api.script(CUSTOM, -1)
    last = replace(OUT, id=8, window_left=1)
    await _failure(channel, last)
    assert await channel.send(replace(last, window_left=0)) == "service"
    assert window.left == 2


async def test_a_long_push_goes_in_parts_and_goes_on_where_it_stopped(
    channel: WeChat, api: FakeWeChat, window: Window
) -> None:
    long = replace(OUT, text="好" * 1500, choices=())
    api.script(CUSTOM, {"errcode": 0, "errmsg": "ok"}, -1)
    assert (await _failure(channel, long)).retry
    assert await channel.send(long) == "service"
    parts = [call.body["text"]["content"] for call in api.to(CUSTOM)]
    assert parts == ["好" * 682, "好" * 682, "好" * 682, "好" * 136]  # the second was busy the first time
    assert window.left == 2
    window.left = 1
    assert (await _failure(channel, replace(long, id=9))).code == "window_part"


async def test_the_token_call_failing_stops_the_account_for_a_while(channel: WeChat, api: FakeWeChat) -> None:
    api.script(TOKEN, 40164)
    failure = await _failure(channel)
    assert (failure.code, failure.retry, failure.stop_endpoint) == ("40164", True, 600.0)
    assert not api.to(CUSTOM)


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
