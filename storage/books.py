"""The double entry of points: an entry, postings that add up to nothing, and the account beside them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam

from storage.pen import Pen
from storage.schema import point_accounts, point_entries, point_months, point_postings
from storage.sql import Prepared

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_a = point_accounts.c
_person: BindParameter[int] = bindparam("owner")
_points: BindParameter[int] = bindparam("change")


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_ENTRY = Prepared(
    point_entries.insert().values(
        **_given(
            "id", "at", "kind", "person", "community", "rule", "version", "times", "once", "ref", "by", "second",
            "other", "reverses", "flag",
        )
    ),
    log=True,
)  # fmt: skip
_POSTING = Prepared(point_postings.insert().values(**_given("entry", "account", "points")), log=True)
_ACCOUNT = Prepared(
    lambda insert: (
        insert(point_accounts)
        .values(
            person=_person, community=bindparam("community"), balance=_points, gone=bindparam("gone"), frozen=False,
            ranked=False, shared=False,
        )
        .on_conflict_do_update(
            index_elements=["person"],
            set_={"balance": _a.balance + _points, "gone": _a.gone + bindparam("gone")},
        )
    )
)  # fmt: skip
_MONTH = Prepared(
    lambda insert: (
        insert(point_months)
        .values(**_given("person", "month", "community"), points=_points)
        .on_conflict_do_update(
            index_elements=["person", "month"], set_={"points": point_months.c.points + _points}
        )
    )
)  # fmt: skip


def enter(pen: Pen, fact: Any, kind: str, postings: dict[str, int], **values: Any) -> None:
    """The entry of a fact (its `entry`, `person`, `community`). `postings`: account → points, adding up to 0."""
    write(pen, fact.entry, kind, fact.person, fact.community, postings, **values)


def write(
    pen: Pen, entry: int, kind: str, person: int, community: int, postings: dict[str, int], **values: Any
) -> None:
    """The same, without a fact. Raises ValueError for postings that do not add up."""
    if sum(postings.values()):
        raise ValueError(f"the postings of a {kind} do not add up to nothing: {postings}")
    filled = {
        "rule": "", "version": 0, "times": 1, "once": None, "ref": "", "by": 0, "second": 0, "other": 0,
        "reverses": None, "flag": "", **values,
    }  # fmt: skip
    pen.tx.write(_ENTRY, id=entry, at=pen.now, kind=kind, person=person, community=community, **filled)
    for account, points in postings.items():
        pen.tx.write(_POSTING, entry=entry, account=account, points=points)


def change(pen: Pen, person: int, community: int, points: int, gone: int) -> None:
    """The person's account moves by `points`; `gone` is how much of what ever left it is new."""
    pen.tx.write(_ACCOUNT, owner=person, community=community, change=points, gone=gone)


def month(pen: Pen, person: int, community: int, points: int) -> None:
    """What was earned this month, for the list of honour."""
    now = f"{pen.now.astimezone(_SHANGHAI):%Y-%m}"
    pen.tx.write(_MONTH, person=person, month=now, community=community, change=points)
