"""Recordings of every kind become one that every browser plays; what is none is refused, whatever it does."""

from __future__ import annotations

import io
from pathlib import Path

import av
import pytest

from bot import voice_reader, voices
from bot.images import BadMedia
from bot.voices import playable
from tests.bot.sounds import amr, webm


def seconds(mp3: bytes) -> float:
    with av.open(io.BytesIO(mp3), "r", format="mp3") as file:
        return sum(frame.samples / frame.sample_rate for frame in file.decode(file.streams.audio[0]))


@pytest.mark.parametrize(("recording", "long"), [(amr(2), 2.0), (webm(3), 3.0)], ids=["WeChat", "browser"])
async def test_what_a_phone_records_is_heard_in_every_browser(recording: bytes, long: float) -> None:
    assert seconds(await playable(recording)) == pytest.approx(long, abs=0.2)


async def test_nothing_but_the_voice_is_kept() -> None:
    recording = webm(1, title="CanaryTitle")
    assert b"CanaryTitle" in recording
    assert b"Canary" not in await playable(recording)


async def test_what_breaks_off_is_read_as_far_as_it_goes() -> None:
    whole = webm(4)
    assert 0.5 < seconds(await playable(whole[: len(whole) // 2])) < 3.5


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_voice"),
        (b"<html>", "not_a_voice"),
        (b"#!AMR\n", "not_a_voice"),
        (b"\x1aE\xdf\xa3" + b"\xff" * 3000, "not_a_voice"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\xff" * 64, "not_a_voice"),
        (amr(200), "too_long"),
        (b"#!AMR\n" * 400_000, "too_long"),
    ],
    ids=["empty", "page", "no sound", "broken", "broken too", "a long talk", "large"],
)
async def test_what_is_no_voice_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(BadMedia, match=code):
        await playable(data)


async def test_a_reader_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(voice_reader, "__file__", str(slow))
    monkeypatch.setattr(voices, "PATIENCE", 0.2)
    with pytest.raises(BadMedia, match="not_a_voice"):
        await playable(amr(1))
