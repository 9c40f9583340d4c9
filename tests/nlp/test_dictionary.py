"""jieba's words and counts, kept small: the same answers, whatever became of the file they are kept in."""

from __future__ import annotations

from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import dictionary
from nlp.dictionary import Counts, read

SOURCE = Path(jieba.__file__).with_name(jieba.DEFAULT_DICT_NAME)
LINES = ("楼道 30 n", "楼道灯 7 n", "社区居委会 12 nt", "社区居民代表大会 4 nt", "灯 90 n", "𠮷野家 2 nz")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.txt"
    path.write_text("\n".join(LINES), "utf-8")
    return path


@pytest.fixture(scope="module")
def whole() -> Counts:
    return read(SOURCE)


@pytest.fixture(scope="module")
def theirs() -> tuple[dict[str, int], int]:
    return jieba.Tokenizer.gen_pfdict(SOURCE.open("rb"))  # type: ignore[no-any-return]


def test_every_piece_has_the_count_jieba_gives_it(whole: Counts, theirs: tuple[dict[str, int], int]) -> None:
    counts, total = theirs
    assert whole.total == total
    assert len(whole.pieces) + len(whole.long) == len(counts)
    assert [piece for piece, count in counts.items() if whole.get(piece) != count] == []


@given(text=st.text(max_size=9))
def test_what_is_no_piece_is_none(whole: Counts, theirs: tuple[dict[str, int], int], text: str) -> None:
    assert whole.get(text) == theirs[0].get(text)
    assert (text in whole) == (text in theirs[0])


def test_same_words(whole: Counts) -> None:
    text = "三幢二单元楼道灯坏了，社区居委会说下周二上午派电工来换LED灯，谢谢𠮷野家旁边的王阿姨"
    ours = jieba.Tokenizer()
    ours.FREQ, ours.total, ours.initialized = whole, whole.total, True
    assert list(ours.cut(text, HMM=False)) == list(jieba.Tokenizer().cut(text, HMM=False))


def test_beginnings_count_nothing_and_words_can_be_added(small: Path) -> None:
    counts = read(small)
    assert (counts["楼道"], counts["楼道灯"], counts["社区居民"], counts["𠮷"]) == (30, 7, 0, 0)
    assert counts.get("楼灯") is None
    assert counts.get("楼灯", 5) == 5
    with pytest.raises(KeyError):
        counts["楼灯"]
    counts["楼灯"] = 3
    assert (counts["楼灯"], counts.total) == (3, 145)


def test_words_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "backwards.txt"
    path.write_text("\n".join(sorted(LINES, reverse=True)), "utf-8")
    counts = read(path)
    theirs, total = jieba.Tokenizer.gen_pfdict(path.open("rb"))
    assert counts.total == total
    assert {piece: counts.get(piece) for piece in theirs} == theirs


def test_kept_and_read_again(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "new folder" / "words.bin"
    first = read(small, kept)
    monkeypatch.setattr(dictionary, "_made", None)  # from here on only the file is read
    again = read(small, kept)
    assert (again.pieces, again.counts, again.long, again.total) == (
        first.pieces, first.counts, first.long, first.total,
    )  # fmt: skip


@pytest.mark.parametrize("damage", [b"", b"jushe words 2\n", b"\0" * 200, "half", "flipped"])
def test_a_damaged_file_is_made_anew(small: Path, tmp_path: Path, damage: bytes | str) -> None:
    kept = tmp_path / "words.bin"
    read(small, kept)
    good = kept.read_bytes()
    spoilt = {"half": good[: len(good) // 2], "flipped": good[:-20] + b"?" + good[-19:]}
    kept.write_bytes(spoilt[damage] if isinstance(damage, str) else damage)
    assert read(small, kept)["楼道灯"] == 7
    assert kept.read_bytes() == good


def test_another_dictionary_is_read_itself(small: Path, tmp_path: Path) -> None:
    kept = tmp_path / "words.bin"
    read(small, kept)
    small.write_text("\n".join((*LINES, "门禁 8 n")), "utf-8")
    assert read(small, kept)["门禁"] == 8


def test_a_folder_that_cannot_be_written_hurts_nobody(small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert read(small, tmp_path / "file" / "words.bin")["灯"] == 90


def test_a_line_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="灯灯"):
        dictionary._made("灯灯\n".encode())
