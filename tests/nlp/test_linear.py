"""A model file gives back what was put in, adds up as arithmetic says, and refuses what is damaged."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import grams, linear
from nlp.classes import Classes
from nlp.grams import Pieces
from nlp.linear import BadModel, Block, Learned

LAMP = ("灯", "灯坏", "坏", "楼", "楼道")
WORDS = ("电梯", "灯", "漏水", "楼道 灯")


def byte(weight: int) -> int:
    return weight + 128


def small(sharp: float = 1.0) -> Learned:
    rows = bytes(byte(w) for row in ((90, -90, 0), (60, -60, 0), (5, 0, 5), (1, 2, 3), (127, -128, 1)) for w in row)
    chars = Block(Pieces("chars", 1, 2), LAMP, (1.5, 2.0, 1.0, 1.25, 3.0), rows, (0.01, 0.02, 0.03))
    words = Block(Pieces("words", 1, 2), WORDS, (2.0, 1.5, 2.5, 3.5), bytes(byte(0) for _ in range(12)), (0.5,) * 3)
    return Learned(("灯", "水", "别的"), (0.1, -0.2, 0.0), sharp, (chars, words), {"macro_f1": 0.9})


def split(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def by_hand(text: str) -> list[float]:
    """The same sum in plain floats."""
    learned = small()
    out = list(learned.bias)
    for block in learned.blocks:
        found = {
            name: n for name, n in grams.count(grams.plain(text), block.pieces, split).items() if name in block.names
        }
        norm = math.sqrt(
            sum((linear.TF[min(n, 255)] * block.rarity[block.names.index(g)]) ** 2 for g, n in found.items())
        )
        for label in range(3):
            for gram, n in found.items():
                weight = block.rows[block.names.index(gram) * 3 + label] - 128
                out[label] += weight * linear.TF[min(n, 255)] * block.steps[label] / norm
    return out


@pytest.mark.parametrize("text", ["楼道灯坏了", "灯灯灯灯", "水", "", "楼道 楼道灯坏 灯坏", "灯" * 600])
def test_adds_up_like_arithmetic(text: str) -> None:
    model = linear.load(linear.pack(small()), split)
    assert model.margins(text) == pytest.approx(by_hand(text), abs=1e-6)


@given(st.text(alphabet="灯坏楼道漏水 电梯0１a", max_size=300))
def test_adds_up_for_any_text(text: str) -> None:
    model = linear.load(linear.pack(small()), split)
    assert model.margins(text) == pytest.approx(by_hand(text), abs=1e-6)
    scores = model.scores(text)
    assert sum(value for _, value in scores) == pytest.approx(1.0)
    assert [value for _, value in scores] == sorted((value for _, value in scores), reverse=True)


def test_the_file_is_the_same_each_time() -> None:
    blob = linear.pack(small())
    assert blob == linear.pack(linear.unpack(blob))
    assert linear.load(blob, split).about == {"macro_f1": 0.9}


def test_sharper_is_surer() -> None:
    dull, sharp = (linear.load(linear.pack(small(sharp)), split) for sharp in (0.5, 4.0))
    assert dull.best("灯坏了")[0] == sharp.best("灯坏了")[0] == "灯"
    assert dull.best("灯坏了")[1] < sharp.best("灯坏了")[1]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda blob: b"PK" + blob, "不是 jushe 的模型文件"),
        (lambda blob: b"", "不是 jushe 的模型文件"),
        (lambda blob: blob[:-1], "不完整"),
        (lambda blob: blob[:90] + bytes([blob[90] ^ 1]) + blob[91:], "不完整"),
    ],
)
def test_a_damaged_file_is_refused(broken: object, words: str) -> None:
    with pytest.raises(BadModel, match=words):
        linear.load(broken(linear.pack(small())), split)  # type: ignore[operator]


def test_the_largest_text_and_weights_stay_in_their_lane() -> None:
    names = tuple(chr(0xAC00 + at) for at in range(5000))
    block = Block(Pieces("chars", 1, 1), names, (1.0,) * 5000, bytes([255, 0]) * 5000, (1.0, 1.0))
    model = linear.Model(Learned(("a", "b"), (0.0, 0.0), 1.0, (block,)), split)
    root = math.sqrt(grams.LONGEST)  # so many different pieces, once each
    assert model.margins("".join(names)) == pytest.approx([127 * root, -128 * root])


def test_pieces_are_of_the_plain_text() -> None:
    assert grams.plain("ＡＢ 樓道\n１２３４") == "ab楼道000"
    assert grams.count("灯坏灯", Pieces("chars", 1, 2), split) == Counter({"灯": 2, "坏": 1, "灯坏": 1, "坏灯": 1})
    assert grams.count("一二三四五六", Pieces("words", 1, 2), split) == Counter(
        {"一二": 1, "三四": 1, "五六": 1, "一二 三四": 1, "三四 五六": 1}
    )
    assert grams.count("灯坏灯", Pieces("chars", 1, 1, first=1), split) == Counter({"灯": 1})


def test_content_is_what_is_left_without_function_words() -> None:
    counted = grams.count(grams.plain("请问我们楼的灯,还没有修吗?"), Pieces("content", 2, 2), split)
    assert set(counted) == {"楼灯", "灯修"}


def test_classes_are_what_sort_of_word_each_is() -> None:
    sorts = {"上海": "ns", "王芳": "nr", "三点": "m", "修": "v"}
    lines = (f"{word} 3 {sort}\n".encode() for word, sort in (*sorts.items(), ("中华人民共和国", "ns")))
    known = Classes(lines)
    assert {word: known.of(word) for word in sorts} == sorts
    assert [known.of(word) for word in ("中华人民共和国", "38", "abc", "中华人民", "灯", "", "\ud800")] == [
        "ns", "#", "@", "?", "?", "?", "?",
    ]  # fmt: skip
    assert grams.count("上海38", Pieces("classes", 1, 2), split) == Counter({"ns": 1, "#": 1, "ns #": 1})


def test_that_every_text_has_verbs_is_no_knowledge_of_it() -> None:
    chars = Block(Pieces("chars", 1, 1), ("灯", "坏"), (1.0, 1.0), bytes(4), (1.0, 1.0))
    sorts = Block(Pieces("classes", 1, 1), ("v", "n", "?"), (1.0,) * 3, bytes(6), (1.0, 1.0))
    model = linear.Model(Learned(("a", "b"), (0.0, 0.0), 1.0, (chars, sorts)), split)
    assert model.known("灯坏") == 1.0
    assert model.known("跑步") == 0.0
