"""Who is told that a post or a border changes: both sides, now and on the day. Called by notify.py only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from handlers.grids import borders, texts
from handlers.grids.facts import (
    ChangeDropped,
    GridFact,
    LeaveEnded,
    LeaveSet,
    MovedOut,
    PostChanged,
    PostPlanned,
    Redrawn,
    RedrawPlanned,
)
from handlers.grids.posts import place_of
from handlers.read import Read
from handlers.types import Push, Rank


def of(fact: GridFact, read: Read, *, ahead: bool) -> Iterable[Push]:
    """`ahead`: what was planned lies in the future, so both are told before as well."""
    match fact:
        case PostPlanned() if ahead:
            where, name = place_of(fact.role, fact.scope, read)[0], fact.name
            return _both(
                fact,
                texts.to_incoming(fact.role, where, fact.day),
                texts.to_outgoing(fact.role, where, name, fact.day),
            )
        case PostChanged():
            where, name = place_of(fact.role, fact.scope, read)[0], fact.name
            went = texts.to_outgoing(fact.role, where, name, None)
            if fact.passed:
                went += texts.passed_on(len(fact.passed), name)
            return _both(fact, texts.to_incoming(fact.role, where, None), went)
        case ChangeDropped(change):
            return _dropped(change, read)
        case RedrawPlanned() if ahead:
            return [
                _push(person, texts.redraw_ahead(name, came, went, fact.day))
                for person, name, came, went, _ in _leaders(fact.moves, read)
            ]
        case Redrawn():
            return _redrawn(fact, read)
        case LeaveSet(person, first, last):
            return [_push(person, texts.to_away(first, last))]
        case LeaveEnded(person):
            return [_push(person, texts.BACK)]
        case MovedOut(person, household):
            return _moved_out(person, household, read)
        case _:
            return ()


def _push(to: int, text: str) -> Push:
    return Push(to, text, "notice", Rank.NOTICE)


def _name(person: int, read: Read) -> str:
    return read.name(person)


def _both(fact: PostPlanned | PostChanged, incoming: str, outgoing: str) -> list[Push]:
    told = ((fact.incoming, incoming), (fact.outgoing, outgoing))
    return [_push(person, text) for person, text in told if person]


def _dropped(change: int, read: Read) -> list[Push]:
    found = read.change(change)
    if found is None:
        return []
    if found.kind == "post":
        text = texts.not_any_more(found.role, place_of(found.role, found.scope, read)[0])
        return [_push(person, text) for person in (found.incoming, found.outgoing) if person]
    return [_push(person, texts.REDRAW_DROPPED) for person in borders.leaders(found.moves, read)]


def _leaders(moves: borders.Moves, read: Read) -> list[tuple[int, str, int, int, int]]:
    """(person, micro-grid, households that come, that go, how many there are) of each leader and deputy."""
    came: Counter[int] = Counter(after for _, _, after in moves)
    went: Counter[int] = Counter(before for _, before, _ in moves if before)
    out = []
    for micro_grid in sorted(came.keys() | went.keys()):
        found, duty = read.micro_grid(micro_grid), read.duty_of(micro_grid)
        for person in (duty.leader, duty.deputy):
            if found and person:
                out.append((person, found.name, came[micro_grid], went[micro_grid], found.households))
    return out


def _redrawn(fact: Redrawn, read: Read) -> list[Push]:
    """Asked before the fact is applied: what it changes is added here."""
    pushes = [
        _push(person, texts.redraw_leader(name, came, went, households + came - went))
        for person, name, came, went, households in _leaders(fact.moves, read)
    ]
    target = {household: after for household, _, after in fact.moves}
    for person, household in read.dwellers_of(tuple(target)).items():
        found, duty = read.micro_grid(target[household]), read.duty_of(target[household])
        if found:
            pushes.append(_push(person, texts.redraw_resident(found.name, _name(duty.leader, read))))
    return pushes


def _moved_out(person: int, household: int, read: Read) -> list[Push]:
    known = read.person(person)
    home = next((h for h in known.homes if h.household == household), None) if known else None
    if home is None:
        return []
    community = read.community(home.community)
    return [_push(person, texts.unbound(home.place.label, community.name if community else ""))]
