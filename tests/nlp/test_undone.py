"""What a handler says of a task: done, not done, or neither."""

from __future__ import annotations

import pytest

from nlp.undone import told_done, undone

NOT_DONE = (
    "不归我管", "还没好", "0001还没弄好", "灯没修好", "错了", "说错了,是0002", "等配件,下周三", "弄不了,要电工",
    "没人在家", "报价单还没批", "取消",
)  # fmt: skip
DONE = (
    "换了灯泡", "已换灯泡", "垃圾拉走了", "接错线了,改好了", "不亮的灯换好了", "阀门关了,燃气公司来看过",
    "不归物业,已转告业主自己修好",
    "不是我们小区的车,已移走",
)  # fmt: skip
NEITHER = ("让老李去", "照片在这", "要换个灯泡,明天买", "查看没有问题", "换好了吗", "没有再堆放")


@pytest.mark.parametrize("words", NOT_DONE)
def test_not_done(words: str) -> None:
    assert undone(words) and not told_done(words)


@pytest.mark.parametrize("words", DONE)
def test_done(words: str) -> None:
    assert told_done(words) and not undone(words)


@pytest.mark.parametrize("words", NEITHER)
def test_neither(words: str) -> None:
    assert not undone(words) and not told_done(words)
