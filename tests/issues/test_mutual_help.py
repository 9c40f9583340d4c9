"""Mutual help: a board was taken for money, and what was given back after its time was open for ever."""

from __future__ import annotations

from datetime import timedelta

from handlers.mutual import door
from handlers.mutual.facts import HelpEnded
from handlers.policy import Policy
from handlers.timing import TimerSet
from tests.storage.kit import NOW, asked
from tests.storage.talking import Town, town
from tests.storage.test_mutual import row

__all__ = ["town"]  # fixture


def test_a_board_is_no_money(town: Town) -> None:
    for words in ("想借一块木板", "千万别笑，谁能帮我搬一下柜子", "想借两块抹布"):
        assert "要发吗" in town.says("resident", words)
        town.says("resident", "不发了")
    for words in ("谁能借我五十块", "谁能借我一万应急", "谁能借我500元", "谁能借我两百块给孩子交学费"):
        assert "不借钱" in town.says("resident", words)


def test_given_back_late_it_still_ends(town: Town) -> None:
    """The time ran out while a neighbour was helping; he could not after all: it was open for ever."""
    town.says("resident", "谁能帮我搬个柜子")
    town.says("resident", "发")
    town.says("leader", "我来帮互助1")
    number = row(town, 1).id
    days = Policy().help_days
    again = asked(town.db, lambda read: door.step("hp_end", number, NOW + timedelta(days=days), Policy(), read))
    assert again == (TimerSet(number, "hp_end", NOW + timedelta(days=2 * days)),)
    town.says("leader", "不帮了互助1")
    ended = asked(town.db, lambda read: door.step("hp_end", number, NOW + timedelta(days=2 * days), Policy(), read))
    assert ended == (HelpEnded(number, "expired"),)
