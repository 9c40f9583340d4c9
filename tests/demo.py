"""The demo's data directory as a first start leaves it: made once, and anew when an hour is over; then copied."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot.app import open_storage, utc_now
from bot.settings import load
from storage import sample


def demo_in(folder: Path) -> Path:
    """`folder`, filled: a demo started on it finds its database instead of making it."""
    return shutil.copytree(_made(f"{utc_now():%Y%m%d%H}"), folder, dirs_exist_ok=True)


@cache
def _made(hour: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"jushe-demo-{hour}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    db = open_storage(load(data_dir=folder))
    db.migrate()
    sample.seed(db, now=utc_now())
    db.close()
    return folder
