"""Adds judged tickets up by day and community: whole, by category, micro-grid and unit; and all together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, String, cast, delete, func, insert, literal, select

from handlers.tickets.measures import MEASURES, TIMES
from storage.schema import number_days, number_lengths, ticket_numbers

ALL = -1  # the community that stands for all together
_n, _d, _l = ticket_numbers.c, number_days.c, number_lengths.c
_SUMS = [func.sum(_n[name]).label(name) for name in MEASURES]


def _text(column: ColumnElement[int]) -> ColumnElement[str]:
    return cast(column, String(20))


GROUPS: dict[str, tuple[ColumnElement[str], tuple[ColumnElement[bool], ...]]] = {
    "": (literal(""), ()),
    "category": (cast(_n.category, String(20)), ()),
    "micro_grid": (_text(_n.micro_grid), ()),
    "unit": (_text(_n.unit), (_n.unit != 0,)),
}  # `of` → what it is grouped by, and which tickets belong


def add_up(conn: Connection, day: str, communities: Sequence[int]) -> None:
    """The sums of a day anew, of these communities or of ALL, which adds up what stands for the communities."""
    for table in (number_days, number_lengths):
        conn.execute(delete(table).where(table.c.day == day, table.c.community.in_(communities)))
    if ours := [community for community in communities if community != ALL]:
        _communities(conn, day, ours)
    if ALL in communities:
        _together(conn, day)


def _communities(conn: Connection, day: str, ours: list[int]) -> None:
    here = (_n.day == day, _n.community.in_(ours))
    names = ["community", "of", "day", "key", *MEASURES]
    for of, (key, rule) in GROUPS.items():
        sums = select(_n.community, literal(of), literal(day), key.label("key"), *_SUMS).where(*here, *rule)
        conn.execute(insert(number_days).from_select(names, sums.group_by(_n.community, key)))
    for what in TIMES:
        minutes = _n[f"{what}_length"]
        counted = select(_n.community, literal(what), literal(day), minutes, func.count()).where(
            *here, minutes.is_not(None)
        )
        conn.execute(
            insert(number_lengths).from_select(
                ["community", "what", "day", "minutes", "tickets"], counted.group_by(_n.community, minutes)
            )
        )


def _together(conn: Connection, day: str) -> None:
    sums = (
        select(literal(ALL), _d.of, literal(day), _d.key, *(func.sum(_d[name]) for name in MEASURES))
        .where(_d.day == day, _d.community != ALL, _d.of.in_(GROUPS))
        .group_by(_d.of, _d.key)
    )
    conn.execute(insert(number_days).from_select(["community", "of", "day", "key", *MEASURES], sums))
    counted = (
        select(literal(ALL), _l.what, literal(day), _l.minutes, func.sum(_l.tickets))
        .where(_l.day == day, _l.community != ALL)
        .group_by(_l.what, _l.minutes)
    )
    conn.execute(insert(number_lengths).from_select(["community", "what", "day", "minutes", "tickets"], counted))
