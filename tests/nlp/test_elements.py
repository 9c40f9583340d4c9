"""Addresses cut into elements: by rules, and by a tagger that learns from labelled strings (all of them invented)."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluating import address
from bot.learning.elements import Labelled, learn
from nlp.elements import Element, Tagger, segment
from nlp.elements.tagger import dump, load


def cut(text: str) -> list[str]:
    return [f"{one.label} {text[one.start : one.end]}" for one in segment(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("浙江省嘉兴市桐乡市梧桐街道", "prov 浙江省|city 嘉兴市|district 桐乡市|town 梧桐街道"),
        ("桐乡市青桐镇新联村", "district 桐乡市|town 青桐镇|community 新联村"),
        ("云杉路5511弄3号301室", "road 云杉路|roadno 5511弄|houseno 3号|roomno 301室"),
        ("云杉路88号海棠花园2幢3单元402室", "road 云杉路|roadno 88号|houseno 2幢|cellno 3单元|roomno 402室"),
        ("海棠花园12-2-301", "houseno 12|cellno 2|roomno 301"),
        ("海棠花园12-301", "houseno 12|roomno 301"),
        ("学府大厦A座8楼802", "houseno A座|floorno 8楼|roomno 802"),
        ("杭州余杭", "city 杭州|district 余杭"),
        ("", ""),
    ],
)
def test_by_rules(text: str, expected: str) -> None:
    assert "|".join(cut(text)) == expected


def invented() -> list[Labelled]:
    rows = []
    for at in range(60):
        parts = (
            ("district", "桐乡市"), ("road", "桂柏松梅兰"[at % 5] + "香路"), ("roadno", f"{at + 3}号"),
            ("poi", "学府花园"), ("houseno", f"{at % 9 + 1}幢"), ("roomno", f"{at % 6 + 1}0{at % 4 + 1}室"),
        )  # fmt: skip
        text, elements = "", []
        for label, words in parts[at % 2 :]:
            elements.append(Element(label, len(text), len(text) + len(words)))
            text += words
        rows.append(Labelled(text, tuple(elements)))
    return rows


def test_the_tagger_learns_what_the_rules_do_not_know(tmp_path: Path) -> None:
    rows = invented()
    tagger = learn(rows[:50], rounds=3)
    assert address.f1(rows[50:], tagger.segment, ("poi", *address.CHOSEN)) == 1.0
    assert dump(tagger) == dump(learn(rows[:50], rounds=3))
    file = tmp_path / "elements.model"
    file.write_bytes(dump(tagger))
    assert load(file).segment(rows[50].text) == rows[50].elements


def test_figures_of_a_folder(tmp_path: Path) -> None:
    for name, rows in (("train.jsonl", invented()[:40]), ("dev.jsonl", invented()[40:])):
        lines = [{"text": row.text, "entities": [asdict(one) for one in row.elements]} for row in rows]
        (tmp_path / name).write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    figures = address.evaluate(tmp_path, rounds=3)
    assert figures["rules"] > 0.8
    assert figures["learned"] > 0.8


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "第1行"),
        ('{"text": "桂香路"}', "第1行"),
        ('{"text": "桂香路", "entities": [{"label": "road", "start": 0, "end": 9}]}', "0—9"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "dev.jsonl"
    file.write_text(line, "utf-8")
    with pytest.raises(address.BadRow, match=reason):
        address.read(file)


@given(st.text(alphabet="浙江省嘉兴市区镇村路街弄号幢栋单元楼层室12340-/AB一二三花园 ", max_size=60))
def test_never_an_error_and_no_overlaps(text: str) -> None:
    last = 0
    for one in segment(text):
        assert last <= one.start < one.end <= len(text)
        last = one.end
    assert Tagger({}, {}, ()).segment(text) == ()
