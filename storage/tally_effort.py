"""What staff and the bot did on a day, from the sealed facts: acts on tickets, time between them, questions.

Time is a lower bound: two acts of one person at most `JOINED` seconds apart were one stretch of work, and what lies
between them counts; an act that stands alone counts no time. Nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import bindparam, select

from handlers.knowledge.facts import AnswerJudged, QuestionAnswered, QuestionOpened, QuestionReplied
from handlers.tickets.clock import SHANGHAI
from storage.schema import effort_days, effort_last, persons, posts, tickets
from storage.sql import Prepared, among, each, listed
from storage.transaction import Transaction

JOINED = 300  # seconds
MEASURES = ("acts", "seconds", "answered", "unhelped", "handed", "replied")
QUESTIONS = {
    QuestionAnswered.__name__: "answered", QuestionOpened.__name__: "handed", QuestionReplied.__name__: "replied",
    AnswerJudged.__name__: "unhelped",
}  # fmt: skip


_t, _l = tickets.c, effort_last.c
_STAFF = Prepared(each(lambda dialect: select(posts.c.person).where(among(dialect, posts.c.person))))
_ABOUT = Prepared(each(lambda dialect: select(_t.id, _t.community, _t.reporter).where(among(dialect, _t.id))))
_HOMES = Prepared(each(lambda dialect: select(persons.c.id, persons.c.community).where(among(dialect, persons.c.id))))
_LATEST = Prepared(each(lambda dialect: select(_l.person, _l.turn, _l.at).where(among(dialect, _l.person))))


def _latest(insert: Any) -> Any:
    made = insert(effort_last).values({name: bindparam(name) for name in ("person", "turn", "at")})
    return made.on_conflict_do_update(
        index_elements=["person"], set_={"turn": made.excluded.turn, "at": made.excluded.at}
    )


def _more(insert: Any) -> Any:
    made = insert(effort_days).values({name: bindparam(name) for name in ("community", "day", *MEASURES)})
    sums = {name: effort_days.c[name] + made.excluded[name] for name in MEASURES}
    return made.on_conflict_do_update(index_elements=["community", "day"], set_=sums)


_ACTED = Prepared(_latest)
_MORE = Prepared(_more)


class Happened(NamedTuple):
    """A sealed fact; `body` is empty for what is no question."""

    position: int
    turn: int
    at: datetime
    actor: int
    kind: str
    ticket: int
    body: str


@dataclass(slots=True)
class Effort:
    """What a step adds. `last`: person → (turn, moment) of the latest act."""

    days: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)
    last: dict[int, tuple[int, datetime]] = field(default_factory=dict)

    def add(self, community: int, at: datetime, name: str, count: int) -> None:
        day = at.astimezone(SHANGHAI).date().isoformat()
        self.days.setdefault((community, day), dict.fromkeys(MEASURES, 0))[name] += count


def look(tx: Transaction, happened: Sequence[Happened]) -> Effort:
    """Facts in the order of the chain."""
    effort = Effort()
    staff = _staff(tx, {row.actor for row in happened if row.ticket} - {0})
    about = _about(tx, {row.ticket for row in happened if row.actor in staff})
    homes = _communities(tx, {_person(row) for row in happened if row.kind in QUESTIONS})
    if staff:
        effort.last = {person: (turn, at) for person, turn, at in tx.rows(_LATEST, ids=listed(staff))}
    for row in happened:
        if row.kind in QUESTIONS:
            body = orjson.loads(row.body)
            if row.kind != AnswerJudged.__name__ or not body["helped"]:
                community = body.get("community") or homes.get(_person(row), 0)
                effort.add(community, row.at, QUESTIONS[row.kind], 1)
        elif row.ticket and row.actor in staff and row.ticket in about:
            community, reporter = about[row.ticket]
            if row.actor != reporter:
                _act(effort, row, community)
    return effort


def _act(effort: Effort, row: Happened, community: int) -> None:
    turn, at = effort.last.get(row.actor, (0, None))
    if turn == row.turn:
        return  # more of what the same message or click did
    effort.add(community, row.at, "acts", 1)
    if at is not None and 0 < (row.at - at).total_seconds() <= JOINED:
        effort.add(community, row.at, "seconds", int((row.at - at).total_seconds()))
    effort.last[row.actor] = (row.turn, row.at)


def write(tx: Transaction, effort: Effort) -> None:
    """Add what a step found."""
    for person, (turn, at) in effort.last.items():
        tx.write(_ACTED, person=person, turn=turn, at=at)
    for (community, day), more in effort.days.items():
        tx.write(_MORE, community=community, day=day, **more)


def _person(row: Happened) -> int:
    return int(orjson.loads(row.body)["person"])


def _staff(tx: Transaction, actors: Collection[int]) -> set[int]:
    """Those who hold or held a post."""
    return {person for (person,) in tx.rows(_STAFF, ids=listed(actors))} if actors else set()


def _about(tx: Transaction, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Ticket → its community and reporter."""
    if not ids:
        return {}
    return {id_: (community or 0, reporter) for id_, community, reporter in tx.rows(_ABOUT, ids=listed(ids))}


def _communities(tx: Transaction, people: Collection[int]) -> dict[int, int]:
    return dict(tx.rows(_HOMES, ids=listed(people))) if people else {}
