"""What a channel must offer the outbox; nothing of any one channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from handlers import texts
from storage.queue import Outgoing


class SendFailed(Exception):  # a thing that happened, like Refused
    """A push did not go.

    `code`: short reason of a closed table, kept with the row. `retry`: trying again can help.
    `wait`: seconds until then (None: the outbox's own back-off). `stop_endpoint`: seconds during which
    nothing more should be sent on this channel's account. `gone`: the address no longer takes messages.
    """

    def __init__(
        self,
        code: str,
        retry: bool = False,
        wait: float | None = None,
        stop_endpoint: float | None = None,
        gone: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retry = retry
        self.wait = wait
        self.stop_endpoint = stop_endpoint
        self.gone = gone


class Channel(Protocol):
    """One way to reach people. `name` is the `channel` of its senders.

    A channel that counts windows has `kept`: how many of one an announcement leaves for answers. Its pushes may be
    paid when they are claimed (`Outgoing.paid`), unless `kept` is None just now.
    """

    name: str

    async def send(self, out: Outgoing) -> str:
        """Deliver one push and name the rung it went by (service, template, webchat …).

        Raises SendFailed; any other exception is a bug and counts as one try.
        """
        ...


class FetchesMedia(Protocol):
    """A channel that keeps photos and voices at its platform until they are fetched."""

    async def fetch_media(self, ref: str) -> tuple[bytes, str]:
        """Bytes and content type of a reference after "<channel>:". Raises SendFailed."""
        ...


def counted(channels: Mapping[str, Channel]) -> dict[str, int]:
    """Of the channels that count windows, how many of one an announcement leaves."""
    found = {name: getattr(channel, "kept", None) for name, channel in channels.items()}
    return {name: kept for name, kept in found.items() if kept is not None}


def marked_again(row: Outgoing, channel: Channel) -> Outgoing:
    """A push that may have arrived says so, unless the channel shows what comes twice only once."""
    if not row.unsure or (getattr(channel, "drops_repeats", False) and not row.again):
        return row
    return replace(row, text=row.text + texts.MAYBE_AGAIN)
