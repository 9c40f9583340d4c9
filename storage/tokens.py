"""Access tokens of the platforms: one row all processes share, one refresher at a time; not how they are fetched."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.engine import Database
from storage.schema import tokens


def read_token(db: Database, name: str, now: datetime) -> str | None:
    """The token while it is good, None when there is none or it has expired."""
    with db.reading() as conn:
        row = conn.execute(select(tokens.c.token, tokens.c.expires).where(tokens.c.name == name)).first()
    return row.token if row and row.token and row.expires and row.expires > now else None


def try_refresh_lock(db: Database, name: str, holder: str, now: datetime, seconds: float) -> bool:
    """True: this holder, and nobody else, may fetch a new token during the next `seconds`."""
    until = now + timedelta(seconds=seconds)
    free = or_(tokens.c.refreshing_until.is_(None), tokens.c.refreshing_until <= now, tokens.c.holder == holder)
    with db.writing() as conn:
        taken = conn.execute(
            update(tokens).where(tokens.c.name == name, free).values(refreshing_until=until, holder=holder)
        )
        if taken.rowcount:
            return True
        if conn.execute(select(tokens.c.name).where(tokens.c.name == name)).first():
            return False
        try:
            with conn.begin_nested():
                conn.execute(insert(tokens).values(name=name, refreshing_until=until, holder=holder))
        except IntegrityError:  # another process made the row just now, and holds it
            return False
        return True


def store_token(db: Database, name: str, token: str, expires: datetime) -> None:
    """Keep a new token and let go of the lock."""
    values = {"token": token, "expires": expires, "refreshing_until": None, "holder": None}
    with db.writing() as conn:
        if not conn.execute(update(tokens).where(tokens.c.name == name).values(**values)).rowcount:
            conn.execute(insert(tokens).values(name=name, **values))


def drop_token(db: Database, name: str, bad: str) -> None:
    """The platform refused `bad` (40001, 42001). A newer token already stored stays."""
    with db.writing() as conn:
        row = conn.execute(select(tokens.c.token).where(tokens.c.name == name).with_for_update()).first()
        if row and row.token == bad:  # sealed with a nonce: compared here, not in SQL
            conn.execute(update(tokens).where(tokens.c.name == name).values(token=None, expires=None))
