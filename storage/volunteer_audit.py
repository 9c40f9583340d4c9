"""Whether seats and hours add up: what is taken and who holds it, days and their rows, corrections. Reads only."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, func, select

from handlers.activities.rules import HOLDS, Place
from storage.engine import Database
from storage.schema import hours, hours_days, signups, stations

_MOST = 20  # lines of one kind
_HOLDING = [place.value for place in (*HOLDS, Place.CAME, Place.ABSENT)]


def findings(db: Database) -> list[str]:
    """What does not add up, a line each; [] when all is well."""
    with db.reading() as conn:
        return [line for check in (_seats, _days, _corrections, _twice) for line in check(conn)]


def counts(db: Database) -> tuple[int, int]:
    """How many posts and rows of hours were looked at."""
    with db.reading() as conn:
        posts = conn.execute(select(func.count()).select_from(stations)).scalar_one()
        return int(posts), int(conn.execute(select(func.count()).select_from(hours)).scalar_one())


def _seats(conn: Connection) -> Iterator[str]:
    held = func.coalesce(func.sum(signups.c.people), 0)
    mine = and_(signups.c.station == stations.c.id, signups.c.status.in_(_HOLDING))
    wrong = (
        select(stations.c.id, stations.c.taken, held)
        .outerjoin(signups, mine)
        .group_by(stations.c.id, stations.c.taken)
        .having(held != stations.c.taken)
        .limit(_MOST)
    )
    for post, taken, really in conn.execute(wrong):
        yield f"岗位 {post} 记着占{taken}个名额，报名的占{really}个"


def _days(conn: Connection) -> Iterator[str]:
    own = select(hours.c.person, hours.c.day, func.sum(hours.c.half)).where(hours.c.guest == 0)
    really = {(person, day): half for person, day, half in conn.execute(own.group_by(hours.c.person, hours.c.day))}
    kept = {(row.person, row.day): row.half for row in conn.execute(select(hours_days))}
    wrong = [key for key in really.keys() | kept.keys() if really.get(key, 0) != kept.get(key, 0)]
    for person, day in sorted(wrong)[:_MOST]:
        at = (person, day)
        yield f"居民 {person} {day} 记{kept.get(at, 0) / 2}小时，明细合计{really.get(at, 0) / 2}小时"


def _corrections(conn: Connection) -> Iterator[str]:
    first = hours.alias("first")
    wrong = (
        select(hours.c.id)
        .outerjoin(first, first.c.id == hours.c.reverses)
        .where(hours.c.reverses != 0)
        .where(first.c.id.is_(None) | (first.c.half != -hours.c.half) | (first.c.person != hours.c.person))
        .limit(_MOST)
    )
    for (row,) in conn.execute(wrong):
        yield f"时长 {row} 冲正的不是原来那一笔"


def _twice(conn: Connection) -> Iterator[str]:
    gone = select(hours.c.reverses).where(hours.c.reverses != 0)
    wrong = (
        select(hours.c.signup, hours.c.guest)
        .where(hours.c.reverses == 0, hours.c.id.not_in(gone))
        .group_by(hours.c.signup, hours.c.guest)
        .having(func.count() > 1)
        .limit(_MOST)
    )
    for signup, guest in conn.execute(wrong):
        yield f"报名 {signup} 的第{guest}人有两笔有效时长"
