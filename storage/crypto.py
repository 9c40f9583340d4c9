"""Seals fields, makes blind indexes and keyed digests from the one secret; knows nothing of tables."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from binascii import a2b_base64
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_SHORTEST = 16


class CannotOpen(Exception):
    """A sealed value does not belong to this column, was changed, or its key is not among ours."""


class _Key:
    """The three keys that come from one secret; a leak of one of them does not give the others."""

    def __init__(self, secret: str) -> None:
        self.id = base64.urlsafe_b64encode(_derive(secret, b"jushe key id", 6)).decode()
        self.cipher = AESGCM(_derive(secret, b"jushe fields", 32))
        self.index_key = _derive(secret, b"jushe blind index", 32)
        self.digest_key = _derive(secret, b"jushe digests", 32)


def _derive(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret.encode())


@lru_cache(maxsize=16)
def _key(secret: str) -> _Key:
    return _Key(secret)


class Keyring:
    """Seals with the first secret, opens with any of them (JUSHE_SECRET_KEY and the ones before it).

    Raises ValueError for a secret shorter than 16 characters.
    """

    def __init__(self, secret: str, previous: tuple[str, ...] = ()) -> None:
        if len(secret) < _SHORTEST:
            raise ValueError(f"the secret key needs at least {_SHORTEST} characters")
        self._first = _key(secret)
        self._keys = {key.id: key for key in map(_key, (*previous, secret))}
        self._old = tuple(key for key in self._keys.values() if key is not self._first)

    @property
    def mark(self) -> str:
        """What every value sealed with the present key begins with."""
        return f"{self._first.id}."

    def knows(self, sealed: str) -> bool:
        """Whether the key of a sealed value is among ours."""
        return sealed.partition(".")[0] in self._keys

    def seal(self, plain: str, column: str) -> str:
        """AES-256-GCM, "<key id>.<base64>"; bound to `column` ("table.column"), so it opens nowhere else."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._first.cipher.encrypt(nonce, plain.encode(), column.encode())
        return f"{self._first.id}.{base64.b64encode(sealed).decode()}"

    def open(self, sealed: str, column: str) -> str:
        """Raises CannotOpen."""
        key_id, _, body = sealed.partition(".")
        key = self._keys.get(key_id)
        if key is None:
            raise CannotOpen(f"{column}: sealed with a key that is not configured")
        try:
            raw = a2b_base64(body, strict_mode=True)
            return key.cipher.decrypt(raw[:_NONCE], raw[_NONCE:], column.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(f"{column}: the sealed value was changed") from error

    def index(self, text: str) -> str:
        """Blind index of a value that must be found again (44 characters)."""
        return _mac(self._first.index_key, text)

    def indexes(self, text: str) -> tuple[str, ...]:
        """The index under every key, newest first: rows written before a rotation are found too."""
        return (self.index(text), *(_mac(key.index_key, text) for key in self._old))

    def marks(self, text: str) -> tuple[int, ...]:
        """A blind mark of 64 bits under every key, the present one's first: short, for tables of many rows."""
        first = _mark(self._first.index_key, text)
        return (first, *(_mark(key.index_key, text) for key in self._old)) if self._old else (first,)

    def stamp(self, text: str) -> int:
        """The present key's mark of a text that seldom comes again, and is not remembered here."""
        return _stamp(self._first.index_key, text)

    def digest(self, text: str) -> str:
        """Keyed digest (BLAKE2b): proves later what was said without saying it."""
        key = self._first.digest_key
        return base64.b64encode(hashlib.blake2b(text.encode(), digest_size=32, key=key).digest()).decode()


@lru_cache(maxsize=200_000)  # the same pairs of characters come again and again
def _mark(key: bytes, text: str) -> int:
    return _stamp(key, text)


def _stamp(key: bytes, text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=key).digest(), "big", signed=True)


def _mac(key: bytes, text: str) -> str:
    return base64.b64encode(hmac.digest(key, text.encode(), hashlib.sha256)).decode()


_current: Keyring | None = None


def use(keyring: Keyring) -> None:
    """The keyring of this process, used by the Secret columns."""
    global _current  # noqa: PLW0603 - column types have no other way to reach it
    _current = keyring


def current() -> Keyring:
    """Raises RuntimeError before `use`."""
    if _current is None:
        raise RuntimeError("no keyring: open the database through storage.engine.open_database")
    return _current
