"""`python -m tests.faults`: every fault at seeded random moments under load, and a table of what came of it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.asked_for import asking, kinds
from tests.faults.causes import CAUSES, Cause, Scene
from tests.faults.harness import House
from tests.faults.hosts import Town, town
from tests.faults.network import Refused
from tests.faults.nursery import Nursery
from tests.faults.proxy import Proxy
from tests.faults.server import Postgres
from tests.faults.trial import Row, table, trial

QUICK, FULL, KILLS = 2, 50, 1000  # tries: by itself, with --full, and of F1 and F2 with --full
A_HOUSE = 40  # tries on one database; then a new one, so that there are always faults nobody reported before
DISK = "size=48m"


def options() -> argparse.Namespace:
    parser = asking("tests.faults", __doc__)
    parser.add_argument("--full", action="store_true", help=f"{FULL} tries a fault, {KILLS} kills a database: hours")
    parser.add_argument("--tries", type=int, default=0, help="of each fault, whatever was said else")
    parser.add_argument("--minutes", type=float, default=0.0, help="of each fault, instead of a number of tries")
    parser.add_argument("--only", default="", metavar="F1,F6", help="these faults")
    parser.add_argument("--seed", type=int, default=20260601)
    parser.add_argument("--list", action="store_true", help="which faults there are")
    return parser.parse_args()


def main() -> int:
    given = options()
    logging.disable(logging.WARNING)
    wanted = [one for one in given.only.split(",") if one]
    chosen = [cause for cause in CAUSES if not wanted or cause.number in wanted]
    if given.list:
        for cause in CAUSES:
            print(f"{cause.number:5} {cause.words}")
        return 0
    rows: list[Row] = []
    for cause in chosen:
        for kind in kinds(given):
            if not getattr(cause, kind):
                continue
            tries = given.tries or (QUICK if not given.full else KILLS if cause.number in ("F1", "F2") else FULL)
            row = repeated(cause, kind, tries, given.seed, given.minutes)
            if isinstance(row, str):
                print(f"{cause.number} {kind}: skipped, {row}", flush=True)
                continue
            rows.append(row)
            print(f"{'good' if row.good else 'BAD '} {' · '.join(row.cells())}", flush=True)
            for kind_of, items in row.verdict.wrong.items():
                for item in items[:3]:
                    print(f"     {kind_of}: {item}", flush=True)
    print("\n" + table(rows))
    return 0 if all(row.good for row in rows) else 1


def repeated(cause: Cause, kind: str, tries: int, seed: int, minutes: float) -> Row | str:
    """Why not, where the fault cannot be made on this machine. Many tries are on one database after the other."""
    whole: Row | str = ""
    done = 0
    while isinstance(whole, str) or (done < tries and not minutes):
        row = attempt(cause, kind, min(tries - done, A_HOUSE), f"{seed}:{done}" if done else str(seed), minutes)
        if isinstance(row, str):
            return row
        done += row.tries
        whole = row if isinstance(whole, str) else whole.and_then(row)
        if tries > A_HOUSE and not minutes:
            print(f"     {' · '.join(whole.cells())}", flush=True)
    return whole


def attempt(cause: Cause, kind: str, tries: int, seed: str, minutes: float) -> Row | str:
    """Why not, where the fault cannot be made on this machine."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="jushe-faults-")))
        ballast = None
        if cause.number == "F8":
            if not ends.enter_context(small_disk(folder / "disk")):
                return "a small disk cannot be mounted here (needs root)"
            folder = folder / "disk"
            ballast = folder / "ballast"
        chance = random.Random(f"{seed}:{cause.number}:{kind}")
        if cause.hosts:
            try:
                return asyncio.run(_attempt(cause, Scene(ends.enter_context(town(folder)), chance), tries, minutes))
            except Refused as reason:
                return str(reason)
        server = ends.enter_context(Postgres()) if kind == "postgresql" else None
        house = House(server.url if server else f"sqlite:///{folder / 'jushe.db'}", folder / "house")
        ends.callback(house.end)
        house.furnish()
        if tries >= A_HOUSE and not cause.status:
            house.begin = ends.enter_context(Nursery()).begin
        scene = Scene(house, chance, server=server, ballast=ballast)
        return asyncio.run(_attempt(cause, scene, tries, minutes))


async def _attempt(cause: Cause, scene: Scene, tries: int, minutes: float) -> Row:
    if scene.server:
        scene.proxy = Proxy(scene.house.url)
        await scene.proxy.open()
        scene.house.via = scene.proxy.url
    try:
        await scene.house.all_up()
        return await trial(cause, scene, tries, minutes)
    finally:
        if isinstance(scene.house, Town):
            await scene.house.close()
        if scene.proxy:
            await scene.proxy.close()


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of 48 MB, when this user may mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


if __name__ == "__main__":
    sys.exit(main())
