"""Moods, beside sentences with the same words and no such mood."""

from __future__ import annotations

import pytest

from nlp import understand


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("你们到底管不管,垃圾堆成山了", "angry"), ("凭什么多收我钱", "angry"),
        ("物业踢皮球,拖了半个月", "angry"), ("水漫到客厅了急死我了", "distress"),
        ("孩子等着洗澡没水怎么办呀", "distress"),
        ("灯亮了,谢谢师傅", "thanks"), ("谢谢你们拖了一个月", "angry"), ("楼道灯不亮", ""), ("管道漏水", ""),
        ("拖把挂在窗外滴水", ""), ("居住证怎么办", ""),
    ],
)  # fmt: skip
def test_tone(text: str, tone: str) -> None:
    assert understand(text).tone == tone


def test_tone_ranks_nobody() -> None:
    calm, angry = understand("3幢楼道灯坏了"), understand("3幢楼道灯坏了!!!")
    assert (angry.urgency, angry.category, angry.intent) == (calm.urgency, calm.category, calm.intent)
