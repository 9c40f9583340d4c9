"""Starts the real program as a process, pinned to a core; knows what it cost, nothing of what it answers."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[2]
TICK = os.sysconf("SC_CLK_TCK")


def cores() -> tuple[int, int]:
    """(server's core, driver's core); the same one twice on a machine with a single core."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_seconds(folder: Path) -> float:
    """CPU so far of a PostgreSQL that has its data in `folder`, of all its processes; 0 without one."""
    spent = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "comm").read_text() != "postgres\n" or folder not in (process / "cwd").readlink().parents:
                continue
            fields = (process / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue  # it has ended
        spent += sum(map(int, fields[11:15]))  # its own, and of those of its children that have ended
    return spent / TICK


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours without any JUSHE_ setting of the caller's, so that a run depends on nothing outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUSHE_")}
    return kept | {"PYTHONUNBUFFERED": "1"} | dict(settings)


class Process(Protocol):
    """What a supervisor needs of a process; as subprocess.Popen has it."""

    pid: int

    def poll(self) -> int | None: ...

    def send_signal(self, sig: int, /) -> None: ...

    def kill(self) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...


Begin = Callable[[Sequence[str], Path, Mapping[str, str], Path], Process]  # (command, folder, environment, log)


@dataclass
class Server:
    """A process that listens on `port`. `ready_seconds`: from its start to the first good /readyz."""

    process: Process
    port: int
    log: Path
    ready_seconds: float = 0.0

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        folder: Path,
        *,
        port: int,
        settings: Mapping[str, str] | None = None,
        core: int | None = None,
        path: str = "/readyz",
        within: float = 60.0,
        inside: Sequence[str] = (),
        begin: Begin | None = None,
    ) -> Server:
        """Run `python <command>` in `folder` and wait until `path` answers 200.

        `inside`: a command that becomes the one behind it, in another namespace for instance. `begin`: who makes the
        process instead.
        Raises RuntimeError with the end of the process's output when it does not within `within` seconds.
        """
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / f"server-{port}.log"
        began = time.monotonic()
        env = environment(settings or {}) | {"PYTHONPATH": str(ROOT)}
        process: Process
        if begin is not None:
            process = begin(command, folder, env, log)
        else:
            with log.open("ab") as out:
                process = subprocess.Popen(
                    [*inside, sys.executable, *command], cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT,
                    start_new_session=True,
                )  # fmt: skip
        if core is not None:
            os.sched_setaffinity(process.pid, {core})  # before it has threads, which inherit it
        server = cls(process, port, log)
        while not server.answers(path):
            if process.poll() is not None or time.monotonic() - began > within:
                server.kill()
                raise RuntimeError(f"the server did not get ready:\n{server.tail()}")
            time.sleep(0.02)
        server.ready_seconds = time.monotonic() - began
        return server

    def get(self, path: str, timeout: float = 10.0) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def answers(self, path: str) -> bool:
        try:
            return self.get(path, 2.0)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def cpu_seconds(self) -> float:
        """User and system time of all its threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def kill(self) -> None:
        """At once, as a crash does; nothing is flushed or finished."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def stop(self, within: float = 20.0) -> int:
        """SIGTERM; its exit status. Raises subprocess.TimeoutExpired, after killing it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
