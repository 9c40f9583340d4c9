"""The inbox: one row a message, with what was answered; its key is what makes a message happen once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam

from handlers.types import Inbound, Reply
from storage.schema import inbox
from storage.sql import Prepared
from storage.values import replies_json

_ROW: dict[str, Any] = {
    name: bindparam(name)
    for name in ("channel", "account", "user", "key", "turn", "person", "at", "received", "replies")
}
PUT = Prepared(inbox.insert().values(**_ROW), log=True)
PUT_LATER = Prepared(lambda insert: insert(inbox).values(**_ROW).on_conflict_do_nothing(), log=True)


def row(inbound: Inbound, turn: int, person: int, received: datetime, replies: tuple[Reply, ...]) -> dict[str, Any]:
    """The values of both. `turn`: the turn's id; `received`: aware, by our clock."""
    sender = inbound.sender
    return {
        "channel": sender.channel, "account": sender.account, "user": sender.user, "key": inbound.key, "turn": turn,
        "person": person, "at": inbound.at, "received": received, "replies": replies_json(replies),
    }  # fmt: skip
