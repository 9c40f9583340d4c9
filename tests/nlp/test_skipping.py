"""What spares a search only spares: the same is found with it and without it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import commands, ids, normalize, people, place_patterns, slots
from nlp.lexicon import data
from nlp.skipping import begins, skipping

WRITTEN = (
    r"[吗么?]|怎么(?!还|没)|哪[里儿]?|几号",
    r"[人口]|大人|[我咱](?:们|自己)?[来去]",
    r"刻钟|[年月]|20\d\d|\d[:/\-]\d|\d ?[aApP][mM]",
    r"(?:甲|[乙丙])丁|丁+|[甲乙]+丙|\d{3}|[^丁]\|",
)
SIGNS = "吗么?怎还没哪里几号人口大我咱们自己来去刻钟年月甲乙丙丁|:/-0123 apm"


@pytest.mark.parametrize("written", WRITTEN)
@given(text=st.text(alphabet=SIGNS, max_size=12))
def test_the_same_is_found_at_the_same_place(written: str, text: str) -> None:
    found, wanted = skipping(written).search(text), re.search(written, text)
    assert (found and found.span()) == (wanted and wanted.span())


@settings(max_examples=300)
@given(st.text(alphabet="工单编号报事受理尾后四位主并到#No.是为:那个张的元价车0123456789 -", max_size=16))
def test_a_ticket_has_one_of_the_words_that_announce_one(text: str) -> None:
    assert ids._MAYBE.search(text) or not ids._TICKET.search(text)


@settings(max_examples=300)
@given(st.text(alphabet="1234A东/_、,.#-和跟与及幢号楼室弄", max_size=14))
def test_numbers_that_stand_together_are_joined(text: str) -> None:
    patterns = (place_patterns.TRIPLE, place_patterns.TWO_NUMBERS, place_patterns.PAIR)
    assert place_patterns._JOINED.search(text) or not any(pattern.search(text) for pattern in patterns)


@settings(max_examples=300)
@given(st.text(alphabet="呃嗯,。就是说那个然后呢这我们了", max_size=12))
def test_sounds_of_thinking_begin_as_declared(text: str) -> None:
    assert all(normalize._INSIDE_BEGINS.match(found[0]) for found in normalize._FILLER_INSIDE.finditer(text))


@settings(max_examples=300)
@given(st.text(alphabet="我本人俺咱自己就单独一个来去和跟带也都参加报名户位口孩子,老3两", max_size=12))
def test_people_are_announced(text: str) -> None:
    assert people._SELF.search(text) or not (people._MYSELF.search(text) or people._ALONE.search(text))
    assert (people._JOINING.search(text) and people._KIN.search(text)) or not people._WITH.search(text)
    numbers = (people._GROWN_UPS, people._CHILDREN, people._HOUSEHOLD, people._TOTAL)
    assert people._COUNTED.search(text) or not any(pattern.search(text) for pattern in numbers)
    assert slots._COUNTED.search(text) or not slots._COUNT.search(text)


@given(st.text(alphabet="啊呀谢多你您一下好行可以吗辛苦了灯坏", min_size=1, max_size=8))
def test_a_particle_ends_as_declared(text: str) -> None:
    assert text[-1] in slots._PARTICLE_ENDS or not slots._PARTICLE.search(text)


@pytest.mark.parametrize(
    ("pattern", "chars"),
    [
        ("^(?:我要)?(?:撤回|报)了", "我撤报"),
        (r"(?!不)[甲乙]?(?=丙)丁+|\d年", "甲乙丁0123456789"),
        ("(?:甲|(?:乙|丙)?丁)", "甲乙丙丁"),
        ("^[^,]{0,3}了", None),
        ("甲?", None),
        (".", None),
        ("(?:甲?乙?)丙", "甲乙丙"),
        ("(?:甲?乙?)?+丙{2}丁", "甲乙丙丁"),
        ("甲{0,2}乙+丙|(?:丁+)戊", "甲乙丁"),
    ],
)
def test_what_a_pattern_begins_with(pattern: str, chars: str | None) -> None:
    assert begins(pattern) == (None if chars is None else frozenset(chars))


COMMANDS = sorted({char for char in data("commands.txt") if "一" <= char <= "鿿"})


@settings(max_examples=400)
@given(st.text(alphabet=COMMANDS, max_size=7))
def test_a_command_begins_as_its_pattern_says(text: str) -> None:
    assert commands._possible(text) == any(pattern.match(text) for _, _, pattern in commands._patterns())
