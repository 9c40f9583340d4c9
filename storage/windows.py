"""The messages that a platform lets us send to an address, for some time after its person wrote: spent one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, and_, bindparam, func, select, update

from handlers.types import Sender
from storage.addresses import values
from storage.columns import Utc
from storage.engine import Database
from storage.known import idle, lock_of
from storage.schema import identities
from storage.sql import Prepared, given
from storage.transaction import Transaction, written


def _spent(dialect: str) -> Any:
    """Each address once; says how many those have left that had one to spend."""
    i = identities.c
    asked, (place, channel, account, user, keep) = given(
        dialect, "wanted", BigInteger(), i.channel.type, i.account.type, i.user.type, i.window_left.type
    )
    each_ = select(
        place.label("place"), channel.label("channel"), account.label("account"), user.label("user"),
        keep.label("keep"),
    ).select_from(asked).subquery()  # fmt: skip
    return _one_less(each_.c)


def _one_less(wanted: Any) -> Any:
    i = identities.c
    return (
        update(identities)
        .where(
            i.channel == wanted.channel, i.account == wanted.account, i.user == wanted.user,
            i.window_left > wanted.keep, i.window_until > bindparam("now", type_=Utc()),
        )
        .values(window_left=i.window_left - 1)
        .returning(wanted.place, i.window_left)
    )  # fmt: skip


_SPENDING = (
    update(identities)
    .where(
        *(identities.c[name] == bindparam(name) for name in ("channel", "account", "user")),
        identities.c.window_left > bindparam("keep", type_=identities.c.window_left.type),
        identities.c.window_until > bindparam("now", type_=Utc()),
    )
    .values(window_left=identities.c.window_left - 1)
    .returning(identities.c.window_left)
)
_SPENT = Prepared(_SPENDING)


def _several_if_idle() -> Any:
    """The same for those that no turn works for and nobody else changes; waits for neither."""
    i = identities.c
    asked, (place, channel, account, user, keep, lock) = given(
        "postgresql", "wanted", BigInteger(), i.channel.type, i.account.type, i.user.type, i.window_left.type,
        BigInteger(),
    )  # fmt: skip
    here = and_(i.channel == channel, i.account == account, i.user == user)
    free = (
        select(place.label("place"), i.channel, i.account, i.user, keep.label("keep"))
        .join_from(asked, identities, here)
        .where(func.pg_try_advisory_xact_lock(lock))
        .with_for_update(skip_locked=True, of=identities)
        .cte("free")
    )
    return _one_less(free.c)


def _one_if_idle() -> Any:
    mine = identities.alias("mine")
    here = [mine.c[name] == bindparam(name) for name in ("channel", "account", "user")]
    free = select(mine.c.user).where(*here, func.pg_try_advisory_xact_lock(bindparam("lock", type_=BigInteger())))
    return _SPENDING.where(free.with_for_update(skip_locked=True).exists())


_SEVERAL_IF_IDLE = Prepared(_several_if_idle())
_ONE_IF_IDLE = Prepared(_one_if_idle())
_FEW = 4  # so many are looked for by their keys, more in one statement, which may read the table
_BACK = Prepared(
    update(identities)
    .where(
        *(identities.c[name] == bindparam(name) for name in ("channel", "account", "user")),
        identities.c.window_left == bindparam("left"), identities.c.window_until == bindparam("until", type_=Utc()),
    )
    .values(window_left=identities.c.window_left + 1)
)  # fmt: skip
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


Questions = list[tuple[Prepared, dict[str, Any]]]


def asked(db: Database, wanted: Sequence[tuple[Sender, int]], now: datetime) -> Questions:
    """As questions of a transaction, for different senders; they wait for no turn. `left` reads the answers."""
    each_: Questions = [(_SPENT, {**values(s), "keep": keep, "now": now}) for s, keep in wanted]
    if not db.postgresql:
        return each_
    if len(wanted) <= _FEW:
        return [(_ONE_IF_IDLE, {**more, "lock": lock_of(s)}) for (s, _), (_, more) in zip(wanted, each_, strict=True)]
    several = [(at, s.channel, s.account, s.user, keep, lock_of(s)) for at, (s, keep) in enumerate(wanted)]
    return [(_SEVERAL_IF_IDLE, {"wanted": orjson.dumps(several).decode(), "now": now})]


def left(wanted: Sequence[tuple[Sender, int]], answers: Sequence[Sequence[Any]]) -> list[int | None]:
    """How many each has left; None: there was none to spend, or a turn works for it."""
    if len(answers) == len(wanted):
        return [int(rows[0][0]) if rows else None for rows in answers]
    found = dict(answers[0])
    return [found.get(at) for at in range(len(wanted))]


def give_back(db: Database, sender: Sender, until: datetime, left: int) -> None:
    """One that was taken and not used, if nothing else happened to the window since `left` were left."""
    with written(db) as tx:
        tx.write(_BACK, **values(sender), until=until, left=left)


def _spend(db: Database, tx: Transaction, wanted: Sequence[tuple[Sender, int]], now: datetime) -> list[bool]:
    if db.postgresql and len({sender for sender, _ in wanted}) == len(wanted) > 2:
        several = [(at, s.channel, s.account, s.user, keep) for at, (s, keep) in enumerate(wanted)]
        spent = {row[0] for row in tx.rows(_SPENT_TOGETHER, wanted=orjson.dumps(several).decode(), now=now)}
        return [at in spent for at in range(len(wanted))]
    return [_one(tx, sender, keep, now) is not None for sender, keep in wanted]


def _one(tx: Transaction, sender: Sender, keep: int, now: datetime) -> int | None:
    row = tx.one(_SPENT, **values(sender), keep=keep, now=now)
    return None if row is None else int(row[0])
