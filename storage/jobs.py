"""The last run of each scheduled job; not what jobs do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.engine import Database
from storage.schema import job_runs


@dataclass(frozen=True, slots=True)
class JobRun:
    name: str
    started: datetime
    seconds: float
    ok: bool
    result: str


def record(db: Database, name: str, started: datetime, seconds: float, ok: bool, result: str) -> None:
    values = {"started": started, "seconds": seconds, "ok": ok, "result": result[:200]}
    with db.writing() as conn:
        if not conn.execute(update(job_runs).where(job_runs.c.name == name).values(**values)).rowcount:
            conn.execute(insert(job_runs).values(name=name, **values))


def last(db: Database) -> list[JobRun]:
    """One a job, by name."""
    with db.reading() as conn:
        return [JobRun(*row) for row in conn.execute(select(job_runs).order_by(job_runs.c.name))]
