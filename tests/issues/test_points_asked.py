"""「积分怎么来的」 went to a person at the desk, 「积分排行榜」 was not understood."""

from __future__ import annotations

import pytest

import nlp
from nlp.register import Register


@pytest.mark.parametrize(
    ("words", "op"),
    [
        ("积分怎么来的", "history"),
        ("我的积分哪里来的", "history"),
        ("我的分怎么来的？", "history"),
        ("积分排行榜", "ranking"),
        ("积分怎么来", "rules"),
    ],
)
def test_where_points_came_from(words: str, op: str) -> None:
    said = nlp.understand(words, Register())
    assert (said.intent, said.action) == ("points", op)
