"""Messages taken while the database could not: an encrypted file, fsynced, replayed by the gateway."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import SettingsError
from bot.spool_lines import Mark, lines_of, mark, read_line, sealed
from handlers.types import Inbound

NAME = "messages.jsonl"


def opened(data_dir: Path, owner: str) -> Spool:
    """The spool of a process that starts. Raises SettingsError: without it nothing could be promised."""
    try:
        spool = Spool(data_dir / "spool" / NAME, owner)
        spool.check()
    except OSError as error:
        why = f"{data_dir / 'spool'} 写不进去（{error.strerror}）"
        raise SettingsError([f"{why}。数据库断开时消息要先存在这里，所以没有启动。请检查磁盘和权限。"]) from error
    return spool


def is_free(owner: Path) -> bool:
    """Whether nobody holds the file: its process is dead, or there never was one."""
    if not owner.exists():
        return True
    file = os.open(owner, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(file)


class Spool:
    """Sealed lines in the files of one folder: one a process, which others take over when it is dead. All block.

    Lines are sealed with the keyring of the process, so that residents' words never lie readable on disk.
    A line that cannot be read, or whose message fails for good, moves to `<name>.stuck` and is reported.
    `owner`: the process that will answer for what it keeps; "" for a command, which only looks. What a line says is
    remembered while it stands in the file: after an outage there are tens of thousands, looked at again and again.
    """

    def __init__(self, path: Path, owner: str = "") -> None:
        self.path = path.with_suffix(f".{owner}.jsonl") if owner else path
        self.stuck = path.with_suffix(".stuck")
        self._common = path
        self._owner = owner
        self._held = -1
        self._known: dict[str, Inbound] = {}  # lines of `path`, by their sealed words
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    def check(self) -> None:
        """Whether a message could be kept; from now on our lines are ours. Raises OSError."""
        with self._locked():
            if self._held < 0:
                self._held = os.open(self.path.with_suffix(".owner"), os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._held, fcntl.LOCK_EX)
            os.pwrite(self._held, b"\n", 0)
            os.fsync(self._held)

    def close(self) -> None:
        """Let the next process have what is left."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    @contextmanager
    def _locked(self, name: str = ".lock") -> Iterator[None]:
        lock = os.open(self._common.with_suffix(name), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def add(self, *messages: Inbound, stuck: bool = False) -> None:
        """Keep messages, all or none; when this returns they survive a power cut. Raises OSError.

        `stuck`: their turn failed by a bug; they are kept for people to look at, not replayed.
        """
        lines = {sealed(inbound): inbound for inbound in messages}
        with self._locked():
            self._append(self.stuck if stuck else self.path, list(lines))
            if not stuck:
                self._known |= lines

    def put_aside(self, lines: list[str]) -> None:
        """Sealed lines that nobody here can read, for people to look at. Raises OSError."""
        with self._locked():
            self._append(self.stuck, lines)

    def retry_stuck(self) -> int:
        """Move what is stuck back into the spool (after an upgrade); how many lines."""
        with self._locked():
            lines = self.stuck.read_text(encoding="utf-8").split("\n")[:-1] if self.stuck.exists() else []
            if lines:
                self._append(self.path, lines)
                self.stuck.unlink()
        return len(lines)

    def waiting(self) -> list[Inbound]:
        """What is kept by us and by the dead, oldest first, each message once."""
        found: dict[Mark, Inbound] = {}
        bad: list[str] = []
        with self._locked():
            self._inherit()
            for line in self._lines():
                inbound = self._said(line)
                if inbound is None:
                    bad.append(line)
                else:
                    found.setdefault(mark(inbound), inbound)
            if bad:
                self._append(self.stuck, bad)
                self._rewrite([line for line in self._lines() if line not in bad])
        return sorted(found.values(), key=lambda inbound: inbound.at)

    def done(self, *finished: Inbound, stuck: bool = False) -> None:
        """Forget messages whose turn is committed, or put them aside for good."""
        marks = {mark(inbound) for inbound in finished}
        with self._locked():
            kept: list[str] = []
            aside: list[str] = []
            for line in self._lines():
                inbound = self._said(line)
                (aside if inbound is not None and mark(inbound) in marks else kept).append(line)
            if stuck and aside:
                self._append(self.stuck, aside)
            if aside:
                self._rewrite(kept)

    def count(self) -> int:
        """Lines that wait, those of other processes too; copies counted."""
        return sum(len(lines_of(path)) for path in self._all())

    def stuck_count(self) -> int:
        return self.stuck.read_bytes().count(b"\n") if self.stuck.exists() else 0

    def _said(self, line: str) -> Inbound | None:
        """None for a broken line: whatever it raises, the rest goes on."""
        known = self._known.get(line)
        if known is None:
            try:
                known = self._known[line] = read_line(line)
            except Exception:  # noqa: BLE001 - as promised above; `waiting` puts it aside
                return None
        return known

    def _all(self) -> list[Path]:
        return [self._common, *sorted(self._common.parent.glob(f"{self._common.stem}.*.jsonl"))]

    def _lines(self) -> list[str]:
        return lines_of(self.path)

    def _inherit(self) -> None:
        """The lines of the common file and of dead processes become ours; a crash in between leaves them twice."""
        for path in self._all() if self._owner else ():
            if path == self.path or not is_free(path.with_suffix(".owner")):
                continue
            if lines := lines_of(path):
                self._append(self.path, lines)
            path.unlink(missing_ok=True)
        for owner in self._common.parent.glob(f"{self._common.stem}.*.owner") if self._owner else ():
            if not owner.with_suffix(".jsonl").exists() and is_free(owner):
                owner.unlink(missing_ok=True)

    def _append(self, path: Path, lines: list[str]) -> None:
        new = not path.exists()
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            end = os.lseek(file, 0, os.SEEK_END)
            if end and os.pread(file, 1, end - 1) != b"\n":
                os.ftruncate(file, os.pread(file, end, 0).rfind(b"\n") + 1)
                end = os.lseek(file, 0, os.SEEK_END)
            data = "".join(line + "\n" for line in lines).encode()
            try:
                if os.write(file, data) != len(data):  # a full disk writes a part without an error
                    raise OSError(errno.ENOSPC, "spool not written whole")
                os.fsync(file)
            except OSError:
                os.ftruncate(file, end)  # nothing of what nobody will be promised
                raise
        finally:
            os.close(file)
        if new:
            self._sync_folder()

    def _rewrite(self, lines: list[str]) -> None:
        draft = self.path.with_suffix(".draft")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        self._known = {line: self._known[line] for line in lines if line in self._known}
        self._sync_folder()

    def _sync_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
