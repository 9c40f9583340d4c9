"""The table of states: what may be done when, by whom, and that every way leads to an end."""

from __future__ import annotations

import pytest

from handlers.announcements import chat, door, muster
from handlers.announcements.acts import kind_of
from handlers.announcements.rules import AREAS, MOVES, PLACE_NAMES, REASONS, Act, By, Kind, Place, State, may, move


def test_each_act_has_one_row() -> None:
    assert sorted(row.act for row in MOVES) == sorted(Act)
    assert set(PLACE_NAMES) == set(Place)


def test_every_state_is_reached_and_left_for_an_end() -> None:
    reached = {State.DRAFT} | {row.after for row in MOVES}
    assert reached == set(State)
    ends, before = {State.DONE, State.CANCELLED}, set()
    while ends != before:
        before = set(ends)
        ends |= {state for row in MOVES if row.after in ends for state in row.before}
    assert ends == set(State)


@pytest.mark.parametrize(
    ("act", "state", "allowed"),
    [
        (Act.WRITE, State.SENDING, False), (Act.WRITE, State.WAITING, True), (Act.APPROVE, State.DRAFT, False),
        (Act.APPROVE, State.ASKED, True), (Act.PAUSE, State.SENDING, True), (Act.PAUSE, State.DONE, False),
        (Act.RESUME, State.PAUSED, True), (Act.CANCEL, State.DONE, False), (Act.CANCEL, State.PREPARING, True),
        (Act.RESEND, State.SENDING, False), (Act.RESEND, State.DONE, True), (Act.FINISH, State.PAUSED, False),
    ],
)  # fmt: skip
def test_what_may_be_done_when(act: Act, state: State, allowed: bool) -> None:
    assert may(act, state) is allowed


def test_only_the_clock_begins_and_a_second_person_approves() -> None:
    assert {row.act for row in MOVES if row.by is By.CLOCK} == {Act.START, Act.OUTGROW, Act.FREEZE, Act.FINISH}
    assert {row.act for row in MOVES if row.by is By.SECOND} == {Act.APPROVE, Act.REFUSE}
    assert move(Act.WRITE).after is State.DRAFT  # other words are approved anew


@pytest.mark.parametrize(
    ("words", "kind"),
    [("明天上午停水", Kind.SERVICE), ("消防演练请勿惊慌", Kind.SERVICE), ("周六晚上放电影", Kind.NEWS)],
)
def test_what_one_has_to_know_cannot_be_unsubscribed(words: str, kind: Kind) -> None:
    assert kind_of(words) is kind


@pytest.mark.parametrize(
    "words", ["最近有什么通知", "有什么公告", "这几天社区有没有通知啊", "看看最近的通知", "通知"]
)
def test_asking_what_was_announced(words: str) -> None:
    assert door._LATELY.match(words)


@pytest.mark.parametrize(
    "words", ["通知我一声", "什么时候通知我修好", "停水通知看不到", "你们通知一下物业", "有通知书吗"]
)
def test_what_is_about_something_else(words: str) -> None:
    assert not any(pattern.match(words) for pattern in (door._LATELY, door._STOP, door._AGAIN))


@pytest.mark.parametrize(
    "words", ["不要再发通知", "别给我发通知了", "退订", "TD", "td", "不要发这些通知了", "停止推送通知"]
)
def test_no_more(words: str) -> None:
    assert door._STOP.match(words)


@pytest.mark.parametrize("words", ["恢复通知", "重新接收通知", "继续给我发通知", "恢复订阅"])
def test_having_them_back(words: str) -> None:
    assert door._AGAIN.match(words)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("通知 明天停水", "明天停水"), ("公告：明天停水", "明天停水"), ("发通知明天停水", "明天停水"),
        ("请发个通知说明天停水", "明天停水"), ("通知全体居民明天停水", "明天停水"),
        ("通知：\n第一\n第二", "第一\n第二"),
    ],
)  # fmt: skip
def test_what_is_announced(words: str, found: str) -> None:
    match = chat.NOTICE.match(words)
    assert match and match["words"] == found


@pytest.mark.parametrize("words", ["通知一下物业来修", "通知大家活动改期", "公告栏玻璃碎了", "通知志愿者带水"])
def test_what_is_no_announcement(words: str) -> None:
    assert not chat.NOTICE.match(words)


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("我去", None), ("我马上去", None), ("应急我去", None), ("我来，大概10分钟到", "10"), ("到位", None),
        ("在途15分钟", "15"),
    ],
)  # fmt: skip
def test_coming(words: str, minutes: str | None) -> None:
    match = muster._GO.match(words)
    assert match and match["n"] == minutes and not muster._CANNOT.match(words)


@pytest.mark.parametrize(
    "words", ["来不了", "应急来不了", "我来不了", "去不了", "没空", "我不去了", "来不了，在外地"]
)
def test_not_coming(words: str) -> None:
    assert muster._CANNOT.match(words) and not muster._GO.match(words)


@pytest.mark.parametrize("words", ["我去报名", "我去问问物业", "灯不去修吗", "来人啊着火了", "没空调"])
def test_no_answer_to_a_call(words: str) -> None:
    assert not muster._GO.match(words) and not muster._CANNOT.match(words)


def test_reasons_and_areas_have_words() -> None:
    assert {"declined", "no_address", "enough", "window", "storm"} <= set(REASONS)
    assert set(AREAS) == {"community", "estate", "building", "micro_grid"}
