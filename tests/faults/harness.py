"""The program as processes that may die, on one database; judges nothing."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from storage import sample
from storage.engine import open_database
from tests.bench import messages
from tests.bench.process import Begin, Server, free_port

NOBODY = "http://127.0.0.1:9"  # where the platform's API is not


@dataclass
class House:
    """One database, one data directory, and the processes on it.

    `via`: where the processes reach the database, when that is not `url`; `api`: where the platform's API is;
    `begin`: who makes the processes, when that is not the shell.
    """

    url: str
    folder: Path
    via: str = ""
    api: str = NOBODY
    key: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    servers: list[Server] = field(default_factory=list)
    begin: Begin | None = None

    @property
    def ports(self) -> list[int]:
        return [server.port for server in self.servers]

    def furnish(self) -> None:
        """Migrate, and put the sample community in."""
        db = open_database(self.url, self.key)
        db.migrate()
        sample.seed(db, now=datetime.now(UTC))
        db.close()

    @property
    def several(self) -> bool:
        """Whether more than one process may work on the database."""
        return self.url.startswith("postgresql")

    async def up(self, port: int = 0) -> Server:
        """One more process, with WeChat in safe mode and the web chat."""
        server = await asyncio.to_thread(self._start, port or free_port())
        self.servers.append(server)
        return server

    async def all_up(self) -> None:
        """As many processes as the database bears in this test: two on PostgreSQL."""
        await asyncio.gather(*(self.up() for _ in range(2 if self.several else 1)))

    def settings(self, port: int) -> dict[str, str]:
        return messages.settings(self.api) | {
            "JUSHE_DATABASE_URL": self.via or self.url, "JUSHE_SECRET_KEY": self.key, "JUSHE_WEBCHAT": "true",
            "JUSHE_PUBLIC_URL": "https://jushe.example.cn",  # one address, however many processes
            "JUSHE_DATA_DIR": str(self.folder / "data"), "JUSHE_PORT": str(port),
        }  # fmt: skip

    def _start(self, port: int) -> Server:
        settings = self.settings(port)
        return Server.start(["-m", "bot", "serve"], self.folder, port=port, settings=settings, begin=self.begin)

    async def crash(self, server: Server) -> Server:
        """kill -9, then the same again on the same port, as a supervisor does it."""
        await asyncio.to_thread(server.kill)
        self.servers.remove(server)
        return await self.up(server.port)

    async def stop(self) -> list[int]:
        """SIGTERM to all; their exit statuses. Raises subprocess.TimeoutExpired."""
        return [await asyncio.to_thread(server.stop) for server in self.servers]

    @property
    def spooled(self) -> int:
        """Bytes that wait in the spools of all processes."""
        return sum(path.stat().st_size for path in self.folder.glob("**/data/spool/*.jsonl"))

    async def spool_empty(self, within: float = 30.0) -> None:
        """Until nothing that came late or without a database waits any more. `within`: seconds without getting less.

        On a machine that others use, what many outages left takes its time. Raises TimeoutError.
        """
        loop = asyncio.get_running_loop()
        least, until = self.spooled, loop.time() + within
        while left := self.spooled:
            if left < least:
                least, until = left, loop.time() + within
            if loop.time() > until:
                raise TimeoutError(f"{left} bytes stay in the spool")
            await asyncio.sleep(0.2)

    def end(self) -> None:
        """kill -9 for all: what was acknowledged must be on disk by now."""
        for server in self.servers:
            server.kill()
