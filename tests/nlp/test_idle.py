"""Words that tell nothing, beside words with the same beginnings that do."""

from __future__ import annotations

import pytest

from nlp.idle import is_lost, tells_nothing


@pytest.mark.parametrize(
    "words",
    [
        "哦",
        "嗯嗯那个",
        "我想想",
        "你等会儿",
        "让我看看",
        "稍等我接个电话",
        "我找一下眼镜",
        "侬等一歇",
        "我问问我儿子",
    ],
)
def test_asks_for_a_moment(words: str) -> None:
    assert tells_nothing(words) and not is_lost(words)


@pytest.mark.parametrize(
    "words",
    ["灯罩也掉了", "晚上特别黑", "等一下水就漫出来了", "我看看门也坏了", "等了三天了", "那个灯", "好吧", "然后呢"],
)
def test_tells_something(words: str) -> None:
    assert not tells_nothing(words) and not is_lost(words)


@pytest.mark.parametrize("words", ["啥意思", "你说什么", "我这个手机字太小了", "看不懂呀"])
def test_does_not_follow(words: str) -> None:
    assert is_lost(words) and not tells_nothing(words)


def test_a_long_row_is_read_once() -> None:
    assert not tells_nothing("等" * 5000 + "看" * 5000 + "灯") and tells_nothing("等" * 5000)
