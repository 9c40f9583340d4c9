"""What people say when they look for a social organisation, and what of it is the topic."""

from __future__ import annotations

import pytest

from handlers.organisations.rules import asks, likeness, topic


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("有没有理发的志愿组织", "理发"), ("社区有哪些社会组织?", ""), ("哪里有教书法的社团", "书法"),
        ("想找个陪老人看病的公益组织", "助老看病"), ("请问有没有剪头发的志愿团体呢", "理发"),
        ("我们小区有跳舞的社团吗", "舞"), ("有没有修电器的民间组织啊", "修家电"), ("有什么公益组织", ""),
    ],
)  # fmt: skip
def test_topic(words: str, wanted: str) -> None:
    assert asks(words)
    assert topic(words) == wanted


@pytest.mark.parametrize(
    "words", ["楼道灯坏了", "有没有志愿活动", "社会组织", "组织大家扫雪", "志愿组织占用楼道堆东西"]
)
def test_not_asked(words: str) -> None:
    assert not asks(words)


@pytest.mark.parametrize(
    ("wanted", "text", "pairs"),
    [("理发", "义务理发", 1), ("舞", "广场舞", 1), ("", "理发", 0), ("助老看病", "看病", 1)],
)
def test_likeness(wanted: str, text: str, pairs: int) -> None:
    assert likeness(wanted, text) == pairs
