"""「想报清洁家园」 was answered with the list of activities: only 「报名」 was a sign-up."""

from __future__ import annotations

from tests.storage.talking import Town, town

__all__ = ["town"]  # fixture


def test_an_activity_that_is_named_is_signed_up_for(town: Town) -> None:
    assert "满18岁" in town.says("resident", "想报清洁家园")
    town.says("resident", "满了")
    assert "清洁家园" in town.says("resident", "我报的活动")


def test_what_is_reported_is_no_sign_up(town: Town) -> None:
    assert "满18岁" not in town.says("resident", "我要报修，周六楼道灯坏了")
