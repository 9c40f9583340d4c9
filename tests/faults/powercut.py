"""`python -m tests.faults.powercut`: the machine loses power at random moments, by replaying what was written.

A child process commits and says so; strace keeps every write and sync of the database's files. A cut is the files as
they were at some moment: what was synced is there, of what came after it each write is there, missing or torn.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import insert

from storage.engine import open_database
from storage.schema import counters
from tests.bench.process import ROOT, environment

SECRET = "power-cut-of-no-other-use-at-all"  # of no data
CALLS = "openat,open,close,pwrite64,write,ftruncate,fsync,fdatasync"
_CALL = re.compile(r"^(?:\[pid\s+\d+\] |\d+\s+)?(\w+)\((.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass
class Event:
    """`kind`: write, cut (to a length), sync or said (a commit was acknowledged: `number`)."""

    kind: str
    file: str = ""
    at: int = 0
    data: bytes = b""
    number: int = 0


@dataclass
class Files:
    """The durable state, and what was written since and not synced."""

    synced: dict[str, bytearray] = field(default_factory=dict)
    loose: list[Event] = field(default_factory=list)

    def apply(self, event: Event) -> None:
        if event.kind == "sync":
            for waiting in [one for one in self.loose if one.file == event.file]:
                _write(self.synced, waiting)
                self.loose.remove(waiting)
        else:
            self.loose.append(event)

    def after_cut(self, chance: random.Random) -> dict[str, bytearray]:
        """What is on the disk: of each loose write all, nothing or a part."""
        files = {name: bytearray(data) for name, data in self.synced.items()}
        for event in self.loose:
            fate = chance.random()
            if fate < 0.4:
                _write(files, event)
            elif fate < 0.6 and event.kind == "write":
                _write(
                    files, Event("write", event.file, event.at, event.data[: chance.randrange(len(event.data) + 1)])
                )
        return files


def _write(files: dict[str, bytearray], event: Event) -> None:
    file = files.setdefault(event.file, bytearray())
    if event.kind == "cut":
        del file[event.at :]
        return
    if len(file) < event.at:
        file.extend(b"\0" * (event.at - len(file)))
    file[event.at : event.at + len(event.data)] = event.data


def child(url: str, commits: int) -> None:
    """Commit, and say so only then."""
    db = open_database(url, SECRET)
    for number in range(commits):
        with db.writing() as conn:
            conn.execute(insert(counters).values(name=f"n{number}", value=number))
        print(f"said {number}", flush=True)
    db.close()


def recorded(folder: Path, commits: int, synchronous: str) -> tuple[dict[str, bytearray], list[Event]]:
    """The files before, and what was done to them."""
    path = folder / "jushe.db"
    db = open_database(f"sqlite:///{path}", SECRET)
    db.migrate()
    db.close()
    before = {file.name: bytearray(file.read_bytes()) for file in folder.glob("jushe.db*")}
    log = folder / "strace"
    code = f"from tests.faults.powercut import child; child('sqlite:///{path}', {commits})"
    if synchronous != "FULL":
        code = (
            "import storage.engine as e, inspect; "
            f"exec(inspect.getsource(e).replace('synchronous=FULL', 'synchronous={synchronous}'), e.__dict__); "
            + code
        )
    command = [
        "strace",
        "-f",
        "-xx",
        "-s",
        "100000",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(log),
        sys.executable,
        "-c",
        code,
    ]
    subprocess.run(command, check=True, capture_output=True, env=environment({}) | {"PYTHONPATH": str(ROOT)})
    return before, list(events(log.read_text(), folder))


def events(log: str, folder: Path) -> Iterator[Event]:
    """What strace saw of the database's files, and of the acknowledgements on standard output."""
    names: dict[int, str] = {}
    ends: dict[int, int] = {}
    for line in log.splitlines():
        found = _CALL.match(line)
        if not found:
            continue
        call, given, result = found[1], found[2], int(found[3])
        texts = [bytes.fromhex(one.replace("\\x", "")) for one in _TEXT.findall(given)]
        if call in ("open", "openat"):
            name = Path(texts[0].decode(errors="replace")) if texts else Path()
            if result >= 0 and name.parent == folder and name.name.startswith("jushe.db") and "-shm" not in name.name:
                names[result], ends[result] = name.name, 0
            continue
        number = int(re.match(r"-?\d+", given)[0])  # type: ignore[index]
        if call == "write" and number == 1 and texts and texts[0].startswith(b"said "):
            yield Event("said", number=int(texts[0].split()[1]))
        elif number not in names:
            continue
        elif call == "close":
            names.pop(number)
        elif call in ("fsync", "fdatasync"):
            yield Event("sync", names[number])
        elif call == "ftruncate":
            yield Event("cut", names[number], int(given.split(",")[1]))
        elif call == "pwrite64":
            yield Event("write", names[number], int(given.rsplit(",", 1)[1]), texts[0][:result])


def cuts(folder: Path, tries: int, commits: int, synchronous: str, seed: int) -> tuple[int, int]:
    """(acknowledged commits lost, databases damaged) in `tries` cuts."""
    before, done = recorded(folder, commits, synchronous)
    chance, lost, damaged = random.Random(seed), 0, 0
    assert [event.number for event in done if event.kind == "said"] == list(range(commits)), "strace saw not all"
    for number in range(tries):
        moment, files, said = chance.randrange(len(done)), Files({k: bytearray(v) for k, v in before.items()}), -1
        for event in done[:moment]:
            if event.kind == "said":
                said = event.number
            else:
                files.apply(event)
        here = folder / f"cut-{number}"
        here.mkdir()
        for name, data in files.after_cut(chance).items():
            (here / name).write_bytes(data)
        with closing(sqlite3.connect(here / "jushe.db")) as db:
            try:
                sound = db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                kept = {row[0] for row in db.execute("SELECT value FROM counters WHERE name LIKE 'n%'")}
            except sqlite3.DatabaseError:
                sound, kept = False, set()
        damaged += not sound
        lost += len(set(range(said + 1)) - kept)
        shutil.rmtree(here)
    return lost, damaged


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.powercut", description=__doc__)
    parser.add_argument("--tries", type=int, default=500)
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--synchronous", choices=("FULL", "NORMAL", "OFF"), default="FULL", help="what if")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not shutil.which("strace"):
        print("skipped: strace is not installed here")
        return 0
    with tempfile.TemporaryDirectory(prefix="jushe-powercut-") as name:
        lost, damaged = cuts(Path(name), given.tries, given.commits, given.synchronous, given.seed)
    print(f"synchronous={given.synchronous}: {given.tries} cuts, {lost} acknowledged commits lost, {damaged} damaged")
    return 1 if lost or damaged else 0


if __name__ == "__main__":
    sys.exit(main())
