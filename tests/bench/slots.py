"""`python -m tests.bench.slots DATA`: what is read of places, times and numbers, against labelled data."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from bot.evaluating import address, pii
from bot.evaluating import time as times

KINDS = {"address_naacl2019": address.evaluate, "pii_cases": pii.evaluate, "time_cases": times.evaluate}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.slots", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds " + ", ".join(KINDS))
    parser.add_argument("--only", choices=tuple(KINDS))
    parser.add_argument("--wrong", type=int, default=0, help="show so many of what was read otherwise")
    given = parser.parse_args()
    for name, evaluate in KINDS.items():
        if given.only in (None, name):
            started = time.perf_counter()
            figures = evaluate(given.data / name)
            print(f"{name} ({time.perf_counter() - started:.1f} s)")
            wrong = figures.pop("wrong", [])
            for figure, value in figures.items():
                print(f"  {figure:24} {value}")
            for line in wrong[: given.wrong]:
                print("   ", line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
