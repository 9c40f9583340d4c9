"""The knowledge base as its pages show it: answers, what they said before, questions that wait; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, func, or_, select, type_coerce

from storage.engine import Database
from storage.schema import communities as communities_table
from storage.schema import faq, faq_versions, open_questions, persons

_f, _q, _v = faq.c, open_questions.c, faq_versions.c
_SEARCHED: tuple[Any, ...] = (_f.question, _f.answer, _f.variants)
STATES = ("used", "expiring", "over", "gone")


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer. `community` 0 and `where` "": for all. Days "" where there is no limit."""

    id: int
    community: int
    where: str
    question: str
    variants: tuple[str, ...]
    words: str
    source: str
    since: str
    until: str
    gone: bool
    revision: int
    asked: int
    helped: int
    not_helped: int


@dataclass(frozen=True, slots=True)
class Version:
    """What an answer said until `at`, and the name of who changed it then."""

    at: datetime
    by: str
    question: str
    variants: tuple[str, ...]
    words: str
    source: str
    since: str
    until: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A resident's question. `where` "": the community is not known; `reply` "" while it waits."""

    number: int
    community: int
    where: str
    words: str
    at: datetime
    reply: str = ""
    replied: datetime | None = None


def entries(
    db: Database, ours: Sequence[int], state: str, words: str, today: date, expiring: int, *, skip: int = 0,
    limit: int = 50,
) -> list[Entry]:  # fmt: skip
    """Of these communities and of all, what was asked most first. `state`: one of STATES, else every state."""
    rules = [*_here(ours), *_state(state, today, expiring)]
    if words:
        like = f"%{words.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        rules.append(or_(*(type_coerce(column, Text).like(like, escape="!") for column in _SEARCHED)))
    wanted = select(faq).where(*rules).order_by(_f.asked.desc(), _f.id).offset(skip).limit(limit)
    with db.reading() as conn:
        names = _names(conn)
        return [_entry(row, names) for row in conn.execute(wanted)]


def counted(db: Database, ours: Sequence[int], today: date, expiring: int) -> dict[str, int]:
    """How many there are in each of STATES."""
    with db.reading() as conn:
        return {
            state: int(
                conn.execute(
                    select(func.count()).select_from(faq).where(*_here(ours), *_state(state, today, expiring))
                ).scalar_one()
            )
            for state in STATES
        }


def entry(db: Database, answer: int, ours: Sequence[int]) -> tuple[Entry, list[Version]] | None:
    """One answer with its history, newest first; None when it is not of these communities or of all."""
    with db.reading() as conn:
        row = conn.execute(select(faq).where(_f.id == answer, *_here(ours))).first()
        if row is None:
            return None
        wanted = (
            select(faq_versions, persons.c.name)
            .outerjoin(persons, persons.c.id == _v.by)
            .where(_v.answer == answer)
            .order_by(_v.id.desc())
            .limit(50)
        )
        versions = [
            Version(
                one.at, one.name or "", one.question, tuple(one.variants), one.words, one.source, one.valid_from,
                one.valid_until, one.gone,
            )
            for one in conn.execute(wanted)
        ]  # fmt: skip
        return _entry(row, _names(conn)), versions


def waiting(db: Database, ours: Sequence[int], limit: int = 100) -> list[Asked]:
    """Not answered yet, of these communities and of people whose community is not known, oldest first."""
    return _questions(db, ours, [_q.replied.is_(None)], [_q.id], limit)


def replied(db: Database, ours: Sequence[int], since: datetime, limit: int = 50) -> list[Asked]:
    """Answered since then, newest first."""
    return _questions(db, ours, [_q.replied >= since], [_q.replied.desc()], limit)


def question(db: Database, number: int, ours: Sequence[int]) -> Asked | None:
    return next(iter(_questions(db, ours, [_q.number == number], [_q.id], 1)), None)


def _questions(
    db: Database, ours: Sequence[int], rules: list[ColumnElement[bool]], order: list[Any], limit: int
) -> list[Asked]:
    wanted = select(open_questions).where(_q.community.in_([*ours, 0]), *rules).order_by(*order).limit(limit)
    with db.reading() as conn:
        names = _names(conn)
        return [
            Asked(
                row.number, row.community, names.get(row.community, ""), row.words, row.at, row.reply or "",
                row.replied,
            )
            for row in conn.execute(wanted)
        ]  # fmt: skip


def _here(ours: Sequence[int]) -> list[ColumnElement[bool]]:
    return [_f.community.in_([*ours, 0])]


def _state(state: str, today: date, expiring: int) -> list[ColumnElement[bool]]:
    day, soon = today.isoformat(), (today + timedelta(days=expiring)).isoformat()
    running = or_(_f.valid_until == "", _f.valid_until >= day)
    rules: dict[str, list[ColumnElement[bool]]] = {
        "used": [_f.gone.is_(False), running],
        "expiring": [_f.gone.is_(False), _f.valid_until >= day, _f.valid_until <= soon],
        "over": [_f.gone.is_(False), _f.valid_until != "", _f.valid_until < day],
        "gone": [_f.gone.is_(True)],
    }
    return rules.get(state, [])


def _entry(row: Any, names: dict[int, str]) -> Entry:
    return Entry(
        row.id, row.community, names.get(row.community, ""), row.question, tuple(row.variants), row.answer,
        row.source, row.valid_from, row.valid_until, row.gone, row.revision, row.asked, row.helped, row.not_helped,
    )  # fmt: skip


def _names(conn: Connection) -> dict[int, str]:
    table = communities_table.c
    return {row.id: row.name for row in conn.execute(select(table.id, table.name))}
