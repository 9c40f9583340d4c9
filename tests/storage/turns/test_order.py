"""Turns one after another: of a sender, of a batch, of two who want the same, of messages and other work."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from handlers.read import Read
from handlers.residents.facts import PhoneGiven
from handlers.tickets.facts import TicketAccepted
from handlers.tickets.rules import Status
from handlers.types import Dialog, Outcome, Refused, Reply, Turn
from nlp.types import NOTHING
from storage.engine import Database, open_database
from storage.schema import facts
from tests.conftest import SECRET
from tests.storage.kit import NOW, at, do, message, open_turns, opened, rows, take


def test_order_of_each_sender_is_kept(database: Database) -> None:
    seen: dict[str, list[int]] = {}
    lock = threading.Lock()

    def count(turn: Turn, read: Read) -> Outcome:
        so_far = turn.dialog.answers["n"] if turn.dialog else 0
        with lock:
            seen.setdefault(turn.inbound.sender.user, []).append(int(turn.inbound.text))
        return Outcome(dialog=Dialog("count", {"n": so_far + 1}, since=turn.now))

    with open_turns(database, count, batch=7) as turns:
        waiting = [
            turns.submit(message(f"m{n}", f"u{n % 6}", text=str(n)), NOTHING, at(n)) for n in range(120)
        ]  # fmt: skip
        for future in waiting:
            future.result(30)
    assert all(said == sorted(said) and len(said) == 20 for said in seen.values())
    with open_turns(database, lambda turn, read: Outcome((Reply(str(turn.dialog)),))) as turns:
        assert "'n': 20" in turns.submit(message("last", "u3"), NOTHING, at(200)).result(10).replies[0].text


def test_two_who_take_one_ticket_at_once(database: Database, database_url: str) -> None:
    """Only one of them may see it waiting: the other's turn is run again and sees the first one's."""
    do(database, opened(1))
    second = open_database(database_url, SECRET)
    both = threading.Barrier(2, timeout=10) if database.postgresql else None
    tried: Counter[str] = Counter()

    def accept(turn: Turn, read: Read) -> Outcome:
        ticket = read.ticket(1)
        assert ticket
        user = turn.inbound.sender.user
        tried[user] += 1
        if both and tried[user] == 1:
            both.wait()  # both have read it before either writes
        if ticket.status is not Status.TO_ACCEPT:
            raise Refused("已经有人接单")
        return Outcome((Reply("接单成功"),), (TicketAccepted(1, turn.who.id),))

    with open_turns(database, accept) as one, open_turns(second, accept) as two:
        waiting = [one.submit(message("a", "a"), NOTHING, NOW), two.submit(message("b", "b"), NOTHING, NOW)]
        said = sorted(future.result(20).replies[0].text for future in waiting)
    second.close()
    assert said == ["已经有人接单", "接单成功"]
    assert [fact.kind for fact in rows(database, facts)] == ["TicketOpened", "TicketAccepted"]


def test_later_turns_of_a_batch_see_earlier_ones(database: Database) -> None:
    start = threading.Event()

    def decide(turn: Turn, read: Read) -> Outcome:
        start.wait(10)
        if turn.inbound.text == "phone":
            return Outcome(facts=(PhoneGiven(turn.who.id, "13800000000"),))
        if turn.inbound.text == "report":
            return take(turn, read)
        return Outcome((Reply(f"{turn.who.phone} {read.open_count(turn.who.id)} {turn.dialog is not None}"),))

    with open_turns(database, decide, threads=1) as turns:
        waiting = [
            turns.submit(message(f"m{n}", text=said), NOTHING, NOW)
            for n, said in enumerate(["hello", "phone", "report", "ask"])
        ]
        start.set()
        assert waiting[3].result(10).replies[0].text == "13800000000 1 True"


def test_messages_and_other_work_keep_their_order(database: Database) -> None:
    seen: list[str] = []

    def decide(turn: Turn, read: Read) -> Outcome:
        seen.append(turn.inbound.key)
        return Outcome()

    def work(name: str) -> Callable[[Read], Outcome]:
        def run(read: Read) -> Outcome:
            seen.append(name)
            return Outcome()

        return run

    with open_turns(database, decide, threads=1) as turns:
        waiting = []
        for number in range(10):
            waiting.append(turns.submit(message(f"m{number}"), NOTHING, NOW))
            waiting.append(turns.run(work(f"w{number}"), NOW, "job"))
        for future in waiting:
            future.result(10)
    assert seen == [name for number in range(10) for name in (f"m{number}", f"w{number}")]
