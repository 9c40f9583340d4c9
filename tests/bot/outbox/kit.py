"""A channel that fails as told, a clock, people with an address and pushes to them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import insert, select

from handlers import texts
from handlers.types import Rank, Sender
from storage import people, queue, schema
from storage.engine import Database
from storage.ids import new_id
from storage.queue import Outgoing

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)  # 23:00


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def marks_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is away whenever something that was sent is to be marked."""
    taken = queue.claim

    def claim(*args: Any, sent: Any = None, **more: Any) -> list[Outgoing]:
        if sent:
            raise OSError("away")
        return taken(*args, **more)

    monkeypatch.setattr(queue, "claim", claim)


@dataclass
class Fake:
    """A channel; `plan` names for each text what happens, one entry a try."""

    name: str = "fake"
    sent: list[str] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    plan: dict[str, list[BaseException]] = field(default_factory=dict)
    slow: float = 0.0
    now: int = 0
    most: int = 0

    async def send(self, out: Outgoing) -> str:
        self.tries.append(out.text)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(self.slow)
        self.now -= 1
        planned = self.plan.get(out.text.removesuffix(texts.MAYBE_AGAIN))
        if planned:
            raise planned.pop(0)
        self.sent.append(out.text)
        return "service"


def person(db: Database, channel: str = "fake") -> int:
    with db.writing() as conn:
        found = people.add_person(conn, "", "", 0, now=NOON)
        if channel:
            people.link_identity(conn, found, Sender(channel, "-", f"u{found}"), NOON)
    return found


def put(db: Database, to: int, text: str, rank: Rank = Rank.TASK, at: datetime = NOON) -> int:
    with db.writing() as conn:
        row = new_id()
        conn.execute(
            insert(schema.outbox).values(
                id=row, person=to, kind="task", rank=int(rank), body=queue.body(text), state="waiting",
                created=at, next_at=at,
            )
        )  # fmt: skip
    return row


def states(db: Database) -> dict[str, tuple[str, str | None]]:
    with db.reading() as conn:
        rows = conn.execute(select(schema.outbox)).mappings().all()
    return {orjson.loads(row["body"])["text"]: (row["state"], row["code"]) for row in rows}
