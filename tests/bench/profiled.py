"""Runs the program under cProfile in every thread, by CPU time; writes what it did after a SIGUSR1."""

from __future__ import annotations

import cProfile
import json
import signal
import sys
import sysconfig
import threading
import time
from pathlib import Path

Row = tuple[str, int, float, float]  # function, calls, seconds in itself, seconds with what it calls
_PREFIXES = (f"{Path(__file__).parents[2]}/", f"{sysconfig.get_path('purelib')}/", f"{sysconfig.get_path('stdlib')}/")
_profiles: list[cProfile.Profile] = []


def _profile_thread(*_: object) -> None:
    profile = cProfile.Profile(time.thread_time)  # waiting for a lock, the disk or a message costs nothing
    _profiles.append(profile)
    profile.enable()  # takes the place of this function, in this thread


def _so_far() -> dict[str, tuple[int, float, float]]:
    """Function → calls and seconds, over all threads, since the start."""
    total: dict[str, tuple[int, float, float]] = {}
    for profile in tuple(_profiles):
        for entry in profile.getstats():
            name = _name(entry.code)
            calls, own, whole = total.get(name, (0, 0.0, 0.0))
            total[name] = (calls + entry.callcount, own + entry.inlinetime, whole + entry.totaltime)
    return total


def _name(code: object) -> str:
    if isinstance(code, str):
        return code
    path = code.co_filename  # type: ignore[attr-defined]
    for prefix in _PREFIXES:
        path = path.removeprefix(prefix)
    return f"{path}:{code.co_firstlineno} {code.co_name}"  # type: ignore[attr-defined]


def main(out: Path, arguments: list[str]) -> None:
    from bot.cli import main as program

    before: dict[str, tuple[int, float, float]] = {}
    signal.signal(signal.SIGUSR1, lambda *_: before.update(_so_far()))
    sys.argv = ["jushe", *arguments]
    threading.setprofile(_profile_thread)
    own = cProfile.Profile(time.thread_time)
    _profiles.append(own)
    own.enable()
    try:
        program()
    finally:
        own.disable()
        rows = []
        for name, (calls, inside, whole) in _so_far().items():
            old = before.get(name, (0, 0.0, 0.0))
            rows.append((name, calls - old[0], inside - old[1], whole - old[2]))
        out.write_text(json.dumps(rows))


def heaviest(file: Path) -> list[Row]:
    """The costliest in themselves first."""
    rows: list[Row] = [(name, calls, own, whole) for name, calls, own, whole in json.loads(file.read_text())]
    return sorted((row for row in rows if "bench/profiled" not in row[0]), key=lambda row: -row[2])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
