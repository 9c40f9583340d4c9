"""Tables that were handed in and wait for a yes: a file each, of one person, for an hour; not their rows."""

from __future__ import annotations

import os
import re
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app import App

SECONDS = 3600.0
_TOKEN = re.compile(r"[0-9a-f]{32}\.(xlsx|csv)")
_KINDS = {b"PK\x03\x04": ".xlsx"}


def _folder(app: App) -> Path:
    folder = app.settings.data_dir / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def keep(app: App, person: int, data: bytes) -> str:
    """The name by which the same person finds it again. Blocks."""
    name = secrets.token_hex(16) + _KINDS.get(data[:4], ".csv")
    path = _folder(app) / f"{person}-{name}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return name


def find(app: App, person: int, name: str) -> Path | None:
    """None when it is somebody else's, too old, or never was. Blocks."""
    if not _TOKEN.fullmatch(name):
        return None
    path = _folder(app) / f"{person}-{name}"
    try:
        return path if time.time() - path.stat().st_mtime < SECONDS else None
    except FileNotFoundError:
        return None


def fresh(app: App, person: int, ending: str) -> Path:
    """Where a file of this person can be written for a moment."""
    return _folder(app) / f"{person}-{secrets.token_hex(16)}{ending}"


def forget_old(app: App) -> int:
    """Delete what waited longer than an hour; returns how many. Blocks."""
    old = [path for path in _folder(app).iterdir() if time.time() - path.stat().st_mtime > SECONDS]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
