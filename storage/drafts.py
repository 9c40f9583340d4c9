"""What somebody had filled in when his log-in ended: one form a log-in, sealed, kept for an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import delete, insert, or_, select

from storage.engine import Database
from storage.schema import drafts
from storage.staff_sessions import whose

KEPT = timedelta(hours=1)
MOST = 200_000  # bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """`path`: where the form was to go; `page`: where it was filled in. `fields`: (name, value) in order."""

    path: str
    page: str
    fields: tuple[tuple[str, str], ...]


def keep(db: Database, token: str, draft: Draft, now: datetime) -> bool:
    """Kept for whom the token was given to; False for a token we never gave, or a form that is too large."""
    body = orjson.dumps([draft.path, draft.page, draft.fields]).decode()
    if len(body.encode()) > MOST:
        return False
    with db.writing() as conn:
        login = whose(conn, token)
        if not login:
            return False
        conn.execute(delete(drafts).where(or_(drafts.c.login == login, drafts.c.at < now - KEPT)))
        conn.execute(insert(drafts).values(login=login, body=body, at=now))
    return True


def kept(db: Database, login: str, now: datetime) -> Draft | None:
    wanted = select(drafts.c.body).where(drafts.c.login == login, drafts.c.at >= now - KEPT)
    with db.reading() as conn:
        body = conn.execute(wanted).scalar()
    if body is None:
        return None
    path, page, fields = orjson.loads(body)
    return Draft(path, page, tuple((name, value) for name, value in fields))


def forget(db: Database, login: str) -> None:
    """Once something was sent again. Writes nothing where nothing is kept."""
    with db.reading() as conn:
        if conn.execute(select(drafts.c.at).where(drafts.c.login == login)).first() is None:
            return
    with db.writing() as conn:
        conn.execute(delete(drafts).where(drafts.c.login == login))
