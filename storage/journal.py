"""Applies facts and writes them to the facts log; what each fact does is in tickets.py and residents.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, get_args

import orjson
from sqlalchemy import bindparam

from handlers.activities.facts_honour import PhotoFact, StarFact
from handlers.mutual.facts import MutualFact
from handlers.points.facts import LedgerFact, ShopFact
from handlers.points.facts_table import TableFact
from handlers.tickets.digest_facts import DigestTold
from handlers.tickets.facts_desk import DeskFact
from handlers.tickets.facts_undo import UndoFact
from handlers.timing import TimerSet
from handlers.types import Fact, Media
from nlp.types import Place
from storage import (
    activities,
    activities_hours,
    announcements,
    clocks,
    crypto,
    desk,
    digests,
    grids,
    honour,
    knowledge,
    learning,
    mutual,
    points,
    points_shop,
    points_table,
    received,
    residents,
    teams,
    tickets,
    tickets_chain,
    undo,
)
from storage.pen import Pen
from storage.schema import facts
from storage.sql import Prepared
from storage.values import place_json, public_place

_APPLY: dict[type, Callable[[Any, Pen], None]] = {
    **dict.fromkeys(get_args(tickets.TicketFact), tickets.apply),
    **dict.fromkeys(get_args(tickets_chain.ChainFact), tickets_chain.apply),
    **dict.fromkeys(get_args(clocks.ClockFact), clocks.apply),
    **dict.fromkeys(get_args(DeskFact), desk.apply),
    **dict.fromkeys(get_args(UndoFact), undo.apply),
    received.ReceivedFact: received.apply,
    DigestTold: digests.apply,
    **dict.fromkeys(get_args(residents.ResidentFact), residents.apply),
    **dict.fromkeys(get_args(activities.ActivityFact), activities.apply),
    **dict.fromkeys(get_args(grids.GridFact), grids.apply),
    **dict.fromkeys(get_args(teams.TeamFact), teams.apply),
    **dict.fromkeys(get_args(StarFact), honour.apply_star),
    **dict.fromkeys(get_args(PhotoFact), honour.apply_photo),
    **dict.fromkeys(get_args(knowledge.KnowledgeFact), knowledge.apply),
    **dict.fromkeys(get_args(learning.LearningFact), learning.apply),
    **dict.fromkeys(get_args(announcements.AnnouncementFact), announcements.apply),
    **dict.fromkeys(get_args(activities_hours.HoursFact), activities_hours.apply),
    **dict.fromkeys(get_args(MutualFact), mutual.apply),
    **dict.fromkeys(get_args(LedgerFact), points.apply),
    **dict.fromkeys(get_args(ShopFact), points_shop.apply),
    **dict.fromkeys(get_args(TableFact), points_table.apply),
}
_ROW = Prepared(
    facts.insert().values(
        **{name: bindparam(name) for name in ("id", "turn", "at", "actor", "via", "kind", "ticket", "body")}
    ),
    log=True,
)


def record(happened: tuple[Fact, ...], pen: Pen, turn: int, actor: int, via: str) -> None:
    """Every fact applied to its tables and logged, in order. Raises TypeError for a fact nobody applies.

    Timers of a ticket that are set one after the other, most of what happens, are one row of the log: `kind` and
    `due` are lists in it.
    """
    steps: list[TimerSet] = []
    for fact in happened:
        apply = _APPLY.get(type(fact))
        if apply is None:
            raise TypeError(f"{type(fact).__name__} is applied nowhere: add it to storage/<feature>.py")
        apply(fact, pen)
        clocks.follow(fact, pen)
        if steps and not (type(fact) is TimerSet and fact.ticket == steps[0].ticket):
            _log(steps[0], pen, turn, actor, via, steps)
            steps = []
        if type(fact) is TimerSet:
            steps.append(fact)
        else:
            _log(fact, pen, turn, actor, via)
    if steps:
        _log(steps[0], pen, turn, actor, via, steps)


def _log(fact: Fact, pen: Pen, turn: int, actor: int, via: str, steps: Sequence[TimerSet] = ()) -> None:
    fact_id = pen.new_id()
    pen.tx.write(
        _ROW, id=fact_id, turn=turn, at=pen.now, actor=actor, via=via[:16], kind=type(fact).__name__[:32],
        ticket=getattr(fact, "ticket", 0), body=_set(steps) if len(steps) > 1 else body(fact, fact_id),
    )  # fmt: skip


def _set(steps: Sequence[TimerSet]) -> str:
    said = {"due": [one.due for one in steps], "kind": [one.kind for one in steps], "ticket": steps[0].ticket}
    return orjson.dumps(said, option=_OPTIONS).decode()


def _fields(kind: type) -> tuple[tuple[str, ...], tuple[tuple[str, bool], ...]]:
    """Names of a fact's fields: what stands in the log as it is; what may not, and whether it is private."""
    private = {f.name for f in fields(kind) if f.metadata.get("private")}
    apart = private | {f.name for f in fields(kind) if "Place" in str(f.type)}
    return tuple(f.name for f in fields(kind) if f.name not in apart), tuple(
        (name, name in private) for name in apart
    )


_FIELDS = {kind: _fields(kind) for kind in _APPLY}


def body(fact: Fact, fact_id: int) -> str:
    """Canonical JSON of a fact. Private fields, and a place beyond its building, are digests.

    The fact's id goes into the digest, so that the same words of two people do not look alike.
    """
    plain, apart = _FIELDS[type(fact)]
    said: dict[str, Any] = {name: getattr(fact, name) for name in plain}
    for name, is_private in apart:
        value = getattr(fact, name)
        if isinstance(value, Place):
            value = public_place(value, _digest(fact_id, place_json(value)))
        elif is_private and value:
            value = _digest(fact_id, value if isinstance(value, str) else repr(value))
        said[name] = value
    return orjson.dumps(said, default=_plain, option=_OPTIONS).decode()


_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_PASSTHROUGH_DATACLASS


def _digest(fact_id: int, text: str) -> str:
    return crypto.current().digest(f"{fact_id}:{text}")


def _plain(value: Any) -> Any:
    if isinstance(value, Media):
        return [value.kind, value.ref]
    raise TypeError(f"{type(value).__name__} cannot stand in the facts log")
