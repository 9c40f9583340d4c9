"""Which processes use a data directory: many services at once, or one command that replaces what they use."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InUse(Exception):
    """`str(error)` says what to do."""


def _lock(folder: Path, how: int) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(folder / "service.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise InUse(f"数据目录 {folder} 正被另一个居社通程序使用。请先停掉它。") from None
    return file


@contextmanager
def here(folder: Path) -> Iterator[None]:
    """A service runs on this directory until the end; others may too. Raises InUse."""
    file = _lock(folder, fcntl.LOCK_SH)
    try:
        yield
    finally:
        os.close(file)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else runs on this directory until the end. Raises InUse."""
    file = _lock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(file)
