"""What staff and the bot did on a day, from the sealed facts: acts on tickets, time between them, questions.

Time is a lower bound: two acts of one person at most `JOINED` seconds apart were one stretch of work, and what lies
between them counts; an act that stands alone counts no time. Nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select, update

from handlers.knowledge.facts import AnswerJudged, QuestionAnswered, QuestionOpened, QuestionReplied
from handlers.tickets.clock import SHANGHAI
from storage.schema import effort_days, effort_last, persons, posts, tickets

JOINED = 300  # seconds
FACT = ("turn", "at", "actor", "via", "kind", "ticket", "body")
MEASURES = ("acts", "seconds", "answered", "unhelped", "handed", "replied")
_QUESTIONS = {
    QuestionAnswered.__name__: "answered", QuestionOpened.__name__: "handed", QuestionReplied.__name__: "replied",
    AnswerJudged.__name__: "unhelped",
}  # fmt: skip


@dataclass(slots=True)
class Effort:
    """What a step adds. `last`: person → (turn, moment) of the latest act."""

    days: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)
    last: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)  # persons who stand in the table already

    def add(self, community: int, at: datetime, name: str, count: int) -> None:
        day = at.astimezone(SHANGHAI).date().isoformat()
        self.days.setdefault((community, day), dict.fromkeys(MEASURES, 0))[name] += count


def look(conn: Connection, happened: Sequence[Any]) -> Effort:
    """Facts in the order of the chain."""
    effort = Effort()
    staff = _staff(conn, {row.actor for row in happened if row.ticket} - {0})
    about = _about(conn, {row.ticket for row in happened if row.actor in staff})
    homes = _communities(conn, {_person(row) for row in happened if row.kind in _QUESTIONS})
    for row in conn.execute(select(effort_last).where(effort_last.c.person.in_(staff))):
        effort.last[row.person] = (row.turn, row.at)
        effort.known.add(row.person)
    for row in happened:
        if row.kind in _QUESTIONS:
            body = orjson.loads(row.body)
            if row.kind != AnswerJudged.__name__ or not body["helped"]:
                community = body.get("community") or homes.get(_person(row), 0)
                effort.add(community, row.at, _QUESTIONS[row.kind], 1)
        elif row.ticket and row.actor in staff and row.ticket in about:
            community, reporter = about[row.ticket]
            if row.actor != reporter:
                _act(effort, row, community)
    return effort


def _act(effort: Effort, row: Any, community: int) -> None:
    turn, at = effort.last.get(row.actor, (0, None))
    if turn == row.turn:
        return  # more of what the same message or click did
    effort.add(community, row.at, "acts", 1)
    if at is not None and 0 < (row.at - at).total_seconds() <= JOINED:
        effort.add(community, row.at, "seconds", int((row.at - at).total_seconds()))
    effort.last[row.actor] = (row.turn, row.at)


def write(conn: Connection, effort: Effort) -> None:
    """Add what a step found."""
    for person, (turn, at) in effort.last.items():
        if person in effort.known:
            conn.execute(update(effort_last).where(effort_last.c.person == person).values(turn=turn, at=at))
        else:
            conn.execute(insert(effort_last).values(person=person, turn=turn, at=at))
    for (community, day), more in effort.days.items():
        here = (effort_days.c.community == community) & (effort_days.c.day == day)
        values = {name: effort_days.c[name] + count for name, count in more.items()}
        if not conn.execute(update(effort_days).where(here).values(**values)).rowcount:
            conn.execute(insert(effort_days).values(community=community, day=day, **more))


def _person(row: Any) -> int:
    return int(orjson.loads(row.body)["person"])


def _staff(conn: Connection, actors: Iterable[int]) -> set[int]:
    """Those who hold or held a post."""
    return set(conn.execute(select(posts.c.person).where(posts.c.person.in_(actors))).scalars())


def _about(conn: Connection, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Ticket → its community and reporter."""
    wanted = select(tickets.c.id, tickets.c.community, tickets.c.reporter).where(tickets.c.id.in_(ids))
    return {row.id: (row.community or 0, row.reporter) for row in conn.execute(wanted)}


def _communities(conn: Connection, people: Iterable[int]) -> dict[int, int]:
    wanted = select(persons.c.id, persons.c.community).where(persons.c.id.in_(people))
    return {row.id: row.community for row in conn.execute(wanted)}
