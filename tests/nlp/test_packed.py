"""The frame all learned models lie in: what was put in comes out, another sort and anything damaged is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import linear, packed
from nlp.elements import Tagger, tagger
from nlp.packed import BadModel

MARK = b"JUSHE-TEST-1\n"


@given(st.lists(st.binary(max_size=200), max_size=5), st.dictionaries(st.text(max_size=5), st.integers(), max_size=4))
def test_what_was_put_in_comes_out(parts: list[bytes], header: dict[str, int]) -> None:
    blob = packed.sealed(MARK, header, parts)
    assert packed.unsealed(MARK, blob) == (header, parts)
    assert packed.sealed(MARK, header, parts) == blob


def test_another_sort_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "elements.model"
    file.write_bytes(
        tagger.dump(Tagger({"c=路": {"B-road": 1.0}}, {"B-road": {"I-road": 1.0}}, ("B-road", "I-road")))
    )
    assert tagger.load(file).tags == ("B-road", "I-road")
    with pytest.raises(BadModel, match="不是 jushe 的模型文件"):
        linear.unpack(file.read_bytes())
    file.write_bytes(linear.pack(linear.Learned(("a", "b"), (0.0, 0.0), 1.0, ())))
    with pytest.raises(BadModel, match="不是 jushe 的模型文件"):
        tagger.load(file)


def test_a_whole_file_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="读不懂"):
        linear.unpack(packed.sealed(linear.MARK, {"labels": ["a"]}, [b"x"]))
    file = tmp_path / "elements.model"
    file.write_bytes(packed.sealed(tagger.MARK, {"tags": [], "moves": {}}, [b"[1"]))
    with pytest.raises(BadModel, match="读不懂"):
        tagger.load(file)


def test_what_unfolds_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    blob = packed.sealed(MARK, {}, [bytes(100_000)])
    monkeypatch.setattr(packed, "LARGEST", 1_000)
    with pytest.raises(BadModel, match="读不懂"):
        packed.unsealed(MARK, blob)


def test_chances_come_to_one_however_far_apart() -> None:
    assert packed.chances([0.0, 0.0]) == [0.5, 0.5]
    assert packed.chances([-900.0, 900.0]) == [0.0, 1.0]
    assert sum(packed.chances([1.0, 2.0, 3.0])) == pytest.approx(1.0)
