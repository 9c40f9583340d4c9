"""Answers that need not wait for the disk, and their inbox rows, which follow in the next commit.

How a turn left its sender is known for a while, and is all that such an answer needs (handlers/standing.py). It has
no effect but itself, so a crash before its row is written loses nothing but the row.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from handlers import standing
from handlers.types import Inbound, Reply, Sender, Turn
from nlp.quick import quick
from nlp.types import Understanding
from storage import addresses, answered
from storage.addresses import Address
from storage.grids import GridFact
from storage.transaction import Transaction
from storage.turn import MOVES, Run
from storage.unit import Done, Resting, Unit

_FRESH = timedelta(seconds=60)  # since the turn; another process may give a post, or take data away
_SENDERS = 10_000
_ROWS = 5_000  # waiting; what comes then has a turn like any other
_OTHERS = (*MOVES, *get_args(GridFact))  # what changes how somebody else was left


@quick
@dataclass(frozen=True, slots=True)
class _Row:
    inbound: Inbound
    turn: int
    person: int
    address: Address
    now: datetime
    replies: tuple[Reply, ...]


class AtOnce:
    """Of one process that alone runs turns on its database. Nothing here blocks."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._resting: dict[Sender, tuple[Resting, datetime]] = {}
        self._rows: deque[_Row] = deque()
        self._taken = 0  # of them by the transaction under way
        self._failing = False

    @property
    def failing(self) -> bool:
        return self._failing

    def __len__(self) -> int:
        """How many rows wait."""
        return len(self._rows)

    def rests(self, sender: Sender) -> bool:
        return sender in self._resting

    def learn(self, units: Sequence[Unit], done: Sequence[Done]) -> None:
        """After a commit. What moved somebody's address or conversation leaves nothing certain of anybody."""
        for unit, one in zip(units, done, strict=True):
            if any(isinstance(fact, _OTHERS) for fact in one.facts):
                self._resting.clear()
            elif one.rests is not None and isinstance(unit.item.what, Inbound):
                if len(self._resting) >= _SENDERS:
                    self._resting.clear()
                self._resting[unit.item.what.sender] = (one.rests, unit.item.now)

    def stir(self, sender: Sender) -> None:
        """A turn begins: until it is through nothing is certain of the sender."""
        self._resting.pop(sender, None)

    def answer(self, inbound: Inbound, said: Understanding, now: datetime) -> tuple[Reply, ...] | None:
        """None when the message must have a turn. Raises what `decide` raises."""
        resting = self._resting.get(inbound.sender)
        if resting is None or self._failing or len(self._rows) >= _ROWS:
            return None
        left, since = resting
        if not since <= now < since + _FRESH:
            return None
        who = left.who
        turn = Turn(self._run.ids(), now, who, inbound, said, left.dialog, self._run.policy)
        replies = standing.answer(turn, self._run.decide)
        if replies is None or self._run.cut(inbound.sender, who.id, replies):
            return None
        self._rows.append(_Row(inbound, turn.id, who.id, left.address, now, replies))
        return replies

    def write(self, tx: Transaction) -> None:
        """Put what waits into a transaction; `written` or `undone` says what became of it."""
        rows = tuple(self._rows)
        self._taken = len(rows)
        last = {row.inbound.sender: row for row in rows}
        for row in rows:
            tx.write(answered.PUT_LATER, **answered.row(row.inbound, row.turn, row.person, row.now, row.replies))
        for row in last.values():
            addresses.heard(tx, row.inbound, row.address, row.now)
        tx.flush()

    def written(self) -> None:
        for _ in range(self._taken):
            self._rows.popleft()
        self._taken, self._failing = 0, False

    def undone(self) -> None:
        """They wait for the next transaction; until one is through nobody is answered before the disk is asked."""
        self._taken, self._failing = 0, bool(self._rows)
