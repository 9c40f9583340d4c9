"""In an outage hundreds join one ticket at once, at several processes: nobody hears an apology, all follow it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from handlers.policy import Policy
from handlers.read import Read
from handlers.tickets.facts import TicketFollowed
from handlers.types import Outcome, Turn, say
from nlp.types import NOTHING
from storage.engine import Database, open_database
from storage.schema import tickets
from storage.turns import Turns
from tests.conftest import SECRET
from tests.storage.kit import NOW, do, message, opened, rows

PROCESSES, EACH = 3, 60


def test_each_follows_once_and_nobody_is_refused(database: Database, database_url: str) -> None:
    do(database, opened(1))
    together = threading.Barrier(PROCESSES)

    def join(turn: Turn, read: Read) -> Outcome:
        ticket = read.ticket(1)
        assert ticket is not None
        return Outcome(say("好的").replies, (TicketFollowed(ticket.id, turn.who.id),))

    def one(process: int) -> list[str]:
        db = open_database(database_url, SECRET)
        turns = Turns(db, join, Policy(), threads=2)
        together.wait()
        waiting = [turns.submit(message(f"m{n}", f"u{process}-{n}"), NOTHING, NOW) for n in range(EACH)]
        said = [done.result(60).replies[0].text for done in waiting]
        turns.close(20)
        db.close()
        return said

    with ThreadPoolExecutor(PROCESSES) as pool:
        said = [text for texts in pool.map(one, range(PROCESSES)) for text in texts]
    assert said == ["好的"] * (PROCESSES * EACH)
    assert [row.followers for row in rows(database, tickets)] == [PROCESSES * EACH]
