"""What becomes of words about points and of level statements when a person is erased; entries stay, nameless."""

from __future__ import annotations

from sqlalchemy import BindParameter, bindparam, null, select, update

from storage.columns import Utc
from storage.pen import Pen
from storage.schema.points import (
    level_statements,
    point_accounts,
    point_cases,
    point_checks,
    point_entries,
    redemptions,
)  # fmt: skip
from storage.sql import Prepared

_person: BindParameter[int] = bindparam("person")
_now = bindparam("now", type_=Utc())
_theirs = select(point_entries.c.id).where(point_entries.c.person == _person)
_GONE = tuple(
    Prepared(statement)
    for statement in (
        update(point_cases).where(point_cases.c.person == _person).values(why="", appeal=null()),
        update(point_checks).where(point_checks.c.entry.in_(_theirs)).values(words=null()),
        update(point_accounts).where(point_accounts.c.person == _person).values(ranked=False, shared=False),
        update(level_statements)
        .where(level_statements.c.person == _person, level_statements.c.withdrawn.is_(None))
        .values(withdrawn=_now),
        update(redemptions).where(redemptions.c.proxy == _person).values(proxy=0),
    )
)


def erase(pen: Pen, person: int) -> None:
    for prepared in _GONE:
        pen.tx.write(prepared, person=person, now=pen.now)
