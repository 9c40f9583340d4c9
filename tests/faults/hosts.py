"""The program on several hosts with one PostgreSQL, reached from here through the street; judges nothing."""

from __future__ import annotations

import asyncio
import http.client
import itertools
import math
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.bench.process import Server, free_port
from tests.faults.harness import House
from tests.faults.network import WIRES, Host, Network, Wire
from tests.faults.proxy import Proxy
from tests.faults.server import Postgres

TESTS_OF_NETWORKS = "198.18.0.0/15"
_BUSY = "SELECT count(*) FROM pg_stat_activity WHERE client_addr = %s AND xact_start IS NOT NULL"


@dataclass
class Town(House):
    """A house whose processes live each on a host of its own; nothing but the database is shared.

    A port of this machine leads to each. `local`: where the database is reached without the network.
    """

    net: Network = field(default_factory=lambda: Network(2))
    local: str = ""
    homes: dict[int, Host] = field(default_factory=dict)
    streets: list[Proxy] = field(default_factory=list)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    async def all_up(self) -> None:
        """One process a host."""
        for host in self.net.hosts:
            port = free_port()
            self.homes[port] = host
            self.streets.append(Proxy(f"tcp://{host.street}:{port}", port))
            await self.streets[-1].open()
        await asyncio.gather(*(self.up(port) for port in self.homes))

    def settings(self, port: int) -> dict[str, str]:
        host = self.homes[port]
        return super().settings(port) | {
            "JUSHE_HOST": host.street, "JUSHE_DATA_DIR": str(self._of(host) / "data"),
            "JUSHE_METRICS_TOKEN": self.token,
        }  # fmt: skip

    def _of(self, host: Host) -> Path:
        return self.folder / host.name

    def _start(self, port: int) -> Server:
        host = self.homes[port]
        command, settings = ["-m", "bot", "serve"], self.settings(port)
        return Server.start(command, self._of(host), port=port, settings=settings, inside=host.command)

    async def close(self) -> None:
        for street in self.streets:
            await street.close()

    def leads(self, port: int) -> bool:
        """Whether the process believes that it has the clockwork in hand. Raises OSError."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            assert answer.status == 200, answer.status
            return "\njushe_leading 1.0" in answer.read().decode()
        finally:
            connection.close()

    async def leader(self, among: Sequence[int] = (), until: float = math.inf) -> int:
        """The port of the process that leads, once one does. Raises TimeoutError at `until`, of the steady clock."""
        for port in itertools.cycle(among or self.ports):
            if await asyncio.to_thread(self.leads, port):
                return port
            await _again("no process leads", until)
        raise AssertionError("no port was given")

    async def nothing_held(self, port: int, until: float) -> None:
        """Until the database has ended every transaction of the host and let its locks go. Raises TimeoutError."""
        while held := await asyncio.to_thread(self._held, self.homes[port]):
            await _again(f"{held} transactions of a host that is cut off are open", until)

    def _held(self, host: Host) -> int:
        with psycopg.connect(self.local.replace("+psycopg", ""), autocommit=True) as conn:
            row = conn.execute(_BUSY, (host.database,)).fetchone()
            return int(row[0]) if row else 0

    @contextmanager
    def cut(self, port: int, wires: Sequence[Wire] = WIRES) -> Iterator[None]:
        with self.net.cut(self.homes[port], wires):
            yield


async def _again(why: str, until: float) -> None:
    if time.monotonic() > until:
        raise TimeoutError(why)
    await asyncio.sleep(0.1)


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Furnished, no process runs yet; all of it is gone afterwards. Raises Refused where no namespace can be made."""
    with Network(2) as net, Postgres() as server:
        address = net.address["database"]
        made = Town(server.listen(address, TESTS_OF_NETWORKS), folder, net=net, local=server.url)
        try:
            made.furnish()
            yield made
        finally:
            made.end()
