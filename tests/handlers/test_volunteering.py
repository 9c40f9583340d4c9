"""The arithmetic of volunteering and what a message says of who comes and when (domain.md §4)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import ground
from handlers.activities import browse, door, minors, notice, rules, said
from handlers.activities.port import Guest
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Inbound, Person, Pin, Sender, Turn
from nlp import understand
from nlp.types import Understanding
from nlp.when import ZONE

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=ZONE)  # a Monday
START = NOW + timedelta(days=5)


@pytest.mark.parametrize(
    ("minutes", "half"), [(0, 0), (-5, 0), (29, 0), (30, 1), (59, 1), (60, 2), (100, 3), (119, 3), (480, 16)]
)
def test_hours_are_rounded_down_to_half(minutes: int, half: int) -> None:
    assert rules.half_hours(minutes) == half


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_two_parts_never_give_more_than_the_whole(one: int, two: int) -> None:
    assert rules.half_hours(one) + rules.half_hours(two) <= rules.half_hours(one + two)


@pytest.mark.parametrize(("came", "went", "minutes"), [(-15, 100, 100), (5, 100, 95), (10, 10, 0), (20, 10, 0)])
def test_waiting_is_no_service(came: int, went: int, minutes: int) -> None:
    at = START + timedelta(minutes=came), START + timedelta(minutes=went)
    assert rules.served(*at, START) == minutes


@pytest.mark.parametrize(
    ("hours", "star", "missing"),
    [(0, 0, (1, 200)), (99.5, 0, (1, 1)), (100, 1, (2, 400)), (300, 2, (3, 600)), (600, 3, (4, 800)),
     (1000, 4, (5, 1000)), (1500, 5, None), (4000, 5, None)],
)  # fmt: skip
def test_stars(hours: float, star: int, missing: tuple[int, int] | None) -> None:
    assert rules.stars(int(2 * hours)) == star
    assert rules.missing(int(2 * hours)) == missing


@pytest.mark.parametrize(("minutes", "side"), [(-31, -1), (-30, 0), (0, 0), (15, 0), (16, 1)])
def test_the_window_of_checking_in(minutes: int, side: int) -> None:
    assert rules.may_come_in(START + timedelta(minutes=minutes), START, 30, 15) == side


@pytest.mark.parametrize(("days", "low"), [((10, 20), False), ((5, 40, 80), True), ((31, 40, 80), False)])
def test_three_absences(days: tuple[int, ...], low: bool) -> None:
    ago = tuple(NOW - timedelta(days=one) for one in days)
    assert rules.low_priority(ago, NOW, 3, 30) is low


@pytest.mark.parametrize(
    ("words", "myself", "guests"),
    [
        ("周六我来", True, ()), ("我和老婆周六都来", True, ("老婆",)), ("帮我妈报", False, ("妈妈",)),
        ("给我爸妈报个名", False, ("爸妈", "爸妈")), ("我们3个人参加", True, ("同伴", "同伴")),
        ("我带两个孩子去", True, ("孩子", "孩子")), ("我和我妈一起参加", True, ("妈妈",)),
        ("带孩子参加清洁家园", True, ("孩子",)), ("我们俩都去", True, ("同伴",)), ("算我一个", True, ()),
        ("替我老公报名", False, ("老公",)), ("我跟邻居一起来，一共三个人", True, ("邻居", "同伴")),
        ("我们一家三口都来", True, ("同伴", "同伴")),
        ("我和老婆带两个孩子参加", True, ("老婆", "孩子", "孩子")), ("报名清洁家园", True, ()),
    ],
)  # fmt: skip
def test_who_comes(words: str, myself: bool, guests: tuple[str, ...]) -> None:
    found = said.who_comes(understand(words, now=NOW))
    assert (found.myself, tuple(guest.label for guest in found.guests)) == (myself, guests)


def test_ages() -> None:
    assert said.party("我15岁，想报名").age == 15
    assert said.party("带我8岁的儿子来").guests == (Guest("儿子", 8, True),)
    assert said.party("我儿子十五岁，给他报名") == said.Party(False, (Guest("儿子", 15, True),))


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("周六上午9点到11点", "06-06 09:00", "06-06 11:00"), ("周日下午2点到4点", "06-07 14:00", "06-07 16:00"),
        ("明天晚上7点到9点", "06-02 19:00", "06-02 21:00"), ("6月10日9:00-11:30", "06-10 09:00", "06-10 11:30"),
        ("周三上午9点半，3个小时", "06-03 09:30", "06-03 12:30"), ("周五下午三点", "06-05 15:00", "06-05 17:00"),
        ("每周三上午9点到10点半", "06-03 09:00", "06-03 10:30"),
    ],
)  # fmt: skip
def test_when(words: str, starts: str, ends: str) -> None:
    found = said.span(words, NOW)
    assert found is not None
    assert [f"{at:%m-%d %H:%M}" for at in found] == [starts, ends]


@pytest.mark.parametrize("words", ["周六", "上午", "随便", "北门集合"])
def test_no_time_of_day_is_no_time(words: str) -> None:
    assert said.span(words, NOW) is None


@pytest.mark.parametrize(
    ("words", "posts"),
    [
        ("20人", [["志愿者", 20]]), ("清扫15人，指挥5人", [["清扫", 15], ["指挥", 5]]),
        ("要十个人", [["志愿者", 10]]),
        ("30", [["志愿者", 30]]), ("很多", None), ("0人", None), ("99999人", None),
    ],
)  # fmt: skip
def test_posts(words: str, posts: list[list[object]] | None) -> None:
    assert notice.seats(words, NOW) == posts


def test_what_the_opening_sentence_says_is_not_asked_again() -> None:
    found = notice.from_first("发起清洁家园活动，周六上午9点到11点，在北门集合，20人", NOW)
    assert found["name"] == "清洁家园" and found["place"] == "北门" and found["posts"] == [["志愿者", 20]]
    field = notice.missing(found)
    assert field is not None and field.key == "about"


def test_danger_needs_a_policy_and_relief_is_danger() -> None:
    answers = dict.fromkeys(("name", "about", "span", "place", "posts", "conditions", "risks", "insurance"), "有")
    field = notice.missing({**answers, "danger": True, "children": False})
    assert field is not None and field.key == "policy"
    assert notice.missing({**answers, "danger": False, "children": False}) is None
    found = notice.from_first("发起防汛巡堤活动", NOW)
    assert found["danger"] is True and found["kind"] == rules.EMERGENCY


def test_every_field_of_the_notice_is_asked_for() -> None:
    titles = {field.title for field in notice.FIELDS}
    assert {"内容", "时间", "地点", "人数", "条件", "风险和保障", "保险"} <= titles  # the 负责人 is who opens it


@pytest.mark.parametrize(
    ("words", "no"),
    [
        ("家长同意12345678", None),
        ("同意 12345678", None),
        ("监护人不同意12345678", "不"),
        ("同意孩子参加12345678", None),
    ],
)
def test_a_guardians_words(words: str, no: str | None) -> None:
    match = minors.SAID.match(words)
    assert match is not None and (match.group("no"), match.group("code")) == (no, "12345678")


def test_metres() -> None:
    here = Pin(30.6300, 120.5600)
    assert ground.metres(here, here) == 0
    assert 290 < ground.metres(here, Pin(30.6327, 120.5600)) < 310


def test_the_document_says_the_numbers_of_the_policy() -> None:
    text = (Path(__file__).parents[2] / "docs" / "volunteering.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.MULTILINE)
    assert len(rows) == 15
    assert {name: int(value) for name, value in rows} == {name: getattr(Policy(), name) for name, _ in rows}


@pytest.mark.parametrize(
    ("words", "another"),
    [
        ("包粽子活动还有名额吗", True), ("义诊是礼拜几呀", True), ("集合地点在哪", False), ("带孩子可以吗", False),
        ("活动改期了吗", False), ("有水喝吗", False), ("几点开始", False), ("下雨怎么办", False), ("要带什么", False),
    ],
)  # fmt: skip
def test_a_question_may_name_an_activity_we_do_not_have(words: str, another: bool) -> None:
    assert browse._names_another(words) is another


def test_what_is_not_tried_on_a_report_would_say_no() -> None:
    """The table of activities leaves rows out where something else claims the words; nothing is asked of anybody."""
    report = Understanding(text="周六我来", intent="report_issue", category="0101")
    turn = Turn(1, NOW, Person(1), Inbound(Sender("wechat", "wx1", "甲"), "1", NOW, report.text), report)
    nobody = cast(Read, None)
    assert not door._unclaimed(turn, nobody)
    left_out = [row for row in door.TABLE if row not in door._CLAIMED]
    assert len(left_out) > 10
    assert not any(row.when(turn, nobody) for row in left_out)
