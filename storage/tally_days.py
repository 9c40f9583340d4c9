"""Adds judged tickets up by day and community: whole, by category, micro-grid and unit; and all together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    String,
    Table,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
)

from handlers.tickets.measures import MEASURES, TIMES
from storage.marker import statements
from storage.schema import number_days, number_lengths, ticket_numbers
from storage.sql import Prepared, among, each, listed

ALL = -1  # the community that stands for all together
_n, _d, _l = ticket_numbers.c, number_days.c, number_lengths.c
_SUMS = [func.sum(_n[name]).label(name) for name in MEASURES]
_day: BindParameter[str] = BindParameter("day", type_=String(10), required=True)
_OF_DAYS = ["community", "of", "day", "key", *MEASURES]
_OF_LENGTHS = ["community", "what", "day", "minutes", "tickets"]


def _text(column: ColumnElement[int]) -> ColumnElement[str]:
    return cast(column, String(20))


GROUPS: dict[str, tuple[ColumnElement[str], tuple[ColumnElement[bool], ...]]] = {
    "": (literal(""), ()),
    "category": (cast(_n.category, String(20)), ()),
    "micro_grid": (_text(_n.micro_grid), ()),
    "unit": (_text(_n.unit), (_n.unit != 0,)),
}  # `of` → what it is grouped by, and which tickets belong


def _sums(of: str) -> Prepared:
    key, rule = GROUPS[of]

    def of_communities(dialect: str) -> Any:
        sums = select(_n.community, literal(of), _day, key.label("key"), *_SUMS)
        here = (_n.day == _day, among(dialect, _n.community))
        return insert(number_days).from_select(_OF_DAYS, sums.where(*here, *rule).group_by(_n.community, key))

    return Prepared(each(of_communities))


def _lengths(what: str) -> Prepared:
    minutes = _n[f"{what}_length"]

    def of_communities(dialect: str) -> Any:
        here = (_n.day == _day, among(dialect, _n.community), minutes.is_not(None))
        counted = select(_n.community, literal(what), _day, minutes, func.count()).where(*here)
        return insert(number_lengths).from_select(_OF_LENGTHS, counted.group_by(_n.community, minutes))

    return Prepared(each(of_communities))


def _forgotten(table: Table) -> Prepared:
    return Prepared(each(lambda dialect: delete(table).where(table.c.day == _day, among(dialect, table.c.community))))


_FORGOTTEN = {table.name: _forgotten(table) for table in (number_days, number_lengths)}
_COMMUNITIES = {of: _sums(of) for of in GROUPS} | {what: _lengths(what) for what in TIMES}
_TOGETHER = {
    "days": Prepared(
        insert(number_days).from_select(
            _OF_DAYS,
            select(literal(ALL), _d.of, _day, _d.key, *(func.sum(_d[name]) for name in MEASURES))
            .where(_d.day == _day, _d.community != ALL, or_(*(_d.of == of for of in GROUPS)))
            .group_by(_d.of, _d.key),
        )
    ),
    "lengths": Prepared(
        insert(number_lengths).from_select(
            _OF_LENGTHS,
            select(literal(ALL), _l.what, _day, _l.minutes, func.sum(_l.tickets))
            .where(_l.day == _day, _l.community != ALL)
            .group_by(_l.what, _l.minutes),
        )
    ),
}


def add_up(conn: Connection, day: str, communities: Sequence[int]) -> None:
    """The sums of a day anew, of these communities or of ALL, which adds up what stands for the communities."""
    tx = statements(conn)
    for forgotten in _FORGOTTEN.values():
        tx.write(forgotten, day=day, ids=listed(communities))
    if ours := [community for community in communities if community != ALL]:
        for sums in _COMMUNITIES.values():
            tx.write(sums, day=day, ids=listed(ours))
    if ALL in communities:
        for sums in _TOGETHER.values():
            tx.write(sums, day=day)
    tx.flush()
