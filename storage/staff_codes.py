"""The second step of a log-in: codes of six digits that change every 30 seconds (RFC 6238), each good once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
from sqlalchemy import Connection, select, update

from storage.engine import Database
from storage.schema import logins
from storage.staff import LoginRefused, count
from storage.staff_sessions import open_session

STEP = 30  # seconds
_NEAR = (0, -1, 1)  # a phone's clock may be half a minute off
ISSUER = "居社通"


def begin(db: Database, login: str) -> str:
    """The secret of this log-in in base 32, a new one where there is none; not asked for until `confirm`."""
    with db.writing() as conn:
        none = (logins.c.login == login, logins.c.code_secret.is_(None))
        conn.execute(update(logins).where(*none).values(code_secret=pyotp.random_base32()))
        found = conn.execute(select(logins.c.code_secret).where(logins.c.login == login)).scalar_one()
    return str(found)


def address(login: str, secret: str) -> str:
    """What the QR code for the phone says."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def is_on(db: Database, login: str) -> bool:
    with db.reading() as conn:
        return bool(conn.execute(select(logins.c.code_on).where(logins.c.login == login)).scalar())


def confirm(db: Database, login: str, code: str, now: datetime) -> bool:
    """From now on the code is asked for; False when this one is not right."""
    with db.writing() as conn:
        step = _step_of(conn, login, code, now)
        if step:
            conn.execute(update(logins).where(logins.c.login == login).values(code_on=True, code_step=step))
        return bool(step)


def turn_off(conn: Connection, login: str) -> None:
    conn.execute(update(logins).where(logins.c.login == login).values(code_on=False, code_secret=None, code_step=0))


def check_code(db: Database, login: str, code: str, now: datetime, *, device: str = "") -> str:
    """A session token, after the password was right. Raises LoginRefused; wrong codes count towards the lock."""
    with db.writing() as conn:
        step = _step_of(conn, login, code, now)
        token = ""
        if count(conn, login, right=bool(step), now=now):
            conn.execute(update(logins).where(logins.c.login == login).values(code_step=step))
            token = open_session(conn, login, now, device)
    if not token:
        raise LoginRefused
    return token


def _step_of(conn: Connection, login: str, code: str, now: datetime) -> int:
    """The time step a code belongs to; 0 for a wrong one, and for one that was used before."""
    wanted = select(logins.c.code_secret, logins.c.code_step).where(logins.c.login == login).with_for_update()
    row = conn.execute(wanted).first()
    if row is None or not row.code_secret or len(code) != 6 or not code.isascii() or not code.isdecimal():
        return 0
    totp, here = pyotp.TOTP(row.code_secret), int(now.timestamp()) // STEP
    fits = [here + off for off in _NEAR if hmac.compare_digest(totp.generate_otp(here + off), code)]
    return next((step for step in fits if step > row.code_step), 0)
