"""Recordings made up for tests: as WeChat's phone makes them and as a browser does."""

from __future__ import annotations

import io
import math
from array import array

import av
from av.audio.frame import AudioFrame

_RATE = 48_000


def amr(seconds: int) -> bytes:
    """Adaptive multi-rate speech, 50 frames a second, each of the lowest kind and silent."""
    return b"#!AMR\n" + (b"\x04" + bytes(12)) * (50 * seconds)


def webm(seconds: int, title: str = "") -> bytes:
    """Opus in WebM, a tone."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as file:
        if title:
            file.metadata["title"] = title
        stream = file.add_stream("libopus", rate=_RATE, layout="mono")
        tone = array("h", (int(9000 * math.sin(at / 20)) for at in range(_RATE // 50)))
        for _ in range(50 * seconds):
            frame = AudioFrame(format="s16", layout="mono", samples=len(tone))
            frame.planes[0].update(tone.tobytes())
            frame.sample_rate = _RATE
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()
