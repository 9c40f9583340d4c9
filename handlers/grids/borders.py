"""Re-drawing micro-grids 调整微网格: which households move, what it means, and the day it happens. Tickets stay."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from handlers.grids import rules, texts
from handlers.grids.facts import MicroGridAdded, MovedOut, Redrawn, RedrawPlanned
from handlers.grids.port import Change
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome, Refused, Reply

TIMER = "mg_redraw"
Moves = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Size:
    """A micro-grid before and after. `fault`: few, many, or "" inside the city's bounds."""

    micro_grid: int
    name: str
    before: int
    after: int
    fault: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a re-drawing would do. `told`: person ids of leaders and deputies, then of residents."""

    moves: Moves
    sizes: tuple[Size, ...]
    leaders: tuple[int, ...]
    residents: tuple[int, ...]


def preview(
    wanted: dict[int, int], communities: tuple[int, ...], community: int, policy: Policy, read: Read
) -> Preview:
    """`wanted`: household → micro-grid. Raises Refused when nothing moves or something is not the community's."""
    if community not in communities:
        raise Refused(texts.NOT_HERE)
    now = read.micro_grids_of(tuple(wanted), community)
    if len(now) != len(wanted):
        raise Refused(texts.NOT_HERE)
    for target in set(wanted.values()):
        found = read.micro_grid(target)
        if found is None or found.community != community:
            raise Refused(texts.TO_ELSEWHERE)
    moves = tuple((house, now[house], to) for house, to in sorted(wanted.items()) if now[house] != to)
    if not moves:
        raise Refused(texts.NO_MOVES)
    moving = {house for house, _, _ in moves}
    for planned in read.redraws(community):
        if moving & {house for house, _, _ in planned.moves}:
            raise Refused(texts.REDRAW_OVERLAPS.format(day=texts.day_words(planned.day)))
    residents = tuple(read.dwellers_of(tuple(moving)))
    return Preview(moves, sizes(moves, policy, read), leaders(moves, read), residents)


def check_day(day: date, today: date, policy: Policy) -> None:
    """Raises Refused for a day on which nothing can be planned."""
    if fault := rules.day_fault(day, today, policy.change_ahead_days):
        raise Refused(texts.DAY_PAST if fault == "past" else texts.DAY_FAR.format(days=policy.change_ahead_days))


def sizes(moves: Moves, policy: Policy, read: Read) -> tuple[Size, ...]:
    """Every micro-grid that wins or loses households, by code."""
    change: Counter[int] = Counter()
    for _, before, after in moves:
        change[before] -= 1
        change[after] += 1
    grids = sorted((g for m in change if m and (g := read.micro_grid(m))), key=lambda g: g.code)
    least, most = policy.micro_households
    return tuple(
        Size(g.id, g.name, g.households, g.households + change[g.id],
             rules.outside(g.households + change[g.id], least, most))
        for g in grids
    )  # fmt: skip


def leaders(moves: Moves, read: Read) -> tuple[int, ...]:
    """Leaders and deputies of every micro-grid in it."""
    found: dict[int, None] = {}
    for micro_grid in sorted({m for _, before, after in moves for m in (before, after) if m}):
        duty = read.duty_of(micro_grid)
        found |= {person: None for person in (duty.leader, duty.deputy) if person}
    return tuple(found)


def plan(
    seen: Moves, day: date, communities: tuple[int, ...], community: int, actor: int, today: date, policy: Policy,
    read: Read,
) -> RedrawPlanned:  # fmt: skip
    """`seen`: the moves as the preview showed them. Raises Refused when the register has moved on since."""
    check_day(day, today, policy)
    found = preview({house: to for house, _, to in seen}, communities, community, policy, read)
    if found.moves != tuple(sorted(seen)):
        raise Refused(texts.MOVED_MEANWHILE)
    return RedrawPlanned(read.new_id(), community, day, actor, found.moves)


def carry_out(change: Change, read: Read) -> Redrawn:
    """On the day: a household that was moved by another hand meanwhile stays where that hand put it."""
    now = read.micro_grids_of(tuple(house for house, _, _ in change.moves), change.community)
    still = tuple(move for move in change.moves if now.get(move[0]) == move[1])
    return Redrawn(change.id, change.community, change.by, still)


def add(grid: int, communities: tuple[int, ...], actor: int, read: Read) -> Outcome:
    """A new micro-grid with the next code of its grid, named as the others (学府1-3)."""
    home = read.grid(grid)
    if home is None or home.community not in communities:
        raise Refused(texts.NOT_HERE)
    taken = {int(micro.code[15:17]) for micro in read.micro_grids_in(grid)}
    number = next((n for n in range(1, 100) if n not in taken), 0)
    if not number:
        raise Refused(texts.GRID_FULL)
    known = read.community(home.community)
    short = re.sub(r"(社区|村|居民区)$", "", known.name) if known else ""
    name = f"{short}{int(home.code[12:15])}-{number}"
    fact = MicroGridAdded(read.new_id(), grid, home.community, f"{home.code}{number:02d}", name, actor)
    return Outcome(replies=(Reply(texts.micro_added(name)),), facts=(fact,))


def move_out(
    person: int, household: int, reason: str, communities: tuple[int, ...], actor: int, read: Read
) -> Outcome:
    """The desk ends a bond. Raises Refused, also where the household is another community's."""
    community = read.lives_at(person, household)
    if not community or community not in communities:
        raise Refused(texts.NOT_AT_HOME)
    if reason not in texts.REASONS:
        raise Refused(texts.REASON)
    return Outcome(replies=(Reply(texts.MOVED_OUT),), facts=(MovedOut(person, household, actor, reason),))
