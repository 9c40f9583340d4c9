"""What one turn reads and writes, inside a transaction somebody else begins and commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, func, select

from handlers.policy import Policy
from handlers.read import Read
from handlers.residents.facts import PersonErased, PostClaimed
from handlers.tickets.clock import SHANGHAI
from handlers.types import Dialog, Inbound, Outcome, Person, Push, Rank, Refused, Reply, Sender, Turn
from nlp.types import NOTHING, Understanding
from storage import addresses, journal
from storage.addresses import Address
from storage.engine import Database
from storage.numbers import Numbers
from storage.pen import Pen
from storage.queue import body
from storage.read import Reader
from storage.read_people import load_persons
from storage.read_tickets import NEXT
from storage.schema import dialogs, inbox, outbox
from storage.sql import Prepared, Values
from storage.transaction import Transaction
from storage.unit import Cut, Done, Item, whole
from storage.values import dialog_from, dialog_json, replies_from, replies_json

_REST_AFTER = timedelta(seconds=1)  # so that the answer itself is there first

_names = ("channel", "account", "user", "key", "turn", "person", "at", "received", "replies")
_RECORDED = Prepared(
    select(inbox.c.replies, inbox.c.person).where(
        *(inbox.c[name] == bindparam(name) for name in ("channel", "account", "user", "key"))
    )
)
_INBOX = Prepared(inbox.insert().values(**{name: bindparam(name) for name in _names}), log=True)
_at = tuple(dialogs.c[name] == bindparam(name) for name in ("channel", "account", "user"))
_DIALOG = Prepared(select(dialogs.c.form, dialogs.c.state, dialogs.c.since).where(*_at))
_DIALOG_ENDS = Prepared(delete(dialogs).where(*_at))
_DIALOG_KEPT = Prepared(
    lambda insert: (
        (new := insert(dialogs)).values(
            **{name: bindparam(name) for name in ("channel", "account", "user", "form", "state", "since")}
        )
    ).on_conflict_do_update(
        index_elements=["channel", "account", "user"],
        set_={"form": new.excluded.form, "state": new.excluded.state, "since": new.excluded.since},
    )
)
_columns = ("id", "person", "ticket", "kind", "rank", "body", "created", "next_at")
_PUSH = Prepared(
    outbox.insert().values(**{name: bindparam(name) for name in _columns}, state="waiting", rung="", attempts=0),
    log=True,
)
_LOCK = Prepared(select(func.pg_advisory_xact_lock(bindparam("lock", type_=BigInteger()))))


@dataclass(frozen=True, slots=True)
class Run:
    """What every turn is run with.

    `cut(sender, person, replies)`: (what fits into the channel's answer, the rest), None when all of it fits.
    """

    db: Database
    decide: Callable[[Turn, Read], Outcome]
    policy: Policy
    ids: Callable[[], int]
    cut: Cut = whole


@dataclass(slots=True)
class _Batch:
    """What turns of one transaction know of one another."""

    tx: Transaction
    reader: Reader
    recorded: dict[tuple[Sender, str], tuple[tuple[Reply, ...], int]] = field(default_factory=dict)
    known: dict[Sender, Address | None] = field(default_factory=dict)
    dialogs: dict[Sender, Dialog | None] = field(default_factory=dict)


def run_together(run: Run, cursor: Any, items: Sequence[Item]) -> list[Done]:
    """Run turns in one transaction, in order. Nothing is committed. Raises what any of them raises."""
    tx = Transaction(cursor, run.db.dialect)
    today = items[0].now.astimezone(SHANGHAI).date()
    numbers = Numbers(run.db, NEXT) if run.db.postgresql else None
    batch = _Batch(tx, Reader(tx, run.ids, database=id(run.db.engine), today=today, numbers=numbers))
    try:
        _look_up(run, batch, [item.what for item in items if isinstance(item.what, Inbound)])
        done = [_one(run, batch, item) for item in items]
        tx.flush()
        return done
    finally:
        if numbers:
            numbers.close()


def _look_up(run: Run, batch: _Batch, inbound: Sequence[Inbound]) -> None:
    """What the turns need to know of their senders, in two round trips for all of them."""
    senders = list(dict.fromkeys(message.sender for message in inbound))
    locks: list[tuple[Prepared, Values]] = []
    if run.db.postgresql:
        # several processes may hold messages of one sender: taken in one order, so that nobody waits in a ring
        locks = [(_LOCK, {"lock": lock}) for lock in sorted({_lock(sender) for sender in senders})]
    where = [addresses.values(sender) for sender in senders]
    asked = [
        *locks,
        *((addresses.ADDRESS, at) for at in where),
        *((_DIALOG, at) for at in where),
        *((_RECORDED, {**addresses.values(message.sender), "key": message.key}) for message in inbound),
    ]
    answers = iter(batch.tx.gather(asked)[len(locks) :])
    for sender in senders:
        rows = next(answers)
        batch.known[sender] = Address(*rows[0]) if rows else None
    for sender in senders:
        rows = next(answers)
        batch.dialogs[sender] = dialog_from(*rows[0]) if rows else None
    for message in inbound:
        rows = next(answers)
        if rows:
            batch.recorded[message.sender, message.key] = (replies_from(rows[0][0]), rows[0][1])
    persons = dict.fromkeys(address.person for address in batch.known.values() if address)
    batch.reader.know(load_persons(batch.tx, list(persons)))


def _lock(sender: Sender) -> int:
    name = f"{sender.channel}\0{sender.account}\0{sender.user}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)


def _one(run: Run, batch: _Batch, item: Item) -> Done:
    pen = Pen(batch.tx, batch.reader, run.ids, item.now)
    if isinstance(item.what, Inbound):
        return _message(run, batch, pen, item.what, item.said or NOTHING)
    outcome = _refusing(lambda: item.what(batch.reader))  # type: ignore[operator]
    journal.record(outcome.facts, pen, run.ids(), item.actor, item.via)
    _push(pen, outcome.pushes)
    _forget_moved(batch, outcome)
    return Done(outcome.replies, False, item.actor, outcome.facts, bool(outcome.pushes))


def _message(run: Run, batch: _Batch, pen: Pen, inbound: Inbound, said: Understanding) -> Done:
    sender = inbound.sender
    recorded = batch.recorded.get((sender, inbound.key))
    if recorded is not None:
        return Done(recorded[0], True, recorded[1])
    known = batch.known[sender]
    address = batch.known[sender] = addresses.seen(pen, inbound, known)
    if known is None:  # a person just made is not looked up
        batch.reader.know({address.person: Person(address.person)})
    who = batch.reader.person(address.person) or Person(address.person)
    who = who if who.followed == address.followed else replace(who, followed=address.followed)
    turn = Turn(run.ids(), pen.now, who, inbound, said, batch.dialogs[sender], run.policy)
    outcome = _refusing(lambda: run.decide(turn, batch.reader))
    journal.record(outcome.facts, pen, turn.id, who.id, sender.channel)
    _push(pen, outcome.pushes)
    if parts := run.cut(sender, who.id, outcome.replies):
        _push(pen, (Push(who.id, parts[1], "reply", Rank.REPLY),), pen.now + _REST_AFTER)
    _keep_dialog(batch, pen, sender, outcome)
    _forget_moved(batch, outcome)
    now_at = batch.known[sender]
    person = now_at.person if now_at else who.id
    pen.tx.write(
        _INBOX, **addresses.values(sender), key=inbound.key, turn=turn.id, person=person, at=inbound.at,
        received=pen.now, replies=replies_json(outcome.replies),
    )  # fmt: skip
    batch.recorded[sender, inbound.key] = (outcome.replies, person)
    return Done(outcome.replies, False, person, outcome.facts, bool(outcome.pushes))


def _refusing(decide: Callable[[], Outcome]) -> Outcome:
    try:
        return decide()
    except Refused as no:
        return Outcome(replies=(Reply(str(no)),), facts=no.facts)


def _forget_moved(batch: _Batch, outcome: Outcome) -> None:
    """Addresses moved or went: what the batch knew of its senders is read again."""
    if not any(isinstance(fact, PostClaimed | PersonErased) for fact in outcome.facts):
        return
    for sender in batch.known:
        at = addresses.values(sender)
        row = batch.tx.one(addresses.ADDRESS, **at)
        batch.known[sender] = Address(*row) if row else None
        row = batch.tx.one(_DIALOG, **at)
        batch.dialogs[sender] = dialog_from(*row) if row else None


def _keep_dialog(batch: _Batch, pen: Pen, sender: Sender, outcome: Outcome) -> None:
    if outcome.dialog == "keep":
        return
    at = addresses.values(sender)
    if outcome.dialog is None:
        if batch.dialogs[sender] is not None:
            pen.tx.write(_DIALOG_ENDS, **at)
    else:
        since = outcome.dialog.since or pen.now
        state = dialog_json(outcome.dialog)
        pen.tx.write(_DIALOG_KEPT, **at, form=outcome.dialog.form, state=state, since=since)
    # as it will be read back, so that a batch and single turns never differ
    batch.dialogs[sender] = outcome.dialog and dialog_from(outcome.dialog.form, state, since)


def _push(pen: Pen, pushes: Sequence[Push], at: datetime | None = None) -> None:
    for push in pushes:
        if push.to:
            pen.tx.write(
                _PUSH, id=pen.new_id(), person=push.to, ticket=push.ticket, kind=push.kind[:16], rank=int(push.rank),
                body=body(push.text, push.choices, push.media), created=pen.now, next_at=at or pen.now,
            )  # fmt: skip
