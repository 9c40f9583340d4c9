"""Makes of any recording one that every browser plays; it is read in a process of its own."""

from __future__ import annotations

import asyncio
import sys

from bot import voice_reader
from bot.images import VOICE_BYTES, BadMedia

PATIENCE = 30.0  # seconds the reading may take
_CODES = {voice_reader.NO_VOICE: "not_a_voice", voice_reader.TOO_LONG: "too_long"}


async def playable(data: bytes) -> bytes:
    """A mono MP3 without anything but the voice. Raises BadMedia: not_a_voice, too_long."""
    if len(data) > VOICE_BYTES:
        raise BadMedia("too_long")
    reading = await asyncio.create_subprocess_exec(
        sys.executable, "-P", voice_reader.__file__, env={},  # none of our secrets
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            heard, _ = await reading.communicate(data)
    except TimeoutError:
        raise BadMedia("not_a_voice") from None
    finally:
        if reading.returncode is None:
            reading.kill()
            await reading.wait()
    if reading.returncode:
        raise BadMedia(_CODES.get(reading.returncode, "not_a_voice"))
    return heard
