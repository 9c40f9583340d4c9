"""「想报清洁家园」 was answered with the list of activities: only 「报名」 was a sign-up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.engine import Database
from tests.storage.test_points_talk import Town


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    made = Town(database)
    yield made
    made.turns.close(10)


def test_an_activity_that_is_named_is_signed_up_for(town: Town) -> None:
    assert "满18岁" in town.says("resident", "想报清洁家园")
    town.says("resident", "满了")
    assert "清洁家园" in town.says("resident", "我报的活动")


def test_what_is_reported_is_no_sign_up(town: Town) -> None:
    assert "满18岁" not in town.says("resident", "我要报修，周六楼道灯坏了")
