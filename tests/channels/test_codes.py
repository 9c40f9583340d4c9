"""What each error code of the platform means for the push and for the account."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.tencent.errors import Policy
from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.errors import RULES, UNFOLLOWED
from tests.channels.fake_wechat import CUSTOM, SUBSCRIBE, TEMPLATE, TOKEN, FakeWeChat, Raw, Reset
from tests.channels.kit import Clock
from tests.channels.pushes import OUT, Window, failure_of

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
    failure = await failure_of(channel, bulk)
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
    assert (await failure_of(channel)).code in ("window", str(code))
    assert str(code) in UNFOLLOWED


async def test_a_daily_quota_stops_one_call_until_midnight_in_shanghai(
    channel: WeChat, api: FakeWeChat, clock: Clock
) -> None:
    api.script(CUSTOM, 45009)
    assert await channel.send(OUT) == "template"
    assert await channel.send(OUT) == "template"
    assert len(api.to(CUSTOM)) == 1
    waiting = await failure_of(channel, replace(OUT, kind="bulk"))
    assert (waiting.code, waiting.retry, waiting.wait) == ("paused", True, 15 * 3600.0)
    clock.forward(15 * 3600)
    assert await channel.send(OUT) == "service"


async def test_a_minute_quota_pauses_60_seconds(channel: WeChat, api: FakeWeChat, clock: Clock) -> None:
    bulk = replace(OUT, kind="bulk")
    api.script(CUSTOM, 45011)
    assert (await failure_of(channel, bulk)).wait == 60
    clock.forward(59)
    assert (await failure_of(channel, bulk)).wait == 1
    clock.forward(1)
    assert await channel.send(bulk) == "service"


async def test_busy_three_times_unknown_outcome_once(channel: WeChat, api: FakeWeChat, window: Window) -> None:
    api.script(CUSTOM, *[-1] * 4)
    assert [(await failure_of(channel)).retry for _ in range(4)] == [True, True, True, False]
    assert window.left == 4  # what surely did not go is counted once, however often it is tried
    other = replace(OUT, id=8)
    api.script(CUSTOM, Reset(), Raw(b"", status=502))
    assert [(await failure_of(channel, other)).retry for _ in range(2)] == [True, False]
    assert window.left == 2  # what may have gone is counted each time


async def test_the_token_call_failing_stops_the_account_for_a_while(channel: WeChat, api: FakeWeChat) -> None:
    api.script(TOKEN, 40164)
    failure = await failure_of(channel)
    assert (failure.code, failure.retry, failure.stop_endpoint) == ("40164", True, 600.0)
    assert not api.to(CUSTOM)
