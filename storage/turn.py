"""What one turn reads and writes, inside a transaction somebody else begins and commits."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy import Integer, bindparam, cast, delete, func, select

from handlers.policy import Policy
from handlers.read import Read
from handlers.residents.facts import NoticeShown, PersonErased, PostClaimed
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.facts_desk import DeskSpoke, TakeoverBegun, TakeoverEnded
from handlers.types import Dialog, Inbound, Outcome, Person, Push, Rank, Refused, Reply, Sender, Turn
from nlp.quick import replace
from nlp.types import NOTHING, Understanding
from storage import addresses, answered, journal
from storage.engine import Database
from storage.grids import GridFact
from storage.ids import turn_name
from storage.known import Known, Standing, foreseen, look_up
from storage.numbers import CODES, NEXT, Counted, Numbers
from storage.pen import Pen
from storage.queue import body
from storage.read import Reader
from storage.residents import ResidentFact
from storage.schema import dialogs, outbox
from storage.sql import Prepared
from storage.transaction import Transaction
from storage.unit import Cut, Done, Item, Resting, whole
from storage.values import dialog_from, dialog_json

_REST_AFTER = timedelta(seconds=1)  # so that the answer itself is there first

_at = tuple(dialogs.c[name] == bindparam(name) for name in ("channel", "account", "user"))
_DIALOG_ENDS = Prepared(delete(dialogs).where(*_at), log=True)
_DIALOG_KEPT = Prepared(
    lambda insert: (
        (new := insert(dialogs)).values(
            **{name: bindparam(name) for name in ("channel", "account", "user", "form", "state", "since")}
        )
    ).on_conflict_do_update(
        index_elements=["channel", "account", "user"],
        set_={"form": new.excluded.form, "state": new.excluded.state, "since": new.excluded.since},
    ),
    log=True,  # what the batch knows of conversations stands in Known
)
_columns = ("id", "person", "ticket", "kind", "rank", "body", "created", "next_at", "turn")
_PUSH = Prepared(
    outbox.insert().values(**{name: bindparam(name) for name in _columns}, state="waiting", rung="", attempts=0),
    log=True,
)

_NAMED = 0x6A75_7302  # first half of the lock
_ALONE = Prepared(select(func.pg_advisory_xact_lock(cast(_NAMED, Integer), cast(bindparam("lock"), Integer))))
_WRITTEN = Prepared(
    select(outbox.c.id).where(outbox.c.person == bindparam("person"), outbox.c.turn == bindparam("turn")).limit(1)
)


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
    known: Known


def run_together(run: Run, cursor: Any, items: Sequence[Item]) -> list[Done]:
    """Run turns in one transaction: what they answer, in the order of `items`. Nothing is committed.

    Raises what any of them raises.
    """
    tx = Transaction(cursor, run.db.dialect)
    today = items[0].now.astimezone(SHANGHAI).date()
    numbers = Numbers(run.db) if run.db.postgresql else Counted(tx, NEXT)
    reader = Reader(tx, run.ids, database=run.db.number, today=today, numbers=numbers)
    try:
        inbound = [item.what for item in items if isinstance(item.what, Inbound)]
        batch = _Batch(tx, reader, Known())
        if inbound:
            batch.known = known = look_up(tx, inbound, lock=run.db.postgresql)
            reader.know(known.people)
            reader.at_version(known.version)
            asked, tickets = foreseen(known, items, run.policy, reader)
            reader.asked_ahead.ask(asked)
            for day, several in tickets.items():
                numbers.expect(CODES.format(day), several)
        done: dict[int, Done] = {}
        for at in _like_by_like(items):
            done[at] = _one(run, batch, items[at])
        numbers.settle()
        tx.flush()
        return [done[at] for at in range(len(items))]
    finally:
        numbers.close()


def _like_by_like(items: Sequence[Item]) -> Sequence[int]:
    """In which order they run: what says the same one after the other, because its code and tables are at hand then
    (a twentieth of a turn), and last a 「对」, which changes what others ask for. Who says what first among others is
    kept only among likes; a sender's own order is."""
    senders = {item.what.sender for item in items if isinstance(item.what, Inbound)}
    if len(senders) < len(items):
        return range(len(items))
    said = [item.said or NOTHING for item in items]
    return sorted(range(len(items)), key=lambda at: (said[at].yes is True, said[at].intent, said[at].action))


def _one(run: Run, batch: _Batch, item: Item) -> Done:
    pen = Pen(batch.tx, batch.reader, run.ids, item.now)
    if isinstance(item.what, Inbound):
        return _message(run, batch, pen, item.what, item.said or NOTHING)
    outcome = _refusing(lambda: item.what(batch.reader))  # type: ignore[operator]
    number = run.ids()
    name = item.name or f"{number:x}"
    if item.name and _written(run.db, batch.tx, name, outcome.pushes):
        return Done()
    batch.reader.asked_ahead.happened(outcome.facts)
    journal.record(outcome.facts, pen, number, item.actor, item.via)
    _push(pen, outcome.pushes, name)
    _forget_moved(batch, outcome)
    return Done(outcome.replies, False, item.actor, outcome.facts, bool(outcome.pushes))


def _written(db: Database, tx: Transaction, name: str, pushes: Sequence[Push]) -> bool:
    """Whether pushes of that name are there. Two processes may have kept copies of one message: one writes first."""
    if db.postgresql:
        tx.rows(_ALONE, lock=zlib.crc32(name.encode()) & 0x7FFF_FFFF)
    return any(tx.one(_WRITTEN, person=push.to, turn=name) for push in pushes)


def _message(run: Run, batch: _Batch, pen: Pen, inbound: Inbound, said: Understanding) -> Done:
    sender, reader = inbound.sender, batch.reader
    known = batch.known.senders[sender]
    recorded = known.recorded.get(inbound.key)
    if recorded is not None:
        replies, person = recorded
        return Done(replies, True, person, parts=run.cut(sender, person, replies))
    before = known.address
    address = known.address = addresses.seen(pen, inbound, before)
    if before is None:  # a person just made is not looked up
        reader.know({address.person: Person(address.person)})
        reader.asked_ahead.made(address.person)
    who = reader.person(address.person) or Person(address.person)
    if who.followed != address.followed:
        who = replace(who, followed=address.followed)
    turn = Turn(run.ids(), pen.now, who, inbound, said, known.dialog, run.policy)
    outcome = _refusing(lambda: run.decide(turn, reader))
    reader.asked_ahead.happened(outcome.facts)
    journal.record(outcome.facts, pen, turn.id, who.id, sender.channel)
    parts = run.cut(sender, who.id, outcome.replies)
    if outcome.pushes or parts:
        name = turn_name(sender, inbound.key)
        _push(pen, outcome.pushes, name)
        if parts:
            _push(pen, (Push(who.id, parts[1], "reply", Rank.REPLY),), name, pen.now + _REST_AFTER)
    if outcome.dialog != "keep":
        _keep_dialog(known, pen, sender, outcome.dialog)
    if outcome.facts:
        _forget_moved(batch, outcome)
    now_at = known.address
    person = now_at.person if now_at else who.id
    pen.tx.write(answered.PUT, **answered.row(inbound, turn.id, person, pen.now, outcome.replies))
    known.recorded[inbound.key] = (outcome.replies, person)
    left = _as_left(who, outcome)
    rests = Resting(left, now_at, known.dialog) if left and now_at else None
    return Done(outcome.replies, False, person, outcome.facts, bool(outcome.pushes) or bool(parts), parts, rests)


def _refusing(decide: Callable[[], Outcome]) -> Outcome:
    try:
        return decide()
    except Refused as no:
        return Outcome(replies=(Reply(str(no)),), facts=no.facts)


def _as_left(who: Person, outcome: Outcome) -> Person | None:
    """Who it is after the turn; None where that had to be read anew, and for who holds a post."""
    for fact in outcome.facts:
        if isinstance(fact, NoticeShown):
            who = replace(who, notice=fact.version)
        elif type(fact) in _OF_PEOPLE:
            return None
    return None if who.posts else who


_OF_PEOPLE = frozenset((*get_args(ResidentFact), *get_args(GridFact)))
MOVES = (PostClaimed, PersonErased, TakeoverBegun, DeskSpoke, TakeoverEnded)  # of addresses or their dialogs


def _forget_moved(batch: _Batch, outcome: Outcome) -> None:
    """What the batch knew of its senders is read again."""
    if any(isinstance(fact, MOVES) for fact in outcome.facts):
        batch.known.read_again(batch.tx)


def _keep_dialog(known: Standing, pen: Pen, sender: Sender, dialog: Dialog | None) -> None:
    at = addresses.values(sender)
    if dialog is None:
        if known.dialog is not None:
            pen.tx.write(_DIALOG_ENDS, **at)
            known.dialog = None
        return
    since, state = dialog.since or pen.now, dialog_json(dialog)
    pen.tx.write(_DIALOG_KEPT, **at, form=dialog.form, state=state, since=since)
    # as it will be read back, so that a batch and single turns never differ
    known.dialog = dialog_from(dialog.form, state, since)


def _push(pen: Pen, pushes: Sequence[Push], name: str, at: datetime | None = None) -> None:
    for push in pushes:
        if push.to:
            pen.tx.write(
                _PUSH, id=pen.new_id(), person=push.to, ticket=push.ticket, kind=push.kind[:16], rank=int(push.rank),
                body=body(push.text, push.choices, push.media), created=pen.now, next_at=at or pen.now,
                turn=name,
            )  # fmt: skip
