"""Who saw somebody in the water heard of falling tiles, of a child that chokes what to do for one that is lost."""

from __future__ import annotations

import pytest

import nlp
from handlers.tickets.texts_danger import ADVICE
from nlp.register import Register


@pytest.mark.parametrize(
    ("words", "danger"),
    [
        ("有人落水了", "drown"),
        ("孩子掉进河里了", "drown"),
        ("我儿子掉池塘里了", "drown"),
        ("池塘里有个小孩在扑腾", "drown"),
        ("河里有个人在喊救命", "drown"),
        ("有人要跳河", "drown"),
        ("我想跳河", "despair"),
        ("有人掉窨井里了", "pit"),
        ("孩子掉进坑里了", "pit"),
        ("孩子爬到窗台外面去了", "edge"),
        ("小孩头卡在栏杆里了", "stuck"),
        ("我孙子噎住了", "person"),
        ("女儿吞了纽扣电池", "person"),
        ("宝宝反锁在车里了", "lock"),
        ("孩子从楼上掉下去了", "fall"),
        ("孩子不见了", "child"),
        ("外墙瓷砖掉下来差点砸到人", "fall"),
        ("衣服掉河里了", ""),
        ("手机掉水里了怎么办", ""),
        ("落水管坏了", ""),
        ("暑假防溺水宣传什么时候", ""),
    ],
)
def test_advice_is_for_who_is_in_it(words: str, danger: str) -> None:
    said = nlp.understand(words, Register())
    assert said.danger == danger
    assert (said.urgency == "emergency") == bool(danger)
    assert danger in ADVICE
