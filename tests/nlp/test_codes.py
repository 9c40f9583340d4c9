"""The 90 categories beside their look-alikes: sentences that share words and mean different things (codes.txt)."""

from __future__ import annotations

from pathlib import Path

from bot.teaching import corpus
from nlp import understand

_TABLE = Path(__file__).with_name("codes.txt")
FIRST = 6  # sentences of 168 whose category is not the first read
AMONG = 2  # whose category is not among the three likeliest


def _sentences() -> list[tuple[str, str]]:
    rows = [
        [part.strip() for part in line.split("|")]
        for line in _TABLE.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return [pair for one, said, other, alike in rows for pair in ((one, said), (other, alike))]


def test_categories_are_told_from_their_look_alikes() -> None:
    told = [(code, text, understand(text)) for code, text in _sentences()]
    first = [(code, text, said.category) for code, text, said in told if said.category != code]
    among = [(code, text, said.category_top3) for code, text, said in told if code not in said.category_top3]
    assert len(told) >= 160
    assert len(first) <= FIRST, first
    assert len(among) <= AMONG, among


def test_every_category_that_has_a_look_alike_stands_beside_it() -> None:
    assert len({code for code, _ in _sentences()}) >= 80


def test_none_of_them_is_taught() -> None:
    taught = {one.text for one in corpus.examples()}
    assert [text for _, text in _sentences() if text in taught] == []
