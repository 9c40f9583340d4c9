"""The spool: what it took is there after a crash, sealed, once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.spool import Spool, from_json, to_json
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
    spool = Spool(tmp_path / "messages.jsonl")
    crypto.use(crypto.Keyring("o" * 32))
    spool.add(message(1))
    crypto.use(crypto.Keyring("k" * 32))
    spool.add(message(2))
    assert spool.waiting() == [message(2)]
    assert (spool.count(), spool.stuck_count()) == (1, 1)
    crypto.use(crypto.Keyring("k" * 32, ("o" * 32,)))
    assert spool.retry_stuck() == 1
    assert spool.waiting() == [message(2), message(1)]
    assert spool.stuck_count() == 0


def test_stuck_ones_are_not_replayed(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "messages.jsonl")
    spool.add(message(1))
    spool.add(message(2), stuck=True)
    spool.done(message(1), stuck=True)
    assert spool.waiting() == []
    assert spool.stuck_count() == 2
