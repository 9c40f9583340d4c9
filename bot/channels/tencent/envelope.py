"""Signatures and the AES envelope of the callback; nothing of HTTP or of what a message means."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from nlp.quick import quick

_BLOCK = 32  # the platform pads to 32, not to AES's 16 (wechat.md §3)
_HEAD = 20  # 16 random bytes and the length


class Hostile(Exception):
    """A request that is refused. `status` is 400, 403 or 413; `reason` is a fixed code, safe to log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def sign(*parts: str) -> str:
    """sha1 (hex) of the sorted parts joined (wechat.md §1–3)."""
    # surrogatepass: a query may hold half a surrogate, and that must be a wrong signature, not a crash
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def same(given: str, expected: str) -> bool:
    """Equal, in constant time; `given` may be anything."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


class Key:
    """One EncodingAESKey with its cipher, made once. Raises ValueError for anything but 43 base64 characters."""

    __slots__ = ("_cipher",)

    def __init__(self, encoded: str) -> None:
        raw = base64.b64decode(encoded + "=")
        if len(raw) != 32:
            raise ValueError("an EncodingAESKey has 43 characters")
        # The fixed IV is the platform's protocol; the 16 random bytes in front do an IV's work.
        self._cipher = Cipher(AES(raw), CBC(raw[:16]))

    def decrypt(self, data: bytes) -> bytes:
        worker = self._cipher.decryptor()
        return worker.update(data) + worker.finalize()

    def encrypt(self, data: bytes) -> bytes:
        worker = self._cipher.encryptor()
        return worker.update(data) + worker.finalize()


@quick
@dataclass(frozen=True, slots=True)
class Opened:
    """The plain message and the key that opened it, which the reply has to use."""

    message: bytes
    key: Key


class Envelope:
    """Opens with the current key, then the previous one; seals with the key it is given."""

    def __init__(self, app_id: str, *keys: str) -> None:
        self._app_id = app_id.encode()
        self._keys = tuple(Key(encoded) for encoded in keys if encoded)

    def open(self, sealed: str) -> Opened:
        """Raises Hostile: 400 for damage, 403 for the envelope of another account."""
        try:
            data = base64.b64decode(sealed.encode("ascii"), validate=True)
        except (UnicodeEncodeError, binascii.Error) as error:
            raise Hostile(400, "envelope_base64") from error
        if not data or len(data) % 16:
            raise Hostile(400, "envelope_length")
        first: Hostile | None = None
        for key in self._keys:
            try:
                return Opened(self._unpack(key.decrypt(data)), key)
            except Hostile as error:
                first = first or error
        raise first or Hostile(403, "envelope_no_key")

    def _unpack(self, plain: bytes) -> bytes:
        pad = plain[-1]
        if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes((pad,)) * pad:
            raise Hostile(400, "envelope_padding")
        body = plain[:-pad]
        if len(body) < _HEAD:
            raise Hostile(400, "envelope_short")
        (size,) = struct.unpack_from(">I", body, 16)
        if _HEAD + size > len(body):
            raise Hostile(400, "envelope_size")
        if not hmac.compare_digest(body[_HEAD + size :], self._app_id):
            raise Hostile(403, "envelope_app_id")
        return body[_HEAD : _HEAD + size]

    def seal(self, message: bytes, key: Key | None = None, chance: bytes | None = None) -> str:
        """Base64. `chance`: the 16 random bytes, given only by tests that compare with a published vector."""
        head = (os.urandom(16) if chance is None else chance) + struct.pack(">I", len(message))
        body = head + message + self._app_id
        pad = _BLOCK - len(body) % _BLOCK
        return base64.b64encode((key or self._keys[0]).encrypt(body + bytes((pad,)) * pad)).decode()
