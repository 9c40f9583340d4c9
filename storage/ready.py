"""Replies kept ready: a community's own and everybody's; not what stands for their variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from storage.engine import Database
from storage.ids import new_id
from storage.schema import ready_replies

_r = ready_replies.c
MOST = 200  # of a community


@dataclass(frozen=True, slots=True)
class Ready:
    id: int
    community: int
    title: str
    words: str


def kept(db: Database, communities: Sequence[int]) -> list[Ready]:
    """Those of these communities and everybody's, by title."""
    wanted = select(_r.id, _r.community, _r.title, _r.words).where(_r.community.in_([0, *communities]))
    with db.reading() as conn:
        return [Ready(*row) for row in conn.execute(wanted.order_by(_r.title, _r.id))]


def keep(db: Database, ready: Ready, by: int, now: datetime) -> bool:
    """A new one (id 0) or the change of one of the same community; False when there are too many, or it is gone."""
    values = {"title": ready.title, "words": ready.words, "by": by, "changed": now}
    with db.writing() as conn:
        if ready.id:
            same = (_r.id == ready.id, _r.community == ready.community)
            return bool(conn.execute(update(ready_replies).where(*same).values(**values)).rowcount)
        there = conn.execute(select(_r.id).where(_r.community == ready.community).limit(MOST)).all()
        if len(there) >= MOST:
            return False
        conn.execute(insert(ready_replies).values(id=new_id(), community=ready.community, **values))
        return True


def drop(db: Database, ready: int, communities: Sequence[int]) -> bool:
    with db.writing() as conn:
        mine = (_r.id == ready, _r.community.in_(list(communities)))
        return bool(conn.execute(delete(ready_replies).where(*mine)).rowcount)
