"""What is worked out once for many messages comes to the same as worked out for each."""

from __future__ import annotations

import csv
from pathlib import Path

from nlp import category, evidence, features, judge, understand
from nlp.lexicon import lexicon
from nlp.weighed import Weighed, weighed

HERE = Path(__file__).parent


def lines() -> list[str]:
    found = []
    for name in ("residents", "neighbours", "unseen", "blind"):
        with (HERE / f"{name}.tsv").open(encoding="utf-8") as file:
            found += [row["text"] for row in csv.DictReader(file, delimiter="\t")]
    return found[::4]


def test_only_another_number_is_the_same_line_and_other_words_are_not() -> None:
    def line(text: str) -> str:
        return features.line(evidence.gather(text).plain)

    assert line("海棠花园3幢2单元楼道灯坏了") == line("海棠花园12幢1单元楼道灯坏了")
    assert line("楼道灯坏了3天") != line("楼道灯坏了")
    assert line("打13800138000") != line("打110")  # a telephone is no door


def test_what_was_weighed_before_is_what_would_be_weighed_now() -> None:
    for text in lines():
        one = evidence.gather(text)
        line, ruled = features.line(one.plain), tuple(evidence.ruled(one))
        kept, fresh = weighed(line, ruled), Weighed(line, ruled)
        assert (kept.intents, kept.codes, kept.danger) == (fresh.intents, fresh.codes, fresh.danger), text
        assert all(kept.action(intent) == fresh.action(intent) for intent, _ in kept.intents), text


def test_what_the_rules_found_weighs_beside_the_same_words() -> None:
    """The place may make the difference: 「18号」 is a door in one sentence and a day in another."""
    one = evidence.gather("3号楼漏水了")
    line, ruled = features.line(one.plain), tuple(evidence.ruled(one))
    assert weighed(line, ruled).intents != weighed(line, (*ruled, "=u:urgent")).intents


def test_which_words_there_are_decides_the_category_not_where() -> None:
    for text in lines():
        scan = lexicon().scan(text)
        assert category.rank(scan) == category._weighed(scan, ()), text


def test_beside_what_is_sure_only_readings_that_could_be_meant() -> None:
    sure, unsure = understand("海棠花园3幢2单元，楼道灯坏了"), understand("查看电视录像")
    assert sure.sure
    assert [reading[:2] for reading in sure.readings] == [("report_issue", "report")]
    assert not unsure.sure
    assert len(unsure.readings) == 3


def test_danger_is_weighed_for_every_message() -> None:
    """However clear the words: models raise what no rule has a word for, with a place before it or not."""
    for text in ("火灾!", "12幢,楼板要裂开了", "8幢,楼板要裂开了"):
        assert judge.judge(evidence.gather(text)).danger >= 0.6, text
        assert understand(text).urgency == "emergency", text
