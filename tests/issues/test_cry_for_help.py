"""「救命,3幢着火了」 was answered with advice for somebody who fainted: the cry hid the fire."""

from __future__ import annotations

import pytest

import nlp
from nlp.register import Register


@pytest.mark.parametrize(
    ("words", "danger"),
    [
        ("救命,3幢着火了", "fire"),
        ("救救我们，楼道全是浓烟", "fire"),
        ("救命啊煤气泄漏", "gas"),
        ("救命，有人掉河里了", "drown"),
        ("要出人命了，两个人打起来了", "violence"),
        ("救命啊我爸晕倒了", "person"),
        ("救命", "person"),
    ],
)
def test_the_danger_named_beside_the_cry_is_advised_on(words: str, danger: str) -> None:
    said = nlp.understand(words, Register())
    assert (said.urgency, said.danger) == ("emergency", danger)
