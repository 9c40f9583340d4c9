"""The spool: what it took is there after a crash, sealed, once."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import spool as spool_module
from bot.settings import SettingsError
from bot.spool import Spool, opened
from bot.spool_lines import from_json, to_json
from handlers.types import Inbound, Media, Pin, Sender
from storage import crypto

AT = datetime(2026, 6, 1, 1, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def keyring() -> None:
    crypto.use(crypto.Keyring("k" * 32))


def message(number: int, text: str = "3幢楼道灯坏了") -> Inbound:
    return Inbound(
        Sender("wechat", "wx1", "oCanaryUser"), f"m:{number}", AT, text=text,
        media=(Media("photo", "wechat:abc"),), pin=Pin(30.1, 120.2, "北门"), spoken=True,
    )  # fmt: skip


def test_there_and_back() -> None:
    full = message(1)
    assert from_json(to_json(full)) == full
    bare = Inbound(Sender("webchat", "-", "u"), "k", AT, event="scan", event_key="g1.X")
    assert from_json(to_json(bare)) == bare


def test_kept_in_order_each_once_and_forgotten(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool" / "messages.jsonl")
    for number in (1, 2, 1, 3):
        spool.add(message(number))
    again = Spool(tmp_path / "spool" / "messages.jsonl")
    assert again.waiting() == [message(1), message(2), message(3)]
    again.done(message(1), message(3))
    assert spool.waiting() == [message(2)]
    assert spool.count() == 1


def test_several_are_kept_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path / "messages.jsonl")
    spool.add(message(1))
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda file, data: write(file, data[: len(data) * 2 // 3]))
        with pytest.raises(OSError, match="not written whole"):
            spool.add(message(2), message(3), message(4))
    spool.add(message(5), message(6))
    assert spool.waiting() == [message(1), message(5), message(6)]


def test_words_do_not_lie_readable_on_disk(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "messages.jsonl")
    spool.add(message(1))
    raw = spool.path.read_bytes()
    assert "楼道".encode() not in raw
    assert b"Canary" not in raw
    assert spool.path.stat().st_mode & 0o077 == 0


def test_a_half_written_line_is_dropped_and_the_next_is_whole(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "messages.jsonl")
    spool.add(message(1))
    with spool.path.open("ab") as file:
        file.write(b"half a li")
    assert spool.waiting() == [message(1)]
    spool.add(message(2))
    assert spool.waiting() == [message(1), message(2)]


def test_a_line_of_another_key_is_put_aside_and_can_be_retried(tmp_path: Path) -> None:
    crypto.use(crypto.Keyring("o" * 32))
    Spool(tmp_path / "messages.jsonl").add(message(1))
    spool = Spool(tmp_path / "messages.jsonl")
    crypto.use(crypto.Keyring("k" * 32))
    spool.add(message(2))
    assert spool.waiting() == [message(2)]
    assert (spool.count(), spool.stuck_count()) == (1, 1)
    crypto.use(crypto.Keyring("k" * 32, ("o" * 32,)))
    assert spool.retry_stuck() == 1
    assert spool.waiting() == [message(2), message(1)]
    assert spool.stuck_count() == 0


def test_a_line_is_read_once_however_often_it_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = opened(tmp_path, "pdead")
    for number in range(20):
        dead.add(message(number))
    dead.close()
    spool, opens = opened(tmp_path, "pheir"), []
    real = spool_module.read_line
    monkeypatch.setattr(spool_module, "read_line", lambda line: opens.append(line) or real(line))
    spool.add(message(20))
    for number in range(20):
        assert len(spool.waiting()) == 21 - number
        spool.done(message(number))
    assert spool.waiting() == [message(20)]
    assert len(opens) == 20  # our own not at all


def test_stuck_ones_are_not_replayed(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "messages.jsonl")
    spool.add(message(1))
    spool.add(message(2), stuck=True)
    spool.done(message(1), stuck=True)
    assert spool.waiting() == []
    assert spool.stuck_count() == 2


def test_the_living_keep_their_own_and_the_dead_leave_theirs(tmp_path: Path) -> None:
    first, second = opened(tmp_path, "pfirst"), opened(tmp_path, "psecond")
    first.add(message(1))
    second.add(message(2))
    assert (first.waiting(), second.waiting()) == ([message(1)], [message(2)])
    first.close()  # as the system does it for a process that was killed
    assert second.waiting() == [message(2), message(1)]
    second.done(message(1), message(2))
    assert (second.waiting(), second.count()) == ([], 0)
    assert sorted(path.name for path in first.path.parent.glob("*.owner")) == ["messages.psecond.owner"]


def test_order_is_that_of_the_messages_whoever_kept_them(tmp_path: Path) -> None:
    first, second = opened(tmp_path, "pfirst"), opened(tmp_path, "psecond")
    early, late = message(1), replace(message(2), at=AT + timedelta(seconds=2))
    second.add(late)
    first.add(early)
    first.close()
    assert second.waiting() == [early, late]


def test_a_damaged_line_blocks_nothing(tmp_path: Path) -> None:
    spool = opened(tmp_path, "p1")
    for number in (1, 2, 3):
        spool.add(message(number))
    lines = spool.path.read_bytes().split(b"\n")
    lines[1] = lines[1][:40] + b"\x00\xff" + lines[1][42:]
    spool.path.write_bytes(b"\n".join(lines))
    spool.done(message(1))  # before anybody looked at the damaged one
    assert spool.waiting() == [message(3)]
    assert (spool.count(), spool.stuck_count()) == (1, 1)


def test_without_a_place_to_write_nothing_starts(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")
    with pytest.raises(SettingsError, match="没有启动"):
        opened(tmp_path, "p1")
