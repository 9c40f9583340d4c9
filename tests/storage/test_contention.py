"""Many who read before they write, from several processes: each waits for the other, nobody fails or is forgotten."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome, Reply
from storage.engine import Database, open_database
from storage.schema import tickets
from storage.turns import Turns
from tests.conftest import SECRET
from tests.storage.kit import NOW, nothing, opened, rows

EACH = 25


def test_work_without_an_inbox_key_that_reads_first(database: Database, database_url: str) -> None:
    """A message's inbox row takes the write lock by itself; a timer's first act may be a look (reliability.md §4)."""
    both = threading.Barrier(2)
    tries: list[int] = []

    def one(number: int) -> list[Any]:
        db = open_database(database_url, SECRET)
        turns = Turns(db, nothing, Policy(), threads=1)

        def work(read: Read) -> Outcome:
            tries.append(number)
            assert read.person(1) is None
            time.sleep(0.002)  # in which the other one writes, where it may
            code = read.ticket_code(NOW.date())
            return Outcome((Reply(code),), (opened(read.new_id(), code=code),))

        both.wait()
        done = [turns.run(work, NOW, "timer").result(30) for _ in range(EACH)]
        turns.close(10)
        db.close()
        return [one.replies[0].text for one in done]

    with ThreadPoolExecutor(2) as pool:
        given = [code for codes in pool.map(one, range(2)) for code in codes]
    assert len(set(given)) == 2 * EACH
    assert len(tries) == 2 * EACH or database.postgresql, "what was read was no longer true when it was written"
    assert sorted(row.code for row in rows(database, tickets)) == sorted(given)
