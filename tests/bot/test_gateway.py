"""The gateway: copies, late answers, a lost database, bugs, floods."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

import nlp
from bot.gateway import Gateway, Late
from bot.metrics import Metrics
from bot.spool import Spool
from handlers import texts
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Choice, Inbound, Outcome, Rank, Reply, Sender
from nlp.register import EMPTY
from nlp.types import Understanding
from storage import crypto
from storage.ids import turn_name
from storage.turns import Done, QueueFull, Turns, Unreachable

AT = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
ANNA = Sender("webchat", "-", "anna")


def message(key: str = "1", text: str = "3幢楼道灯坏了", sender: Sender = ANNA) -> Inbound:
    return Inbound(sender, key, AT, text=text)


@dataclass
class FakeTurns:
    """Answers when told to; keeps what it was given."""

    submitted: list[Inbound] = field(default_factory=list)
    waiting: list[Future[Done]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    answer: Callable[[], Done] | None = lambda: Done((Reply("好的"),), False, 7, ())

    def submit(self, inbound: Inbound, said: Understanding, now: datetime) -> Future[Done]:
        self.submitted.append(inbound)
        future: Future[Done] = Future()
        self.waiting.append(future)
        if self.answer is not None:
            self.settle(self.answer)
        return future

    def settle(self, answer: Callable[[], Done]) -> None:
        future = self.waiting[-1]
        try:
            future.set_result(answer())
        except Exception as error:
            future.set_exception(error)

    def run(
        self, work: Callable[[Read], Outcome], now: datetime, via: str, actor: int = 0, name: str = ""
    ) -> Future[Done]:
        self.outcomes.append(work(cast(Read, None)))
        future: Future[Done] = Future()
        future.set_result(Done((), False, 0, ()))
        return future


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> FakeTurns:
    monkeypatch.setattr("bot.promises.REST", 0.0)
    crypto.use(crypto.Keyring("k" * 32))
    return FakeTurns()


@pytest.fixture
def spool(tmp_path: Path, turns: FakeTurns) -> Spool:
    return Spool(tmp_path / "messages.jsonl")


def gateway(turns: FakeTurns, spool: Spool, **more: Any) -> Gateway:
    policy = more.pop("policy", Policy())
    return Gateway(
        cast(Turns, turns), spool, lambda: EMPTY, policy, Metrics(), lambda: AT, address="http://here", **more
    )


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


def raising(error: Exception) -> Callable[[], Done]:
    def answer() -> Done:
        raise error

    return answer


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


async def test_what_is_late_is_written_down_before_it_has_to_be_said(
    turns: FakeTurns, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns.answer = None
    door = gateway(turns, spool, limit=60.0)
    loop = asyncio.get_running_loop()
    real, passed = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: real() + passed[0])
    answer = asyncio.create_task(door.receive(message()))
    await until(lambda: bool(turns.waiting))
    passed[0] = 57.0  # a disk under load may take the rest
    await until(lambda: spool.count() == 1)
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
    turns.answer = None
    door = gateway(turns, spool, limit=60.0)
    loop = asyncio.get_running_loop()
    real, passed = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: real() + passed[0])
    answer = asyncio.create_task(door.receive(message()))
    await until(lambda: bool(turns.waiting))
    passed[0] = 57.0
    await until(lambda: spool.count() == 1)
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


async def test_a_message_that_always_fails_is_put_aside_at_last(turns: FakeTurns, spool: Spool) -> None:
    spool.add(message("bad"))
    turns.answer = raising(ZeroDivisionError())
    door = gateway(turns, spool)
    for _ in range(5):
        await door.replay()
    assert (spool.count(), spool.stuck_count()) == (0, 1)


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


async def test_one_name_from_the_callback_to_the_log(
    turns: FakeTurns, spool: Spool, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        await gateway(turns, spool, log_turns=True).receive(message())
    assert f"turn={turn_name(ANNA, '1')}" in (caplog.text + "".join(capsys.readouterr())).replace("'", "")
