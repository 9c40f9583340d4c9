"""Understanding never fails and does not hang on the clothes of a sentence."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp import Context, understand, within
from nlp.types import ACTIONS, INTENTS

_PIECES = st.sampled_from(
    [
        "电梯",
        "困",
        "着火",
        "3幢",
        "12-2-301",
        "不急",
        "万一",
        "修好了吗",
        "退单",
        "0017",
        "忽略",
        "😀",
        "\u200b",
        "【",
        "(",
        "?",
        "\n",
        "樓",
        "１",
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.text(max_size=400), st.lists(_PIECES, max_size=60).map("".join)))
@example("啊" * 3_000)
@example("电梯困" * 1_000)
@example("\ud800")
def test_any_text_is_read(text: str) -> None:
    said = understand(text)
    assert said.intent in ("", *INTENTS)
    assert not said.intent or said.action in ("", *ACTIONS[said.intent])
    assert 0.0 <= said.score <= 1.0
    assert len(said.category_top3) == len(set(said.category_top3)) <= 3
    assert len(said.readings) <= 3
    within(said, Context(staff=True, open=True))


CLOTHES = [
    ("full width", lambda text: text.translate({0x21 + at: 0xFF01 + at for at in range(94)})),
    ("spaces", lambda text: f"  {text} "),
    ("emoji", lambda text: f"{text}🙏🌹"),
    ("punctuation", lambda text: f"{text}!!!"),
    ("zero width", "\u200b".join),
    ("politeness", lambda text: f"你好,麻烦{text},谢谢啦"),
    ("voice", lambda text: f"那个那个,{text}"),
    ("no punctuation", lambda text: text.replace(",", "").replace("?", "")),
    ("words parted", lambda text: f"{text[:4]} {text[4:]}"),
]
SAID = [
    "2幢1单元声控灯不亮", "厨房有很浓的煤气味", "催一下", "居住证怎么办理", "投诉物业态度差", "报名周日的捡垃圾活动",
    "接单 0017", "电梯里困了两个人", "我有几分", "谁家有打气筒借我用用", "我要人工",
]  # fmt: skip


@pytest.mark.parametrize("text", SAID)
@pytest.mark.parametrize(("name", "wear"), CLOTHES, ids=[name for name, _ in CLOTHES])
def test_clothes_change_nothing(text: str, name: str, wear: object) -> None:
    plain, worn = understand(text), understand(wear(text))  # type: ignore[operator]
    assert (worn.intent, worn.category, worn.urgency) == (plain.intent, plain.category, plain.urgency), worn.why


@pytest.mark.parametrize(("traditional", "simple"), [("樓道燈壞了", "楼道灯坏了"), ("電梯困人了", "电梯困人了")])
def test_traditional_characters(traditional: str, simple: str) -> None:
    one, other = understand(traditional), understand(simple)
    assert (one.intent, one.category, one.urgency) == (other.intent, other.category, other.urgency)


def test_the_same_word_by_who_says_it() -> None:
    said = understand("弄好了")
    leader, resident = within(said, Context(staff=True)), within(said, Context())
    assert (leader.intent, leader.action) == ("staff_ops", "finish")
    assert (resident.intent, resident.action) == ("urge_reopen_rate", "solved")


def test_danger_is_never_read_away() -> None:
    said = within(understand("楼道着火了"), Context(staff=True, open=True, expects=("urge_reopen_rate",)))
    assert said.urgency == "emergency"
