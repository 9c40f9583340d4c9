"""Senders and people are found by their keys, whatever a database knows of the tables."""

from __future__ import annotations

import re

from storage import known, person_rows
from storage.engine import Database
from storage.sql import Prepared
from tests.storage.plans import planned


def test_a_sender_is_found_by_the_whole_key_whatever_is_known_of_the_table(database: Database) -> None:
    """Of a table that was empty when it was last counted PostgreSQL would read every row of the account."""
    plan = planned(database, known._KNOWN, channel="wechat", account="wx1", asked='[["o1","m:1"]]')
    for table, parts in (("identities", 3), ("dialogs", 3), ("inbox", 4)):
        if database.postgresql:
            at = next(place for place, line in enumerate(plan) if f" on {table}" in line)
            assert plan[at + 1].startswith("Index Cond"), plan
            assert plan[at + 1].count(" = ") == parts, plan
        else:
            (line,) = (line for line in plan if f"SEARCH {table}" in line)
            assert line.count("=?") == parts, plan


def test_the_people_behind_senders_are_found_by_keys(database: Database) -> None:
    asked: list[tuple[Prepared, dict[str, object]]] = [
        (person_rows.OF_SENDERS, {"channel": "wechat", "account": "wx1", "asked": '[["o1","m:1"]]'}),
        (person_rows.LEADERS, {"grid": 7}),
    ]
    for prepared, values in asked:
        plan = planned(database, prepared, **values)
        assert any(re.search("pk_persons|SEARCH persons USING INTEGER PRIMARY KEY", line) for line in plan), plan
        if prepared is person_rows.OF_SENDERS:
            by_key = "Index Cond: .*channel.*account.*user|SEARCH identities .*channel=.*account=.*user="
            assert any(re.search(by_key, line) for line in plan), plan


def test_people_are_found_by_their_numbers(database: Database) -> None:
    plan = planned(database, person_rows._PERSONS, ids="[[7]]")
    found = "Scan using pk_persons on persons|Index Scan on pk_persons|SEARCH persons USING INTEGER PRIMARY KEY"
    assert any(re.search(found, line) for line in plan), plan
