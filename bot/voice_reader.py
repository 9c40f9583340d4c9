"""The child process of voices.py: a recording on stdin, an MP3 on stdout; knows nothing of the service.

Whatever a file does to the decoder ends with this process: it may use little memory and time, and writes no file.
"""

from __future__ import annotations

import io
import sys

RATE = 16_000  # samples a second; speech needs no more
BITS = 32_000  # a second
LONGEST = 180.0  # seconds of a voice
NO_VOICE, TOO_LONG = 3, 4  # exit status
_MEMORY = 1 << 30  # bytes of address space
_CPU = 20  # seconds
# (where it begins, what stands there, the only reader that is tried)
_KINDS = (
    (0, b"#!AMR", "amr"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"OggS", "ogg"),
    (4, b"ftyp", "mov"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (8, b"WAVE", "wav"),
)


class NoVoice(Exception):  # said of the file
    """No recording of a kind that is read."""


class TooLong(Exception):  # said of the file
    """Longer than anybody would listen to."""


def mp3(data: bytes) -> bytes:
    """A mono MP3 of what can be heard, without titles, pictures or places. Raises NoVoice, TooLong.

    A file that breaks off in the middle is read as far as it goes.
    """
    import av  # 70 MB that the service itself never loads
    from av.audio.resampler import AudioResampler

    kind = next((kind for at, mark, kind in _KINDS if data[at : at + len(mark)] == mark), None)
    if kind is None:
        raise NoVoice
    out = io.BytesIO()
    heard = 0
    with av.open(out, "w", format="mp3", options={"id3v2_version": "0", "write_xing": "0"}) as made:
        written = made.add_stream("mp3", rate=RATE, layout="mono")
        written.bit_rate = BITS
        even = AudioResampler(format="s16p", layout="mono", rate=RATE)
        try:
            with av.open(io.BytesIO(data), "r", format=kind) as source:
                if not source.streams.audio:
                    raise NoVoice
                for frame in source.decode(source.streams.audio[0]):
                    for part in even.resample(frame):
                        heard += part.samples
                        if heard > LONGEST * RATE:
                            raise TooLong
                        part.pts = None
                        made.mux(written.encode(part))
        except (av.FFmpegError, EOFError):
            pass  # what was heard until then counts
        made.mux(written.encode(None))
    if not heard:
        raise NoVoice
    return out.getvalue()


def _confined() -> None:
    import resource

    for what, most in (
        (resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _CPU), (resource.RLIMIT_FSIZE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


def main() -> int:
    _confined()
    try:
        sys.stdout.buffer.write(mp3(sys.stdin.buffer.read()))
    except NoVoice:
        return NO_VOICE
    except TooLong:
        return TOO_LONG
    return 0


if __name__ == "__main__":
    sys.exit(main())
