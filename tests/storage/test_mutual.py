"""Mutual help on both databases: one helper, points for the helper, a pair at most twice a month, erasing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from handlers.mutual.facts import HelpAsked, HelpTaken
from storage import ledger_audit
from storage.schema import helpers, helps
from storage.transaction import Stale
from tests.storage.kit import do
from tests.storage.talking import Town, town

__all__ = ["town"]  # fixture


def row(town: Town, number: int):  # type: ignore[no-untyped-def]
    with town.db.reading() as conn:
        return conn.execute(select(helps).where(helps.c.number == number)).one()


def test_only_one_neighbour_can_come(town: Town) -> None:
    where = town.made.communities[0]
    do(town.db, HelpAsked(77, 1, where, 5, town.people["resident"], "借梯子"), HelpTaken(77, 1001))
    with pytest.raises(Stale):
        do(town.db, HelpTaken(77, 1002))
    assert (row(town, 1).state, row(town, 1).helper) == ("taken", 1001)


def test_a_family_does_not_earn_from_itself(town: Town) -> None:
    town.says("resident", "想借一把梯子")  # the neighbour lives in the same home here
    town.says("resident", "发出去")
    assert "一家人" in town.says("neighbour", "我来帮互助1")
    assert row(town, 1).state == "open"


def test_a_pair_earns_twice_a_month(town: Town) -> None:
    for number in (1, 2, 3):
        town.says("resident", "谁能帮我搬个柜子")
        town.says("resident", "发")
        assert "谢谢您" in town.says("leader", f"我来帮互助{number}")
        town.says("leader", f"互助{number}帮好了")
        assert "太好了" in town.says("resident", f"互助{number}帮好了")
    earned = town.says("leader", "积分")
    assert "6分" in earned  # 3 and 3; the third help is thanked with words
    assert ledger_audit.findings(town.db) == []


def test_who_is_erased_asks_no_more(town: Town) -> None:
    town.says("resident", "谁能帮我搬个柜子")
    town.says("resident", "发")
    town.says("resident", "我愿意帮忙")
    town.says("resident", "删除我的数据")
    town.says("resident", "确定删除")
    assert (row(town, 1).state, row(town, 1).words) == ("ended", "")
    with town.db.reading() as conn:
        assert conn.execute(select(helpers)).all() == []
