"""Photos: small, upright, and nothing in them but the picture."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bot.images import LONGEST_SIDE, BadMedia, clean_photo, keep, looks, place, voice_ending


def _jpeg(size: tuple[int, int], *, gps: bool = False, orientation: int = 1) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[0x0112] = orientation
    if gps:
        exif[0x010F] = "CanaryPhone"
        exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 37.0, 48.0), 3: "E", 4: (120.0, 33.0, 36.0)})
    image.save(out, "JPEG", exif=exif, comment=b"canary comment")
    return out.getvalue()


def test_place_and_camera_are_gone() -> None:
    photo = _jpeg((800, 600), gps=True)
    assert b"CanaryPhone" in photo
    clean = clean_photo(photo)
    with Image.open(io.BytesIO(clean)) as image:
        assert not image.getexif()
        assert "comment" not in image.info
    assert b"Canary" not in clean
    assert b"canary" not in clean


def test_large_ones_shrink_and_lying_ones_stand_up() -> None:
    with Image.open(io.BytesIO(clean_photo(_jpeg((4000, 1000), orientation=6)))) as image:
        assert image.size == (LONGEST_SIDE // 4, LONGEST_SIDE)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF"])
def test_other_formats_become_jpeg(form: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA" if form != "GIF" else "P", (50, 40)).save(out, form)
    with Image.open(io.BytesIO(clean_photo(out.getvalue()))) as image:
        assert (image.format, image.size) == ("JPEG", (50, 40))


def _png_claiming(width: int, height: int) -> bytes:
    """A small file whose header promises many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_png_claiming(8000, 8000), "too_many_pixels"),
        (_png_claiming(20000, 20000), "too_many_pixels"),
        (_png_claiming(65000, 65000), "too_many_pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
        (b"", "not_an_image"),
        (b"GIF89a", "not_an_image"),
        (_jpeg((300, 300))[:700], "not_an_image"),
        (b"\xff" * (10 * 1024 * 1024 + 1), "too_big"),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(BadMedia, match=code):
        clean_photo(data)


def test_a_page_hidden_behind_a_photo_is_gone() -> None:
    clean = clean_photo(_jpeg((60, 60)) + b"<script>alert(1)</script>")
    assert b"script" not in clean


def test_kept_under_its_own_hash_once(tmp_path: Path) -> None:
    name = keep(tmp_path, b"photo", "jpg")
    assert keep(tmp_path, b"photo", "jpg") == name
    assert place(tmp_path, name).read_bytes() == b"photo"
    assert len(list(tmp_path.rglob("*.*"))) == 1
    assert place(tmp_path, name).parent.name == name[:2]


def test_a_voice_that_is_kept_as_it_came() -> None:
    assert voice_ending("audio/amr; charset=x") == "amr"
    with pytest.raises(BadMedia, match="not_a_voice"):
        voice_ending("text/html")


def _stairs(seed: int, size: tuple[int, int] = (800, 600), quality: int = 90) -> bytes:
    """A picture with light and dark places of its own."""
    grey = bytes((x * 37 + y * 91 + seed * x * y * 13) % 256 for y in range(12) for x in range(16))
    small = Image.frombytes("L", (16, 12), grey)
    out = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def test_the_same_picture_looks_the_same_resized_and_encoded_again() -> None:
    first = looks(clean_photo(_stairs(1)))
    again = looks(clean_photo(_stairs(1, (1024, 768), 60)))
    other = looks(clean_photo(_stairs(2)))
    assert (first ^ again).bit_count() <= 3
    assert (first ^ other).bit_count() > 10
