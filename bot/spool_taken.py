"""The spool of a host that is gone for good, taken in from a copy of its disk: once, in order."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.spool import Spool, is_free
from bot.spool_lines import lines_of, read_line
from handlers.types import Inbound
from storage.upkeep import INBOX_DAYS

TAKEN = ".taken"  # what is in is named so, and not taken again


class NotTaken(Exception):
    """Nothing was taken; the reason in one sentence."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many messages wait here now, and how many lines were put aside: unreadable, too old, failed over there."""

    messages: int = 0
    broken: int = 0
    old: int = 0
    stuck: int = 0


def take(spool: Spool, folder: Path, now: datetime) -> Taken:
    """`folder`: a copy of `spool`, or of the data directory around it. The files are named `.taken` afterwards.

    A message that was done before it could be forgotten is known by its inbox key, so nothing happens twice. What is
    older than such keys are kept could, and is put aside. Raises NotTaken, OSError.
    """
    folder = folder / "spool" if (folder / "spool").is_dir() else folder
    if folder.resolve() == spool.path.parent.resolve():
        raise NotTaken("这就是本机的暂存目录，服务会自己处理，不用收。")
    files = sorted(folder.glob("messages*.jsonl"))
    failed = folder / "messages.stuck"
    if not files and not failed.exists():
        raise NotTaken(f"{folder} 里没有暂存的消息（messages*.jsonl），或者已经收过了。")
    if not all(is_free(path.with_suffix(".owner")) for path in files):
        raise NotTaken(f"{folder} 还有进程在用。只收已经停掉的机器的。")
    if not os.access(folder, os.W_OK):
        raise NotTaken(f"{folder} 不能写：收过的要改名，免得收两次。请复制到能写的地方再收。")
    good, old, broken = _sorted_out(files, now - timedelta(days=INBOX_DAYS))
    if broken and not (good or old):
        raise NotTaken("一条也读不出来：多半是密钥不同。请用那台机器的 JUSHE_SECRET_KEY。什么都没有动。")
    stuck = lines_of(failed)
    if good:
        spool.add(*good)
    if old:
        spool.add(*old, stuck=True)
    if broken or stuck:
        spool.put_aside(broken + stuck)
    for path in (*files, failed):
        if path.exists():
            path.rename(path.with_name(path.name + TAKEN))
    return Taken(len(good), len(broken), len(old), len(stuck))


def _sorted_out(files: list[Path], since: datetime) -> tuple[list[Inbound], list[Inbound], list[str]]:
    """What can be taken, what is older than `since`, and the lines that cannot be read."""
    good: list[Inbound] = []
    old: list[Inbound] = []
    broken: list[str] = []
    for line in (line for path in files for line in lines_of(path)):
        try:
            inbound = read_line(line)
        except Exception:  # noqa: BLE001 - whatever a broken line raises, the rest goes on
            broken.append(line)
        else:
            (good if inbound.at >= since else old).append(inbound)
    return good, old, broken
