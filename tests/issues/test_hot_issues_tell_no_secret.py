"""Three reports of the same violence at home stood among the hot issues with their words and their building."""

from __future__ import annotations

from datetime import timedelta

from handlers.tickets.categories import SENSITIVE
from storage.engine import Database
from storage.recent import recent_messages
from tests.storage.kit import NOW, do, opened


def test_what_is_opened_with_a_reason_only_is_not_told_as_an_issue(database: Database) -> None:
    do(database, opened(1, words="楼道灯不亮"))
    for number, category in enumerate(sorted(SENSITIVE), 2):
        do(database, opened(number, words="楼上又打人了", category=category))
    assert [one.words for one in recent_messages(database, NOW - timedelta(days=1))] == ["楼道灯不亮"]
