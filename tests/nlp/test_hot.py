"""Issues come out whole and alone; what repeats is counted; new words hold together; long input stays cheap."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evaluating.issues import ALIKE, ISSUES
from nlp.hot import Message, duplicates, hot
from nlp.newwords import new_words

DAY = datetime(2026, 6, 1, 8)


def messages() -> list[Message]:
    found = [
        Message(
            f"{name} {at}",
            text,
            DAY + timedelta(hours=at * at),
            f"{name}{at % 5}",
            "桂雨家园" if name == "搅拌" else "",
        )
        for name, texts in ISSUES.items()
        for at, text in enumerate(texts)
    ]
    return found + [Message(f"alike {at}", text, DAY) for at, text in enumerate(ALIKE)]


def test_issues_come_out_whole_and_alone() -> None:
    found = hot(messages())
    for name, texts in ISSUES.items():
        best = max(found, key=lambda one: sum(key.startswith(name) for key in one.keys))
        right = sum(key.startswith(name) for key in best.keys)
        # among so few messages nothing is rare, so one that only looks alike may slip in
        assert 2 * right / (len(texts) + best.size) >= 0.72, (name, best.keys)


def test_what_is_told_of_an_issue() -> None:
    found = next(one for one in hot(messages()) if one.keys[0].startswith("搅拌"))
    assert "砂浆厂" in found.headline
    assert found.people in (5, 6)
    assert found.place == "桂雨家园"
    assert found.first == DAY
    assert found.rising < 0.5  # most came in the first half
    assert "砂浆" in found.words


def test_far_apart_in_time_is_another_issue() -> None:
    texts = ISSUES["水质"]
    near = [Message(str(at), text, DAY + timedelta(days=at)) for at, text in enumerate(texts)]
    far = [Message(str(at), text, DAY + timedelta(days=300 * at)) for at, text in enumerate(texts)]
    assert max((one.size for one in hot(near)), default=0) >= 3
    assert max((one.size for one in hot(far)), default=0) < 3


def test_repeats() -> None:
    text = ISSUES["公交"][0]
    several = [
        Message("a", text),
        Message("b", text + "！"),
        Message("c", "请问" + text),
        Message("d", ISSUES["水质"][0]),
    ]
    several += [Message(str(at), words) for at, words in enumerate(ALIKE)]
    assert duplicates(several) == [("a", "b", "c")]
    assert next(one for one in hot(several) if "a" in one.keys).same == 2


def test_few_and_empty() -> None:
    assert hot([]) == []
    assert hot([Message("a", ""), Message("b", " "), Message("c", "。")]) == []
    assert duplicates([Message("a", ""), Message("b", "")]) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="砂浆厂桂雨家园噪音夜里水黄", max_size=60), max_size=25))
def test_each_message_is_in_one_issue_at_most(texts: list[str]) -> None:
    found = hot([Message(str(at), text) for at, text in enumerate(texts)])
    keys = [key for one in found for key in one.keys]
    assert len(keys) == len(set(keys))
    assert all(one.size >= 3 and one.people == one.size for one in found)


def test_words_the_dictionary_lacks() -> None:
    around = (
        "昨天{}又停了",
        "请修{}吧",
        "我家{}不转",
        "新的{}在哪里",
        "楼下{}很吵",
        "把{}换掉",
        "听说{}要涨价",
        "问{}的事",
    )
    texts = (
        [form.format("沪杭坊") for form in around]
        + ["水管漏水", "路灯"] * 5
        + [chr(0x5000 + 7 * at) * 9 for at in range(60)]
    )
    found = new_words(texts, lambda word: word in ("漏水", "水管", "路灯", "不亮"))
    assert [(one.word, one.messages) for one in found] == [("沪杭坊", 8)]
    assert new_words(texts, lambda word: True) == []
