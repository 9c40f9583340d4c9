"""Processes of the program out of one that has imported it already; knows nothing of what is done to them.

Importing costs a start 1.9 s of CPU, everything else 0.3 s: where a process is killed a thousand times, the machine
would do little else. What comes out is the program as ever: its own process, settings, threads and connections.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import bot.app
import bot.cli
import bot.server
from storage import ids
from tests.bench.process import ROOT, environment


class Born:
    """A child of the nursery, as far as a supervisor needs it. How it ended is not known."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        return None if Path(f"/proc/{self.pid}").exists() else -1

    def send_signal(self, sig: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, sig)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired."""
        began = time.monotonic()
        while self.poll() is None:
            if timeout is not None and time.monotonic() - began > timeout:
                raise subprocess.TimeoutExpired("jushe", timeout)
            time.sleep(0.005)
        return -1


class Nursery:
    """`with Nursery() as nursery: House(…, begin=nursery.begin)`."""

    def __enter__(self) -> Self:
        self._one = threading.Lock()
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, env=environment({}) | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._parent.kill()
        self._parent.wait()

    def begin(self, command: Sequence[str], folder: Path, env: Mapping[str, str], log: Path) -> Born:
        """`python -m bot …` in `folder` with just this environment; what it says goes to `log`."""
        assert command[:2] == ["-m", "bot"]
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        asked = {"words": [*command[2:]], "folder": str(folder), "env": dict(env), "log": str(log)}
        with self._one:  # two threads reading lines of one pipe may lose one
            self._parent.stdin.write(json.dumps(asked).encode() + b"\n")
            self._parent.stdin.flush()
            return Born(int(self._parent.stdout.readline()))


def _become(words: list[str], folder: str, env: dict[str, str], log: str) -> None:
    """In the child: as if a shell had started it."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    ids.new_id._chance = random.Random().getrandbits  # two siblings must not count alike
    sys.argv = ["jushe", *words]
    try:
        bot.cli.main()
    finally:
        sys.stdout.flush()
        os._exit(1)


def main() -> None:
    """Reads what to start, a line of JSON each, and answers with its process number."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave nothing behind
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if not pid:
            _become(**asked)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
