"""What a bench is asked for: on which databases, where they stand meanwhile, and which core is whose."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import town
from tests.bench.process import cores

KINDS = ("sqlite", "postgresql")


def asking(name: str, about: str | None) -> argparse.ArgumentParser:
    """The parser of `python -m <name>`; `about`: the docstring of the bench."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=about)
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    return parser


def at_least(least: int) -> Callable[[str], int]:
    """The type of an argument that says how much: fewer than `least` rows show nothing and are refused."""

    def size(said: str) -> int:
        number = int(said)
        if number < least:
            raise argparse.ArgumentTypeError(f"{number:,} is too few to measure, at least {least:,}")
        return number

    return size


def kinds(given: argparse.Namespace) -> tuple[str, ...]:
    return KINDS if given.database == "both" else (given.database,)


@contextmanager
def standing(kind: str, name: str) -> Iterator[tuple[str, Path]]:
    """(address of an empty database, the folder it stands in), both gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"jushe-{name}-") as folder, town.database(kind, Path(folder)) as url:
        yield url, Path(folder)


def on_cores() -> tuple[int, int]:
    """(the server's core, that of this process and PostgreSQL), the same where there is only one."""
    at, own = cores()
    if at != own:
        os.sched_setaffinity(0, {own})
    return at, own
