"""What a message says, read before its turn: short texts once, long ones in a thread; decides nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

import nlp
from bot.logs import where
from handlers.types import Inbound, Sender
from nlp import local
from nlp.register import Register
from nlp.types import NOTHING, Understanding

log = structlog.get_logger("app")

LONG = 512  # characters; more is understood in a thread (reliability.md §6.7: jieba on long texts)
SHORT = 8  # characters; 对, 1, 接单, 查进度 come again and again and are read once
HEARD_MOST = 4096
LONGEST = 4000  # characters read at all; the record keeps every word


class Hearing:
    """`near` reads the estates a sender lives in, asked only when the words alone fit too many places.

    `warming`: until it is done nothing is read: the first reading would load the dictionaries, with the loop held.
    """

    def __init__(
        self, register: Callable[[], Register], near: Callable[[Sender], frozenset[int]] | None = None,
        warming: asyncio.Future[None] | None = None,
    ) -> None:  # fmt: skip
        self._warming = warming
        self._register = register
        self._near = near
        self._heard: dict[str, Understanding] = {}  # of short texts, for one register and what was taught
        self._heard_in: tuple[object, object] = (None, None)

    def at_once(self, inbound: Inbound) -> Understanding | None:
        """None when reading it takes a thread: ask `slowly` then."""
        text = inbound.text
        if not text:
            return NOTHING
        if len(text) > LONG or not (self._warming is None or self._warming.done()):
            return None
        said = self._read(text, inbound.at)
        return None if self._near and _crowded(said) else said

    async def slowly(self, inbound: Inbound) -> Understanding:
        if self._warming is not None:
            await asyncio.wait((self._warming,))
        text, register = inbound.text[:LONGEST], self._register()
        said = await asyncio.to_thread(nlp.understand, text, register, now=inbound.at)
        if self._near and _crowded(said):
            # 「3幢2单元」 stands in half the city: the estates of this person's homes settle it.
            near = await asyncio.to_thread(self._near, inbound.sender)
            if near:
                said = await asyncio.to_thread(nlp.understand, text, register.around(near), now=inbound.at)
        return said

    def danger(self, text: str) -> bool:
        return bool(text) and nlp.understand(text[:LONG], self._register()).urgency == "emergency"

    def _read(self, text: str, at: datetime) -> Understanding:
        register = self._register()
        if len(text) > SHORT:
            return nlp.understand(text, register, now=at)
        before, taught = self._heard_in
        if before is not register or taught is not local.held() or len(self._heard) > HEARD_MOST:
            self._heard, self._heard_in = {}, (register, local.held())
        said = self._heard.get(text)
        if said is None:
            said = nlp.understand(text, register, now=at)
            if not said.when:  # what names a day means another day tomorrow
                self._heard[text] = said
        return said


def _crowded(said: Understanding) -> bool:
    return said.place.crowded or any(part.place.crowded for part in said.issues)


async def warm(folder: Path) -> None:
    """Load the dictionaries before the first message needs them; `folder`: where what was made of them is kept."""
    try:
        await asyncio.to_thread(nlp.warm, str(folder))
    except Exception as error:  # noqa: BLE001 - it understands without the dictionaries
        log.warning("warm_failed", error=where(error))
