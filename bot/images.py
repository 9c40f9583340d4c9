"""Makes any photo small and clean; whatever else stood in the file (place, camera, script) is gone."""

from __future__ import annotations

import hashlib
import io
import math
import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

PIXELS = 40_000_000  # refused above, judged by the header before anything is decoded
LONGEST_SIDE = 1600  # pixels of what is kept
QUALITY = 85
_SQUARES = 4  # on a side, of what a covered part keeps
PHOTO_BYTES = 10 * 1024 * 1024
VOICE_BYTES = 2 * 1024 * 1024
Image.MAX_IMAGE_PIXELS = PIXELS  # the library's own limit, so that no decoder is reached beyond it
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_VOICES = {
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/speex": "speex",
    "voice/speex": "speex",
}


class BadMedia(Exception):  # said of the file, not of the program
    """The file cannot be taken. `str(error)` is a short code: too_big, not_an_image, too_many_pixels, not_a_voice,
    too_long.
    """


def clean_photo(data: bytes) -> bytes:
    """A JPEG, upright, at most 1600 px on its longest side, without metadata. CPU-bound: call in a thread.

    Raises BadMedia.
    """
    if len(data) > PHOTO_BYTES:
        raise BadMedia("too_big")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > PIXELS:
                raise BadMedia("too_many_pixels")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _encode(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadMedia("too_many_pixels") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, struct.error):
        raise BadMedia("not_an_image") from None


def covered(data: bytes, boxes: Sequence[tuple[float, float, float, float]]) -> bytes:
    """A clean photo with parts made unreadable for good: each box (left, top, width, height in percent of the
    picture) keeps no more than a few coloured squares. CPU-bound: call in a thread. Raises BadMedia.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            picture = image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise BadMedia("not_an_image") from None
    for left, top, width, height in boxes:
        area = (
            int(left * picture.width / 100), int(top * picture.height / 100),
            min(picture.width, math.ceil((left + width) * picture.width / 100)),
            min(picture.height, math.ceil((top + height) * picture.height / 100)),
        )  # fmt: skip
        size = (area[2] - area[0], area[3] - area[1])
        if min(size) > 0:
            rough = picture.crop(area).resize((_SQUARES, _SQUARES), Image.Resampling.BOX)
            picture.paste(rough.resize(size, Image.Resampling.NEAREST), area)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def looks(data: bytes) -> int:
    """64 bits of how a clean photo looks: which of neighbouring brightnesses is the greater, on a 9 × 8 grid.

    The same picture resized or re-encoded differs in a few bits at most. CPU-bound: call in a thread.
    """
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        image.draft("L", (72, 64))
        small = image.convert("L").resize((9, 8), Image.Resampling.BILINEAR)
    grey = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grey[9 * row + column] < grey[9 * row + column + 1])
    return bits


def _encode(image: Image.Image) -> bytes:
    # Shrunk before it is turned and converted, so that a 40-megapixel picture costs memory once.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        paper = Image.new("RGB", upright.size, "white")
        paper.paste(upright, mask=upright.getchannel("A"))
        upright = paper
    out = io.BytesIO()
    plain = Image.new("RGB", upright.size)
    plain.paste(upright.convert("RGB"))  # a new image: no metadata can come along
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def voice_ending(content_type: str) -> str:
    """The file ending of a voice that is kept as it came. Raises BadMedia."""
    ending = _VOICES.get(content_type.partition(";")[0].strip().lower())
    if ending is None:
        raise BadMedia("not_a_voice")
    return ending


def keep(folder: Path, data: bytes, ending: str) -> str:
    """Store bytes under their own hash; the file's name. The same bytes are stored once."""
    name = f"{hashlib.sha256(data).hexdigest()}.{ending}"
    path = place(folder, name)
    if path.exists():
        path.touch()  # `forget_unused` must not take it for an old one
    else:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{os.urandom(6).hex()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return name


def forget(folder: Path, names: Iterable[str]) -> int:
    """Remove files; how many there were."""
    found = [path for path in (place(folder, name) for name in names) if path.exists()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def older(folder: Path, than: float) -> Iterator[list[str]]:
    """Names of the files last kept before `than` (seconds since 1970), up to 500 at a time."""
    for room in sorted(folder.glob("??")):
        names = [path.name for path in room.iterdir() if path.stat().st_mtime < than]
        for start in range(0, len(names), 500):
            yield names[start : start + 500]


def place(folder: Path, name: str) -> Path:
    """Where a file of this name lies: two hex digits a folder."""
    return folder / name[:2] / name
