"""In which forms a text is learned, and what each weighs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.recipes import SPOKEN, WRITTEN


def test_a_sentence_is_learned_as_it_is() -> None:
    assert WRITTEN.forms("灯坏了") == SPOKEN.forms("灯坏了") == [("灯坏了", 1.0)]


def test_a_letter_is_learned_whole_by_its_beginnings_and_its_passages() -> None:
    letter = "".join(chr(0x4E00 + at) for at in range(125))
    assert WRITTEN.forms(letter) == [
        (letter, 1.0), (letter[:25], 0.5), (letter[:100], 0.5),
        (letter[40:80], 0.1), (letter[80:120], 0.1),
    ]  # fmt: skip


@given(st.integers(0, 5000))
def test_the_passages_of_a_long_letter_weigh_no_more_than_those_of_a_short_one(size: int) -> None:
    forms = WRITTEN.forms("灯" * size)
    assert sum(weight for _, weight in forms[3:]) <= 0.3 + 1e-9
    assert len(forms) <= 27
