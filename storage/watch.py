"""What an operator would look up in the tables: what is stuck, overdue or refused, and which alarms are on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from handlers.types import Rank
from storage.engine import Database
from storage.schema import alarms, identities, job_runs, logins, media, meta, outbox, timers

STUCK = timedelta(minutes=10)
_BACKUP = "backup_at"


@dataclass(frozen=True, slots=True)
class Stuck:
    """How many rows are where they should have left long ago."""

    sending: int  # pushes in hand for more than STUCK
    timers: int  # due for more than STUCK
    failing: int  # timers that failed five times and more
    media: int  # photos and voices wanted for more than a day


def stuck(db: Database, now: datetime) -> Stuck:
    with db.reading() as conn:
        old = [
            conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
            for table, where in (
                (outbox, (outbox.c.state == text("'sending'"), outbox.c.lease < now - STUCK)),
                (timers, (timers.c.due < now - STUCK, timers.c.attempts < 5)),
                (timers, (timers.c.attempts >= 5,)),
                (media, (media.c.state == text("'wanted'"), media.c.at < now - timedelta(days=1))),
            )
        ]
    return Stuck(*old)


def overdue(db: Database, now: datetime, quiet: bool) -> float:
    """Seconds by which the most overdue push is late; in the quiet hours only what may leave then counts."""
    most = int(Rank.REPLY if quiet else Rank.NOTICE)
    due = select(func.min(outbox.c.next_at)).where(outbox.c.state == text("'waiting'"), outbox.c.rank <= most)
    with db.reading() as conn:
        first = conn.execute(due).scalar()
    return max(0.0, (now - first).total_seconds()) if first else 0.0


def refused(db: Database, codes: Collection[str]) -> int:
    """Waiting pushes whose last try ended with one of these codes."""
    wanted = select(func.count()).where(outbox.c.state == text("'waiting'"), outbox.c.code.in_(codes))
    with db.reading() as conn:
        return conn.execute(wanted).scalar_one()


def silence(db: Database, now: datetime) -> float:
    """Seconds since any job of the cluster was recorded; 0 when none ever was."""
    with db.reading() as conn:
        last = conn.execute(select(func.max(job_runs.c.started))).scalar()
    return max(0.0, (now - last).total_seconds()) if last else 0.0


def skew(db: Database, now: datetime) -> float:
    """Seconds by which the clock of the database's machine is ahead of `now`; 0 on SQLite, which has none."""
    if not db.postgresql:
        return 0.0
    with db.reading() as conn:
        there: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
    return (there - now).total_seconds()


def backed_up(db: Database, at: datetime) -> None:
    """A backup was made; kept for the doctor and for the alarm."""
    value = at.isoformat().encode()
    with db.writing() as conn:
        if not conn.execute(update(meta).where(meta.c.name == _BACKUP).values(value=value)).rowcount:
            conn.execute(insert(meta).values(name=_BACKUP, value=value))


def last_backup(db: Database) -> datetime | None:
    with db.reading() as conn:
        value = conn.execute(select(meta.c.value).where(meta.c.name == _BACKUP)).scalar()
    return datetime.fromisoformat(value.decode()).astimezone(UTC) if value else None


def people_of(db: Database, names: Collection[str]) -> dict[str, int]:
    """The person of each log-in that exists and is in use."""
    wanted = select(logins.c.login, logins.c.person).where(logins.c.login.in_(names), logins.c.disabled.is_(False))
    with db.reading() as conn:
        return {row.login: row.person for row in conn.execute(wanted)}


def raise_alarm(db: Database, name: str, now: datetime, again: timedelta) -> bool:
    """Whether it is to be told now: it was not on, or was told longer than `again` ago. One process is told so."""
    with db.writing() as conn:
        told = update(alarms).where(alarms.c.name == name, alarms.c.told <= now - again).values(told=now)
        if conn.execute(told).rowcount:
            return True
        if conn.execute(select(alarms.c.name).where(alarms.c.name == name)).first():
            return False
        try:
            with conn.begin_nested():
                conn.execute(insert(alarms).values(name=name, since=now, told=now))
        except IntegrityError:  # another process was first
            return False
        return True


def end_alarm(db: Database, name: str) -> bool:
    """Whether it was on."""
    with db.writing() as conn:
        return bool(conn.execute(delete(alarms).where(alarms.c.name == name)).rowcount)


def alarms_on(db: Database) -> dict[str, datetime]:
    """Name and beginning of each."""
    with db.reading() as conn:
        return {row.name: row.since for row in conn.execute(select(alarms).order_by(alarms.c.since))}


def reachable(db: Database, person: int) -> bool:
    """Whether a push would find an address."""
    wanted = select(identities.c.person).where(identities.c.person == person, identities.c.followed.is_(True))
    with db.reading() as conn:
        return conn.execute(wanted.limit(1)).first() is not None
