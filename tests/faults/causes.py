"""The faults that happen to running processes: each is caused and ends within its function; nothing is judged."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.faults.harness import House
from tests.faults.hosts import Town
from tests.faults.network import WIRES, Wire
from tests.faults.proxy import Mode, Proxy
from tests.faults.server import Postgres

ENDS = 12.0  # seconds a process has to end by itself
TAKEN_OVER = 10.0  # seconds in which the living go on without the one that is cut off


@dataclass
class Scene:
    """What a cause may touch. `proxy` and `server`: on PostgreSQL only; `ballast`: a file on a small disk."""

    house: House
    chance: random.Random
    proxy: Proxy | None = None
    server: Postgres | None = None
    hurry: float = 1.0  # part of the usual time that outages take
    ballast: Path | None = None


@dataclass(frozen=True)
class Cause:
    """`number`: of reliability.md §3. `spared`: whether the platform's answers stay under 4.5 s all the while.

    `hosts`: happens to a Town. `breath`: residents write less while it lasts, for it is tried very often.
    `status`: how processes end is looked at, which is not known of those out of a nursery.
    """

    number: str
    words: str
    happen: Callable[[Scene], Awaitable[None]]
    sqlite: bool = True
    postgresql: bool = True
    spared: bool = True
    hosts: bool = False
    breath: bool = False
    status: bool = False


async def killed(scene: Scene) -> None:
    await scene.house.crash(scene.chance.choice(scene.house.servers))


async def in_turn(scene: Scene) -> None:
    """The one that lives longest."""
    await scene.house.crash(scene.house.servers[0])


async def rolled(scene: Scene) -> None:
    """An upgrade: one more process comes up beside the others, then each ends and comes back."""
    house = scene.house
    extra = await house.up()
    for server in [one for one in house.servers if one is not extra]:
        assert await asyncio.to_thread(server.stop, ENDS) == 0, server.tail()
        house.servers.remove(server)
        await house.up(server.port)
    assert await asyncio.to_thread(extra.stop, ENDS) == 0, extra.tail()
    house.servers.remove(extra)


async def terminated(scene: Scene) -> None:
    server = scene.chance.choice(scene.house.servers)
    status = await asyncio.to_thread(server.stop, ENDS)
    assert status == 0, server.tail()
    scene.house.servers.remove(server)
    await scene.house.up(server.port)


async def frozen(scene: Scene) -> None:
    """Longer than its session lives: another takes over, and the zombie wakes to find itself out of office."""
    server = scene.chance.choice(scene.house.servers)
    server.process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(scene.chance.uniform(8.0, 12.0))
    server.process.send_signal(signal.SIGCONT)


async def restarted(scene: Scene) -> None:
    assert scene.server is not None
    await asyncio.to_thread(scene.server.kill)
    await asyncio.to_thread(scene.server.start)


async def gone(scene: Scene) -> None:
    await _line(scene, "refuse", scene.chance.uniform(2.0, 6.0) * scene.hurry)


async def swallowed(scene: Scene) -> None:
    await _line(scene, "hole", scene.chance.uniform(3.0, 7.0))


async def slow(scene: Scene) -> None:
    await _line(scene, "slow", 5.0)


async def reset(scene: Scene) -> None:
    await _line(scene, "reset", 0.2)


async def _line(scene: Scene, mode: Mode, seconds: float) -> None:
    assert scene.proxy is not None
    scene.proxy.become(mode)
    await asyncio.sleep(seconds)
    scene.proxy.become("pass")


async def cut_from_database(scene: Scene) -> None:
    await _cut(scene, ("database",))


async def cut_off(scene: Scene) -> None:
    await _cut(scene, WIRES)


async def _cut(scene: Scene, wires: Sequence[Wire]) -> None:
    """The host that leads, until another leads, and nothing that it had begun is in the way of the others."""
    town = scene.house
    assert isinstance(town, Town)
    gone = await town.leader()
    others = [port for port in town.ports if port != gone]
    with town.cut(gone, wires):
        until = time.monotonic() + TAKEN_OVER
        await town.leader(others, until)
        assert "street" in wires or not await asyncio.to_thread(town.leads, gone), "two lead"
        await town.nothing_held(gone, until)
        await asyncio.sleep(scene.chance.uniform(0.0, 4.0) * scene.hurry)


async def locked(scene: Scene) -> None:
    """Another program holds the write lock of the file."""
    await _hold(scene, "BEGIN IMMEDIATE", scene.chance.uniform(4.0, 10.0) * scene.hurry)


async def long_read(scene: Scene) -> None:
    await _hold(scene, "BEGIN; SELECT count(*) FROM inbox", 5.0)


async def _hold(scene: Scene, statements: str, seconds: float) -> None:
    file = make_url(scene.house.url).database or ""

    def hold() -> sqlite3.Connection:
        holder = sqlite3.connect(file, timeout=20, isolation_level=None, check_same_thread=False)
        for statement in statements.split(";"):
            holder.execute(statement).fetchall()
        return holder

    holder = await asyncio.to_thread(hold)
    await asyncio.sleep(seconds)
    holder.close()


async def full(scene: Scene) -> None:
    """Nothing more can be written: neither the database nor the spool."""
    assert scene.ballast is not None

    def fill() -> None:
        file = os.open(scene.ballast, os.O_WRONLY | os.O_CREAT)  # type: ignore[arg-type]
        with suppress(OSError):
            while True:
                os.write(file, b"\0" * 4096)
        os.close(file)

    await asyncio.to_thread(fill)
    await asyncio.sleep(3.0)
    scene.ballast.unlink()


async def backed_up(scene: Scene) -> None:
    """`jushe backup` in the middle of the load, and tried out beside the database that goes on."""
    house = scene.house
    env = {
        "JUSHE_DATABASE_URL": house.url,
        "JUSHE_SECRET_KEY": house.key,
        "JUSHE_DATA_DIR": str(house.folder / "data"),
    }
    if scene.server:  # pg_dump refuses a server newer than itself
        env["PATH"] = f"{scene.server.programs}{os.pathsep}{os.environ['PATH']}"
    file = str(house.folder / "backup")

    def jushe(*words: str) -> None:
        from tests.bench.process import ROOT, environment

        command = [sys.executable, "-m", "bot", *words]
        done = subprocess.run(
            command, env=environment(env) | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"

    await asyncio.to_thread(jushe, "backup", file, "--force")
    await asyncio.to_thread(jushe, "restore", "--check", file)


CAUSES = (
    Cause("F1", "kill -9 of a process, SQLite", killed, postgresql=False, spared=False, breath=True),
    Cause("F2", "kill -9 of one of two processes, PostgreSQL", killed, sqlite=False, spared=False, breath=True),
    Cause("F2t", "two processes killed -9 in turn, PostgreSQL", in_turn, sqlite=False, spared=False),
    Cause("F5", "PostgreSQL stopped -m immediate, started again", restarted, sqlite=False),
    Cause("F6", "PostgreSQL gone for 2–6 s", gone, sqlite=False),
    Cause("F7", "black hole to the database for 3–7 s", swallowed, sqlite=False),
    Cause("F7s", "300 ms more a packet for 5 s", slow, sqlite=False),
    Cause("F7r", "every connection to the database reset", reset, sqlite=False),
    Cause("F7h", "one of two hosts cut from the database", cut_from_database, sqlite=False, hosts=True),
    Cause("F13h", "one of two hosts cut off", cut_off, sqlite=False, spared=False, hosts=True),
    Cause("F8", "disk full for 3 s", full, postgresql=False),
    Cause("F13", "one of two processes frozen for 8–12 s", frozen, sqlite=False, spared=False),
    Cause("F16", "the write lock held by another program for 4–10 s", locked, postgresql=False),
    Cause("F20", "SIGTERM under load", terminated, spared=False, status=True),
    Cause("F24", "one process after the other replaced", rolled, spared=False, status=True),
    Cause("F22", "a backup in the middle of the load", backed_up),
    Cause("F23", "a reader of 5 s in the middle of the load", long_read, postgresql=False),
)
