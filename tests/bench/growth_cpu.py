"""CPU spent on one database: of this process, and of a PostgreSQL server that runs on the same machine (Linux)."""

from __future__ import annotations

import time
from pathlib import Path

from storage.engine import Database

_PROC = Path("/proc")


class Cpu:
    """Seconds since whenever; what an ended backend used is lost, so let the pool keep its connections."""

    def __init__(self, db: Database) -> None:
        self._server = 0
        if db.postgresql:
            with db.reading() as conn:
                backend = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            self._server = int((_PROC / str(backend) / "stat").read_text().rpartition(")")[2].split()[1])

    def __call__(self) -> tuple[float, float]:
        """(of this process, of the database's)"""
        return time.process_time(), self._backends()

    def _backends(self) -> float:
        if not self._server:
            return 0.0
        spent = 0
        for child in (_PROC / f"{self._server}/task/{self._server}/children").read_text().split():
            try:
                spent += int((_PROC / child / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                continue  # it ended meanwhile
        return spent / 1e9
