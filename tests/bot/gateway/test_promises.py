"""A database that is away, a crowd, a full disk: what is promised is kept, in order, once."""

from __future__ import annotations

import asyncio

import pytest

from bot.spool import Spool
from handlers import texts
from handlers.types import Reply, Sender
from storage.turns import Done, QueueFull, Unreachable
from tests.bot.gateway.kit import FakeTurns, gateway, message, raising, until


async def test_in_a_crowd_who_comes_hears_at_once_and_danger_passes(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns.answer = None
    door = gateway(turns, spool)
    first = [asyncio.create_task(door.receive(message(str(number), sender=Sender("webchat", "-", str(number)))))
             for number in range(3)]  # fmt: skip
    await until(lambda: len(turns.submitted) == 3)
    monkeypatch.setattr("bot.gateway.CROWD", 3)
    monkeypatch.setattr("bot.gateway.PATIENCE", 0.0)
    assert await door.receive(message("one")) == (Reply(texts.RECORDED),)
    assert await door.receive(message("more")) == (Reply(texts.RECORDED),)  # not before what is recorded
    assert await door.replay() == 0  # what is recorded does not make the crowd larger
    bert = Sender("webchat", "-", "bert")
    danger = asyncio.create_task(door.receive(message("danger", "电梯里有人被困了，快来", bert)))
    await until(lambda: len(turns.submitted) == 4)
    assert [inbound.key for inbound in spool.waiting()] == ["one", "more"]
    for future in turns.waiting:
        future.set_result(Done((Reply("好的"),), False, 7, ()))
    assert {answer for answers in await asyncio.gather(*first, danger) for answer in answers} == {Reply("好的")}
    turns.answer = lambda: Done((Reply("办好了"),), False, 7, ())
    assert await door.replay() == 2
    assert [inbound.key for inbound in turns.submitted[4:]] == ["one", "more"]


@pytest.mark.parametrize("error", [Unreachable("down"), QueueFull("full")])
async def test_a_lost_database_is_a_promise_that_is_kept(turns: FakeTurns, spool: Spool, error: Exception) -> None:
    turns.answer = raising(error)
    door = gateway(turns, spool)
    assert await door.receive(message()) == (Reply(texts.RECORDED),)
    assert spool.waiting() == [message()]
    assert await door.replay() == 0  # still down: nothing is given up
    assert spool.count() == 1
    turns.answer = lambda: Done((Reply("办好了"),), True, 7, ())
    assert await door.replay() == 1
    assert spool.count() == 0
    assert [push.text for outcome in turns.outcomes for push in outcome.pushes] == ["办好了"]


async def test_what_waited_is_forgotten_by_halves_not_by_handfuls(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.promises.TOGETHER", 1)
    for number in range(100):
        spool.add(message(str(number), sender=Sender("webchat", "-", f"u{number}")))
    written: list[int] = []
    real = spool.done
    monkeypatch.setattr(spool, "done", lambda *finished: (written.append(len(finished)), real(*finished)))
    assert await gateway(turns, spool).replay() == 100
    assert (sum(written), spool.count()) == (100, 0)
    assert len(written) <= 8  # each time the whole file is written anew


async def test_many_senders_who_wait_behind_what_was_spooled_need_one_look(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [Sender("webchat", "-", f"u{number}") for number in range(10)]
    turns.answer = raising(Unreachable())
    door = gateway(turns, spool)
    for who in people:
        await door.receive(message("1", sender=who))
    turns.answer = lambda: Done((Reply("好的"),), False, 7, ())
    looks: list[int] = []
    real = spool.waiting
    monkeypatch.setattr(spool, "waiting", lambda: looks.append(1) or real())
    answers = await asyncio.gather(*(door.receive(message("2", sender=who)) for who in people))
    assert answers == [(Reply("好的"),)] * 10
    assert [one.key for one in turns.submitted if one.sender == people[0]] == ["1", "1", "2"]
    assert len(looks) == 1


async def test_nothing_is_promised_when_the_disk_is_full_too(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    turns.answer = raising(Unreachable())
    monkeypatch.setattr(spool, "add", full)
    assert await gateway(turns, spool).receive(message()) == (Reply(texts.NOT_KEPT),)


async def test_a_message_that_always_fails_is_put_aside_at_last(turns: FakeTurns, spool: Spool) -> None:
    spool.add(message("bad"))
    turns.answer = raising(ZeroDivisionError())
    door = gateway(turns, spool)
    for _ in range(5):
        await door.replay()
    assert (spool.count(), spool.stuck_count()) == (0, 1)


async def test_what_comes_after_a_spooled_message_does_not_overtake_it(turns: FakeTurns, spool: Spool) -> None:
    door = gateway(turns, spool)
    turns.answer = raising(Unreachable())
    assert await door.receive(message("1")) == (Reply(texts.RECORDED),)
    assert await door.receive(message("2")) == (Reply(texts.RECORDED),)
    turns.submitted.clear()
    turns.answer = lambda: Done((Reply("好的"),), False, 7, ())
    assert await door.receive(message("3")) == (Reply("好的"),)
    assert [inbound.key for inbound in turns.submitted] == ["1", "2", "3"]
    assert spool.count() == 0
    assert [outcome.pushes[0].text for outcome in turns.outcomes] == ["好的", "好的"]


async def test_the_second_waits_for_the_first_and_is_spooled_with_it(turns: FakeTurns, spool: Spool) -> None:
    """The first fails while the database comes back: the second, already there, must not be taken before it."""
    turns.answer = None
    door = gateway(turns, spool)
    first, second = (asyncio.create_task(door.receive(message(key))) for key in "12")
    await until(lambda: len(turns.submitted) == 1)
    await asyncio.sleep(0.02)
    assert [inbound.key for inbound in turns.submitted] == ["1"]
    broken = turns.waiting[0]
    turns.answer = lambda: Done((Reply("好的"),), False, 7, ())
    broken.set_exception(Unreachable())
    assert await first == (Reply(texts.RECORDED),)
    assert await second == (Reply("好的"),)
    assert [inbound.key for inbound in turns.submitted] == ["1", "1", "2"]
