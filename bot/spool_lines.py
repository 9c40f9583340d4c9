"""A message that is kept, as a sealed line of a file, and back: residents' words never lie readable on disk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from handlers.types import Inbound, Media, Pin, Sender
from storage import crypto

Mark = tuple[str, str, str, str]  # channel, account, user, key


def mark(inbound: Inbound) -> Mark:
    """What makes a message the same message."""
    sender = inbound.sender
    return sender.channel, sender.account, sender.user, inbound.key


def to_json(inbound: Inbound) -> str:
    return orjson.dumps(inbound).decode()


def from_json(text: str) -> Inbound:
    data: dict[str, Any] = orjson.loads(text)
    data["sender"] = Sender(**data["sender"])
    data["at"] = datetime.fromisoformat(data["at"])
    data["media"] = tuple(Media(**item) for item in data["media"])
    data["pin"] = Pin(**data["pin"]) if data["pin"] else None
    return Inbound(**data)


def sealed(inbound: Inbound) -> str:
    return crypto.current().seal(to_json(inbound), "spool.line")


def read_line(line: str) -> Inbound:
    """What a sealed line says. Raises whatever a broken one raises."""
    return from_json(crypto.current().open(line, "spool.line"))


def lines_of(path: Path) -> list[str]:
    """The sealed lines of a file, none where there is no file."""
    if not path.exists():
        return []
    text = path.read_bytes().decode("utf-8", "replace")
    # A last line without its end was being written when the machine stopped: it was never acknowledged.
    return text.split("\n")[:-1]
