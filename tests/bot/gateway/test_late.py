"""What is not answered in time: on the disk before it is said, and the answer follows once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.gateway import Late
from bot.spool import Spool
from handlers.types import Choice, Inbound, Rank, Reply, Sender
from storage.turns import Done, Unreachable
from tests.bot.gateway.kit import FakeTurns, gateway, message, raising, until


async def test_late_is_on_disk_first_and_follows_by_the_outbox(turns: FakeTurns, spool: Spool) -> None:
    turns.answer = None
    door = gateway(turns, spool, limit=0.05)
    copies = await asyncio.gather(door.receive(message()), door.receive(message()), return_exceptions=True)
    assert [type(copy) for copy in copies] == [Late, Late]
    assert spool.waiting() == [message()]
    turns.settle(
        lambda: Done(
            (
                Reply("办好了", (Choice("好"),), "/m/x"),
                Reply("还有"),
            ),
            False,
            7,
            (),
        )
    )
    await until(lambda: spool.count() == 0)
    assert [
        [(push.to, push.text, push.rank, push.choices) for push in outcome.pushes] for outcome in turns.outcomes
    ] == [[(7, "办好了\nhttp://here/m/x", Rank.REPLY, (Choice("好"),)), (7, "还有", Rank.REPLY, ())]]


async def nearly_late(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> tuple[asyncio.Task[tuple[Reply, ...]], list[float]]:
    """57 s of 60 are over and the message is on the disk, which under load may take the rest; (answer, seconds)."""
    turns.answer = None
    door = gateway(turns, spool, limit=60.0)
    loop = asyncio.get_running_loop()
    real, passed = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: real() + passed[0])
    answer = asyncio.create_task(door.receive(message()))
    await until(lambda: bool(turns.waiting))
    passed[0] = 57.0
    await until(lambda: spool.count() == 1)
    return answer, passed


async def test_what_is_late_is_written_down_before_it_has_to_be_said(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, passed = await nearly_late(turns, spool, monkeypatch)
    assert not answer.done()  # the turn may still end in time
    passed[0] = 59.0
    with pytest.raises(Late):
        await asyncio.wait_for(answer, 5)
    turns.settle(lambda: Done((Reply("办好了"),), False, 7, ()))
    await until(lambda: spool.count() == 0)
    assert [push.text for outcome in turns.outcomes for push in outcome.pushes] == ["办好了"]


async def test_what_is_answered_at_the_last_moment_is_answered_once(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, _ = await nearly_late(turns, spool, monkeypatch)
    turns.settle(lambda: Done((Reply("办好了"),), False, 7, ()))
    assert await asyncio.wait_for(answer, 5) == (Reply("办好了"),)
    await until(lambda: spool.count() == 0)
    assert turns.outcomes == []


async def test_a_late_turn_that_fails_stays_in_the_spool(turns: FakeTurns, spool: Spool) -> None:
    turns.answer = None
    door = gateway(turns, spool, limit=0.05)
    with pytest.raises(Late):
        await door.receive(message())
    turns.settle(raising(Unreachable()))
    await door.settle(5)
    assert spool.waiting() == [message()]
    assert turns.outcomes == []


async def test_many_late_ones_share_the_disk_and_no_replay_takes_them_up_beside_their_answers(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each had written the whole spool anew, and the replay had done their turns again meanwhile."""
    writes: list[int] = []

    def counted(work: Callable[..., None]) -> Callable[..., None]:
        def counting(*some: Inbound) -> None:
            writes.append(len(some))
            work(*some)

        return counting

    monkeypatch.setattr(spool, "add", counted(spool.add))
    monkeypatch.setattr(spool, "done", counted(spool.done))
    turns.answer = None
    door = gateway(turns, spool, limit=0.05)
    people = [Sender("webchat", "-", f"p{number}") for number in range(40)]
    heard = await asyncio.gather(*(door.receive(message(sender=one)) for one in people), return_exceptions=True)
    assert {type(one) for one in heard} == {Late}
    assert await door.replay() == 0
    assert sum(writes) == 40
    assert len(writes) <= 3
    for future in turns.waiting:
        future.set_result(Done((Reply("好的"),), False, 7, ()))
    assert await door.replay() == 0  # their answers are on the way
    await until(lambda: spool.count() == 0)
    assert len(turns.submitted) == len(turns.outcomes) == 40
    assert sum(writes) == 80
    assert len(writes) <= 6


async def test_an_answer_in_parts_is_its_first_part_on_time_and_late(turns: FakeTurns, spool: Spool) -> None:
    whole = (Reply("一" * 1000),)
    turns.answer = lambda: Done(whole, False, 7, parts=("一" * 600, "一" * 400))
    assert await gateway(turns, spool).receive(message()) == (Reply("一" * 600),)
    turns.answer = None
    door = gateway(turns, spool, limit=0.05)
    with pytest.raises(Late):
        await door.receive(message("2"))
    turns.settle(lambda: Done(whole, False, 7, parts=("一" * 600, "一" * 400)))
    await until(lambda: spool.count() == 0)
    assert [push.text for outcome in turns.outcomes for push in outcome.pushes] == ["一" * 600]
