"""Which signed query belongs to which body, for as long as its timestamp is believed; forgets by itself."""

from __future__ import annotations

import hashlib

from bot.channels.tencent.query import FRESH_SECONDS

_SPAN = 2 * FRESH_SECONDS  # from the earliest to the latest moment at which one timestamp is accepted
_MOST = 100_000  # of one generation, some 20 MB; more only shortens the memory


class Replays:
    """Two generations of signature → body digest.

    The platform repeats a message with the same timestamp and nonce (wechat.md §4): the same body is a copy, another
    one is an attack. The key is the signature, not the nonce: differently cut timestamps and nonces that give one
    signature are one key. Only signatures that were right come here, so strangers cannot fill it.
    """

    __slots__ = ("_before", "_now", "_since")

    def __init__(self) -> None:
        self._now: dict[str, bytes] = {}
        self._before: dict[str, bytes] = {}
        self._since = 0.0

    def fits(self, signature: str, body: bytes, clock: float) -> bool:
        """Whether this body may come with this signature; remembers it if so. `clock`: seconds, Unix time."""
        # abs: after the clock was set back the generation must still end
        if abs(clock - self._since) > _SPAN or len(self._now) >= _MOST:
            self._before, self._now, self._since = self._now, {}, clock
        digest = hashlib.blake2b(body, digest_size=16).digest()
        known = self._now.get(signature) or self._before.get(signature)
        if known is None:
            self._now[signature] = digest
            return True
        return known == digest

    def __len__(self) -> int:
        return len(self._now) + len(self._before)
