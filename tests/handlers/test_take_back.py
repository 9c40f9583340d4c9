"""What is left of 「撤回办结 0017 灯又闪了」 as the reason: the words, neither the order nor its number."""

from __future__ import annotations

import pytest

from handlers.tickets.takeback import reason


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("撤回办结 0017", ""),
        ("撤回办结", ""),
        ("撤回办结 0017 灯又闪了", "灯又闪了"),
        ("0017办结错了，还没换", "还没换"),
    ],
)
def test_reason(text: str, why: str) -> None:
    assert reason(text) == why
