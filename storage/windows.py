"""The messages that a platform lets us send to an address, for some time after its person wrote: spent one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, bindparam, select, update

from handlers.types import Sender
from storage.columns import Utc
from storage.engine import Database
from storage.known import idle
from storage.schema import identities
from storage.sql import Prepared, given
from storage.transaction import Transaction, written


def _spent(dialect: str) -> Any:
    """Each address once; says which had one to spend."""
    i = identities.c
    asked, (place, channel, account, user, keep) = given(
        dialect, "wanted", BigInteger(), i.channel.type, i.account.type, i.user.type, i.window_left.type
    )
    each_ = select(
        place.label("place"), channel.label("channel"), account.label("account"), user.label("user"),
        keep.label("keep"),
    ).select_from(asked).subquery()  # fmt: skip
    return (
        update(identities)
        .where(
            i.channel == each_.c.channel, i.account == each_.c.account, i.user == each_.c.user,
            i.window_left > each_.c.keep, i.window_until > bindparam("now", type_=Utc()),
        )
        .values(window_left=i.window_left - 1)
        .returning(each_.c.place)
    )  # fmt: skip


_SPENT = Prepared(
    update(identities)
    .where(
        *(identities.c[name] == bindparam(name) for name in ("channel", "account", "user")),
        identities.c.window_left > bindparam("keep", type_=identities.c.window_left.type),
        identities.c.window_until > bindparam("now", type_=Utc()),
    )
    .values(window_left=identities.c.window_left - 1)
    .returning(identities.c.window_left)
)
_SPENT_TOGETHER = Prepared(_spent("postgresql"))


def spend_windows(db: Database, wanted: Sequence[tuple[Sender, int]], now: datetime) -> list[bool]:
    """Take one of the customer-service messages the platform allows (wechat.md §6) for each (sender, how many must
    be left then); False: there were no more than those.
    """
    alone = list(range(len(wanted)))
    spent = [False] * len(wanted)
    if len(wanted) > 1:
        with written(db) as tx:
            # Turns change the same rows in the order of their messages: whoever holds one row waits for no other.
            free = idle(tx, [sender for sender, _ in wanted]) if db.postgresql else {sender for sender, _ in wanted}
            together = [at for at in alone if wanted[at][0] in free]
            for at, had in zip(together, _spend(db, tx, [wanted[at] for at in together], now), strict=True):
                spent[at] = had
        alone = [at for at in alone if wanted[at][0] not in free]
    for at in alone:
        with written(db) as tx:
            spent[at] = _spend(db, tx, [wanted[at]], now)[0]
    return spent


def _spend(db: Database, tx: Transaction, wanted: Sequence[tuple[Sender, int]], now: datetime) -> list[bool]:
    if db.postgresql and len({sender for sender, _ in wanted}) == len(wanted) > 2:
        several = [(at, s.channel, s.account, s.user, keep) for at, (s, keep) in enumerate(wanted)]
        spent = {row[0] for row in tx.rows(_SPENT_TOGETHER, wanted=orjson.dumps(several).decode(), now=now)}
        return [at in spent for at in range(len(wanted))]
    return [
        bool(tx.rows(_SPENT, channel=s.channel, account=s.account, user=s.user, keep=keep, now=now))
        for s, keep in wanted
    ]
