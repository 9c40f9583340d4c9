"""What the turns of one transaction know of their senders, asked once for all of them; decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import BigInteger, String, and_, bindparam, func, literal_column, select, true

from handlers import ahead
from handlers.policy import Policy
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.matters import Matter
from handlers.types import Dialog, Inbound, Person, Reply, Sender, Turn
from nlp.types import NOTHING
from storage import addresses
from storage.addresses import Address
from storage.person_rows import OF_SENDERS, people_from
from storage.read import Reader
from storage.read_places import VERSION
from storage.schema import dialogs, identities, inbox
from storage.sql import Prepared, each, given
from storage.transaction import Transaction
from storage.unit import Item
from storage.values import dialog_from, replies_from


def _known(dialect: str) -> Any:
    """Of each (user, key): where the person is, the conversation, and the answer when it was given before.

    PostgreSQL looks for each by its whole key (LATERAL with LIMIT): left to itself it reads all of an account's rows
    while its statistics are of yesterday, when there were few.
    """
    asked, (user, key) = given(dialect, "asked", String(), String())
    joined: Any = asked
    of: dict[str, Any] = {}
    for table, more in ((identities, ()), (dialogs, ()), (inbox, (inbox.c.key == key,))):
        at = table.c
        here = and_(at.channel == bindparam("channel"), at.account == bindparam("account"), at.user == user, *more)
        if dialect == "sqlite":
            joined, of[table.name] = joined.outerjoin(table, here), at
        else:
            found = select(table).where(here).limit(literal_column("1")).lateral(f"of_{table.name}")
            joined, of[table.name] = joined.outerjoin(found, true()), found.c
    where, talk, before = of["identities"], of["dialogs"], of["inbox"]
    return select(
        user, key, where.person, where.followed, where.window_until, where.window_left,
        talk.form, talk.state, talk.since, before.replies, before.person,
    ).select_from(joined)  # fmt: skip


def _locks(dialect: str) -> Any:
    asked, (lock,) = given(dialect, "locks", BigInteger())
    return select(func.pg_advisory_xact_lock(lock)).select_from(asked)


def _tried(dialect: str) -> Any:
    asked, (lock,) = given(dialect, "locks", BigInteger())
    return select(lock, func.pg_try_advisory_xact_lock(lock)).select_from(asked)


_KNOWN = Prepared(each(_known))
_LOCKS = Prepared(each(_locks))
_TRIED = Prepared(each(_tried))
_at = tuple(dialogs.c[name] == bindparam(name) for name in ("channel", "account", "user"))
_DIALOG = Prepared(select(dialogs.c.form, dialogs.c.state, dialogs.c.since).where(*_at))


@dataclass(slots=True)
class Standing:
    """Of a sender. `recorded`: by a message's key the replies given before and to whom."""

    address: Address | None
    dialog: Dialog | None
    recorded: dict[str, tuple[tuple[Reply, ...], int]] = field(default_factory=dict)


@dataclass(slots=True)
class Known:
    """As the batch began and as its turns go on."""

    senders: dict[Sender, Standing] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)  # behind their addresses
    version: Any = None  # of the register: a row of read_places.VERSION

    def read_again(self, tx: Transaction) -> None:
        """Addresses moved or went in this transaction."""
        for sender, known in self.senders.items():
            at = addresses.values(sender)
            row = tx.one(addresses.ADDRESS, **at)
            known.address = Address(*row) if row else None
            row = tx.one(_DIALOG, **at)
            known.dialog = dialog_from(*row) if row else None


def look_up(tx: Transaction, inbound: Sequence[Inbound], *, lock: bool) -> Known:
    """In one round trip, and with `lock` only when no other process works for one of these senders."""
    known = Known()
    asked: dict[tuple[str, str], list[Inbound]] = {}
    for message in inbound:
        asked.setdefault((message.sender.channel, message.sender.account), []).append(message)
    groups = [
        {"channel": channel, "account": account, "asked": _json([m.sender.user, m.key] for m in messages)}
        for (channel, account), messages in asked.items()
    ]
    questions: list[tuple[Prepared, Any]] = [(_KNOWN, group) for group in groups]
    questions += [(VERSION, {}), *((OF_SENDERS, group) for group in groups)]
    if lock:
        questions.insert(0, (_LOCKS, {"locks": _in_one_order(message.sender for message in inbound)}))
    answers = tx.gather(questions)[lock:]
    known.version = next(iter(answers[len(asked)]), None)
    for rows in answers[len(asked) + 1 :]:
        known.people |= people_from(tx, rows)
    for messages, rows in zip(asked.values(), answers, strict=False):
        senders = {message.sender.user: message.sender for message in messages}
        for user, key, person, followed, until, left, form, state, since, replies, to in rows:
            found = known.senders.get(senders[user])
            if found is None:
                found = known.senders[senders[user]] = Standing(
                    None if person is None else Address(person, followed, until, left),
                    None if form is None else dialog_from(form, state, since),
                )
            if replies is not None:
                found.recorded[key] = (replies_from(replies), to)
    return known


def foreseen(
    known: Known, items: Sequence[Item], policy: Policy, reader: Reader
) -> tuple[list[ahead.Question], Counter[date]]:
    """What the turns will ask, and how many tickets of which day (Asia/Shanghai) they will number.

    Who answers for the places of those tickets is asked here, at once. Somebody new is person 0, made in the turn.
    """
    turns: list[tuple[Turn, list[Matter]]] = []
    tickets: Counter[date] = Counter()
    for item in items:
        if not isinstance(item.what, Inbound):
            continue
        sender = known.senders[item.what.sender]
        if item.what.key not in sender.recorded:
            who = known.people.get(sender.address.person if sender.address else 0) or Person(0)
            turn = Turn(0, item.now, who, item.what, item.said or NOTHING, sender.dialog, policy)
            turns.append((turn, drafts := ahead.confirmed(turn)))
            tickets[item.now.astimezone(SHANGHAI).date()] += len(drafts)
    reader.know_duties(place for _, drafts in turns for draft in drafts if (place := ahead.answered_for(draft)))
    return [question for turn, drafts in turns for question in ahead.questions(turn, drafts, reader)], +tickets


def idle(tx: Transaction, senders: Sequence[Sender]) -> set[Sender]:
    """Those no turn works for; until the transaction ends none will begin to. PostgreSQL; waits for nobody."""
    taken = {number for number, free in tx.rows(_TRIED, locks=_in_one_order(senders)) if free}
    return {sender for sender in senders if lock_of(sender) in taken}


def _in_one_order(senders: Iterable[Sender]) -> str:
    """The locks of all, so taken that nobody waits in a ring."""
    return _json([at] for at in sorted({lock_of(sender) for sender in senders}))


def _json(rows: Iterable[list[Any]]) -> str:
    return orjson.dumps(list(rows)).decode()


def lock_of(sender: Sender) -> int:
    name = f"{sender.channel}\0{sender.account}\0{sender.user}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)
