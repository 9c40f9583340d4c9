"""A talk as lines: shown in the terminal and, when recorded, written in the form of tests/transcripts."""

from __future__ import annotations

from datetime import datetime
from typing import TextIO

import typer

from handlers.types import Reply
from storage.queue import Outgoing

SPEAKERS = {
    "resident": "居民", "neighbour": "邻居", "newcomer": "新人", "leader": "微网格长", "deputy": "副微网格长",
    "desk": "社区人员",
}  # fmt: skip
INDENT = " " * 6


def speaker(name: str) -> str | None:
    """A user of the sample, by user name or by what they are called in a transcript."""
    return name if name in SPEAKERS else next((user for user, label in SPEAKERS.items() if label == name), None)


class Script:
    """`echo`: also show what people said, for input that comes through a pipe. `now` in local time."""

    def __init__(self, file: TextIO | None, now: datetime, *, echo: bool) -> None:
        self._file = file
        self._echo = echo
        self._minute = ""
        self._clock(now)

    def said(self, user: str, words: str, now: datetime) -> None:
        self._clock(now)
        line = f"{SPEAKERS[user]}: {words}"
        self._write(line)
        if self._echo:
            typer.echo(line)

    def answered(self, replies: tuple[Reply, ...]) -> None:
        for reply in replies:
            lines = _indented("社区", reply.text)
            lines += [f"{INDENT}{number} {choice.label}" for number, choice in enumerate(reply.choices, 1)]
            if reply.link:
                lines.append(f"{INDENT}<{reply.link}>")
            self._both(lines)
        if not replies:
            self._both(["社区: (不回话)"])

    def pushed(self, name: str, out: Outgoing) -> None:
        self._both([*_indented(f"推送 {name}", out.text), *(f"{INDENT}[{choice.label}]" for choice in out.choices)])

    def _clock(self, now: datetime) -> None:
        minute = now.strftime("%Y-%m-%d %H:%M")
        if minute != self._minute:
            self._minute = minute
            self._write(f"时间: {minute}")

    def _both(self, lines: list[str]) -> None:
        for line in lines:
            typer.echo(line)
            self._write(line)

    def _write(self, line: str) -> None:
        if self._file is not None:
            self._file.write(line + "\n")
            self._file.flush()


def _indented(head: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [f"{head}: {first}", *(INDENT + line for line in rest)]
