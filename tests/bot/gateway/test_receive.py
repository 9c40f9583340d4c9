"""A message on its way in: copies, callers who go, bugs, floods, the name it has in the log."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

import nlp
from bot.spool import Spool
from handlers import texts
from handlers.policy import Policy
from handlers.types import Inbound, Media, Reply, Sender
from storage.ids import turn_name
from storage.turns import Done
from tests.bot.gateway.kit import ANNA, AT, FakeTurns, gateway, message, raising, until


async def test_copies_under_way_share_one_turn(turns: FakeTurns, spool: Spool) -> None:
    turns.answer = None
    door = gateway(turns, spool)
    copies = [asyncio.create_task(door.receive(message())) for _ in range(4)]
    await until(lambda: bool(turns.waiting))
    await asyncio.sleep(0.05)
    turns.settle(lambda: Done((Reply("记下了"),), False, 7, ()))
    answers = await asyncio.gather(*copies)
    assert answers == [(Reply("记下了"),)] * 4
    assert len(turns.submitted) == 1


async def test_nothing_is_read_before_the_dictionaries_are_there(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = nlp.understand
    monkeypatch.setattr(
        nlp, "understand", lambda text, *more, **named: read.append(text) or real(text, *more, **named)
    )
    loop = asyncio.get_running_loop()
    warming: asyncio.Future[None] = loop.create_future()
    door = gateway(turns, spool, warming=warming)
    first, second = (asyncio.create_task(door.receive(message(key))) for key in "12")
    for _ in range(5):
        await asyncio.sleep(0)
    assert (read, turns.submitted) == ([], [])  # the loop was free all the while
    warming.set_result(None)
    assert await first == await second == (Reply("好的"),)
    assert [inbound.key for inbound in turns.submitted] == ["1", "2"]


async def test_another_key_or_sender_is_another_turn(turns: FakeTurns, spool: Spool) -> None:
    door = gateway(turns, spool)
    await door.receive(message("1"))
    await door.receive(message("2"))
    await door.receive(message("1", sender=Sender("webchat", "-", "bert")))
    await door.receive(message("1"))  # after the first was answered the inbox decides, not the gateway
    assert len(turns.submitted) == 4


async def test_answered_at_once_unless_it_is_a_copy_or_an_earlier_one_is_under_way(
    turns: FakeTurns, spool: Spool
) -> None:
    door = gateway(turns, spool)
    turns.known = (Reply("菜单"),)
    assert await door.receive(message("1", "菜单")) == turns.known
    assert not turns.submitted
    assert await door.receive(message("1", "菜单")) == (Reply("好的"),)  # what the inbox holds counts
    assert [inbound.key for inbound in turns.submitted] == ["1"]
    known, turns.known, turns.answer = turns.known, None, None
    under_way = asyncio.create_task(door.receive(message("2")))
    await until(lambda: len(turns.waiting) == 2)
    turns.known = known
    behind = asyncio.create_task(door.receive(message("3", "菜单")))
    turns.answer = lambda: Done((Reply("记下了"),), False, 7, ())
    await asyncio.sleep(0.05)
    assert not behind.done()
    turns.settle(turns.answer)
    assert await under_way == await behind == (Reply("记下了"),)


async def test_words_with_a_photo_and_what_cannot_be_read_at_once_have_a_turn(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = gateway(turns, spool)
    turns.known = (Reply("菜单"),)
    await door.receive(replace(message("1", "菜单"), media=(Media("photo", "webchat:1"),)))
    await door.receive(replace(message("2", ""), event="menu", event_key="MENU"))
    monkeypatch.setattr("bot.hearing.LONG", 1)
    await door.receive(message("3", "菜单"))
    assert [inbound.key for inbound in turns.submitted] == ["1", "2", "3"]


async def test_a_bug_is_an_apology_and_its_words_stay_out_of_the_log(
    turns: FakeTurns, spool: Spool, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    turns.answer = raising(KeyError("王秀英 13800001111"))
    with caplog.at_level(logging.DEBUG):
        assert await gateway(turns, spool).receive(message()) == (Reply(texts.SORRY),)
    assert spool.waiting() == []
    assert spool.stuck_count() == 1  # 「您的话我们记下了」 is true
    logged = caplog.text + "".join(capsys.readouterr())
    assert "KeyError" in logged
    assert not any(word in logged for word in ("王秀英", "1380000", "楼道灯", "anna"))


async def test_a_flood_hears_one_calm_line_but_danger_always_passes(turns: FakeTurns, spool: Spool) -> None:
    door = gateway(turns, spool, policy=Policy(messages_per_minute=2))
    answers = [await door.receive(message(str(number))) for number in range(4)]
    assert [reply.text for answer in answers for reply in answer] == ["好的", "好的", texts.TOO_FAST]
    assert await door.receive(message("danger", "电梯里有人被困了，快来")) == (Reply("好的"),)
    assert [inbound.key for inbound in turns.submitted] == ["0", "1", "danger"]
    assert await door.receive(Inbound(ANNA, "bye", AT, event="unfollow")) == (Reply("好的"),)


async def test_a_turn_is_not_cut_when_the_caller_goes(turns: FakeTurns, spool: Spool) -> None:
    turns.answer = None
    door = gateway(turns, spool)
    caller = asyncio.create_task(door.receive(message()))
    await until(lambda: bool(turns.waiting))
    caller.cancel()
    copy = asyncio.create_task(door.receive(message()))
    await asyncio.sleep(0.05)
    turns.settle(lambda: Done((Reply("记下了"),), False, 7, ()))
    assert await copy == (Reply("记下了"),)
    assert len(turns.submitted) == 1


async def test_one_name_from_the_callback_to_the_log(
    turns: FakeTurns, spool: Spool, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        await gateway(turns, spool, log_turns=True).receive(message())
    assert f"turn={turn_name(ANNA, '1')}" in (caplog.text + "".join(capsys.readouterr())).replace("'", "")
