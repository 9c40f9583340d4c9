"""docs/time-conventions.md, one row a convention; every kind of time; what only looks like one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import holidays
import pytest
from holidays.calendars.chinese import _ChineseLunisolar
from hypothesis import given
from hypothesis import strategies as st

from nlp import when
from nlp.normalize import normalize
from nlp.types import When
from nlp.when import lunar
from nlp.when.festivals import day as festival
from nlp.when.tokens import patterns

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=when.ZONE)  # a Monday


def read(text: str, now: datetime = NOW) -> tuple[When, ...]:
    return when.find(normalize(text), now)


def shown(text: str, now: datetime = NOW) -> str:
    """The first time: "point 2026-11-24 00:00 | 2026-11-25 00:00"."""
    found = read(text, now)
    if not found:
        return ""
    start, end = (f"{moment:%Y-%m-%d %H:%M}" if moment else "…" for moment in (found[0].start, found[0].end))
    return f"{found[0].kind} {start} | {end}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天", "point 2026-11-24 00:00 | 2026-11-25 00:00"),
        ("大后天", "point 2026-11-26 00:00 | 2026-11-27 00:00"),
        ("昨天晚上", "span 2026-11-22 18:00 | 2026-11-23 00:00"),
        ("12月1号", "point 2026-12-01 00:00 | 2026-12-02 00:00"),
        ("2026年12月1日上午9点", "point 2026-12-01 09:00 | 2026-12-01 10:00"),
        ("2026-12-01 09:30", "point 2026-12-01 09:30 | 2026-12-01 09:31"),
        ("后天下午三点半", "point 2026-11-25 15:30 | 2026-11-25 15:31"),
        ("十二月五号早上八点一刻", "point 2026-12-05 08:15 | 2026-12-05 08:16"),
        ("今晚七点到九点", "span 2026-11-23 19:00 | 2026-11-23 21:00"),
        ("明天上午9点到下午5点", "span 2026-11-24 09:00 | 2026-11-24 17:00"),
        ("晚上10点到早上6点", "span 2026-11-23 22:00 | 2026-11-24 06:00"),
        ("12月1日到5日", "span 2026-12-01 00:00 | 2026-12-06 00:00"),
        ("12月3-5日", "span 2026-12-03 00:00 | 2026-12-06 00:00"),
        ("今明两天停水", "span 2026-11-23 00:00 | 2026-11-25 00:00"),
        ("半小时后", "point 2026-11-23 14:30 | 2026-11-23 14:31"),
        ("过两天", "point 2026-11-25 00:00 | 2026-11-26 00:00"),
        ("三个工作日内", "span 2026-11-23 14:00 | 2026-11-27 00:00"),
        ("近三天", "span 2026-11-20 14:00 | 2026-11-23 14:00"),
        ("下个月", "span 2026-12-01 00:00 | 2027-01-01 00:00"),
        ("下季度", "span 2027-01-01 00:00 | 2027-04-01 00:00"),
        ("12月的第二个周六", "point 2026-12-12 00:00 | 2026-12-13 00:00"),
    ],
)  # fmt: skip
def test_points_and_spans(text: str, expected: str) -> None:
    assert shown(text) == expected


def conventions() -> list[tuple[str, str, str]]:
    """The rows of the table of docs/time-conventions.md."""
    lines = (Path(__file__).parents[2] / "docs" / "time-conventions.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    return [(row[0], row[1], " | ".join(row[2:])) for row in cells[1:]]


@pytest.mark.parametrize(("convention", "text", "expected"), conventions())
def test_conventions(convention: str, text: str, expected: str) -> None:
    assert shown(text) == expected, convention


def test_every_convention_is_in_the_table() -> None:
    assert len(conventions()) >= 34


def test_where_a_word_may_begin_is_declared_for_all_of_its_patterns() -> None:
    """What a word begins with and holds only saves time: without it the same words are found."""
    known = patterns()
    words = {word for each in known.at.values() for word in each}
    for _, text, _ in conventions():
        for word in words:
            for match in word.pattern.finditer(plain := normalize(text)):
                assert word in known.at[match.group()[0]], (word.name, text)
                assert not word.holds or word.holds & set(plain), (word.name, text)


@pytest.mark.parametrize(
    ("text", "rule", "first"),
    [
        ("每周六上午9点到11点", "FREQ=WEEKLY;BYDAY=SA", "repeat 2026-11-28 09:00 | 2026-11-28 11:00"),
        ("每个星期天下午", "FREQ=WEEKLY;BYDAY=SU", "repeat 2026-11-29 12:00 | 2026-11-29 18:00"),
        ("每周一三五晚上7点", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "repeat 2026-11-23 19:00 | 2026-11-23 20:00"),
        ("每周二、周四", "FREQ=WEEKLY;BYDAY=TU,TH", "repeat 2026-11-24 00:00 | 2026-11-25 00:00"),
        ("每天早上8点", "FREQ=DAILY", "repeat 2026-11-24 08:00 | 2026-11-24 09:00"),
        ("天天晚上跳舞", "FREQ=DAILY", "repeat 2026-11-23 18:00 | 2026-11-24 00:00"),
        ("每月15号", "FREQ=MONTHLY;BYMONTHDAY=15", "repeat 2026-12-15 00:00 | 2026-12-16 00:00"),
        ("每个工作日上午", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "repeat 2026-11-24 08:00 | 2026-11-24 12:00"),
        ("周一到周五上午9点到11点", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "repeat 2026-11-24 09:00 | 2026-11-24 11:00"),
        ("每个周末", "FREQ=WEEKLY;BYDAY=SA,SU", "repeat 2026-11-28 00:00 | 2026-11-29 00:00"),
        ("每隔三天", "FREQ=DAILY;INTERVAL=3", "repeat … | …"),
        ("每半年", "FREQ=MONTHLY;INTERVAL=6", "repeat … | …"),
        ("每年重阳节", "FREQ=YEARLY", "repeat 2027-10-08 00:00 | 2027-10-09 00:00"),
    ],
)  # fmt: skip
def test_repeats(text: str, rule: str, first: str) -> None:
    assert (read(text)[0].rule, shown(text)) == (rule, first)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("三天", 259_200), ("一个半小时", 5_400), ("8天20小时", 763_200), ("两个半月", 6_480_000), ("一刻钟", 900),
        ("半年", 15_768_000), ("两个星期", 1_209_600), ("俩小时", 7_200),
    ],
)  # fmt: skip
def test_durations(text: str, seconds: float) -> None:
    assert [(one.kind, one.seconds) for one in read(text)] == [("duration", seconds)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("春节", "2027-02-06"), ("除夕", "2027-02-05"), ("元宵节", "2027-02-20"), ("端午", "2027-06-09"),
        ("中秋节", "2027-09-15"),
        ("重阳节", "2027-10-08"), ("腊八", "2027-01-15"), ("清明节", "2027-04-05"), ("冬至", "2026-12-22"),
        ("元旦", "2027-01-01"),
        ("国庆节", "2027-10-01"), ("八月十五", "2027-09-15"), ("正月初五", "2027-02-10"), ("腊月廿三", "2027-01-30"),
        ("母亲节", "2027-05-09"),
        ("农历2026年十月初一", "2026-11-09"),
    ],
)  # fmt: skip
def test_festivals_and_lunar_days(text: str, day: str) -> None:
    assert shown(text) == f"point {day} 00:00 | {date.fromisoformat(day) + timedelta(days=1)} 00:00"


def test_the_lunar_table_against_another_source() -> None:
    other = _ChineseLunisolar()
    for year in range(1917, 2100):
        assert lunar.solar(year, 1, 1) == other.lunar_new_year_date(year)[0]
        assert lunar.solar(year, 5, 5) == other.dragon_boat_date(year)[0]
        assert lunar.solar(year, 8, 15) == other.mid_autumn_date(year)[0]
        assert lunar.solar(year, 9, 9) == other.double_ninth_date(year)[0]


def test_clear_and_bright_against_another_source() -> None:
    for year in range(2008, 2050):
        named = holidays.country_holidays("CN", years=year, language="zh_CN")
        days = [day for day, name in named.items() if "清明" in name and "观察" not in name]
        assert festival("清明", year) in days


@pytest.mark.parametrize(
    "text",
    [
        "快一点", "这个一点都不好玩", "便宜两点", "提两点建议", "36号漏水", "3号楼没电", "12号楼下", "3幢2单元302",
        "二十点六", "零点五",
        "调高24点5度", "十分之一", "一日之计在于晨", "身份证110101199003074514", "1号线", "订单20261123001",
        "3-5幢", "186/47/201", "天气不好",
        "2月30日", "25点", "电梯坏了", "时间长了", "第三周", "",
    ],
)  # fmt: skip
def test_no_time(text: str) -> None:
    assert [one.text for one in read(text) if one.kind != "duration"] == []


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("周六上午9点在3幢门口集合,下周日再来", ["周六上午9点", "下周日"]),
        ("从12月1号到12月5号停水,每天晚上8点恢复", ["从12月1号到12月5号", "每天晚上8点"]),
        ("灯坏了三天,明天能修好吗", ["三天", "明天"]),
    ],
)
def test_several_in_one_message(text: str, texts: list[str]) -> None:
    assert [one.text for one in read(text)] == texts


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("明天9点", False), ("明天上午9点", True), ("3点左右", False), ("12月1日", True), ("3月5日", False),
        ("几天后", False),
    ],
)  # fmt: skip
def test_what_a_convention_chose_is_not_certain(text: str, certain: bool) -> None:
    assert read(text)[0].certain is certain


def test_working_days_skip_holidays_and_count_days_made_up() -> None:
    days = when.Workdays(frozenset({date(2026, 11, 24)}), frozenset({date(2026, 11, 28)}))
    found = when.find("四个工作日后", NOW, days)
    assert found[0].start is not None and found[0].start.date() == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "rest"), [("到后天下午3点,等配件", "等配件"), ("等配件", "等配件"), ("下周一前配件到货", "配件到货")]
)
def test_the_words_without_the_times(text: str, rest: str) -> None:
    assert when.without(text) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("到周五,配件周四才到", "配件周四才到"), ("配件到货要等,到12月10日", "配件到货要等"),
        ("到后天下午3点,等配件", "等配件"), ("昨天配件没到,延到周五", "昨天配件没到,延"),
        ("等配件", "等配件"), ("到周五,3天后才有人", "3天后才有人"),
    ],
)  # fmt: skip
def test_the_words_beside_the_limit_keep_their_own_times(text: str, rest: str) -> None:
    assert when.beside(text) == rest


PIECES = (
    "今天 明 后天 每 周 一 六 上午 下 午 点 半 3 15 号 日 月 12 年 2026 到 - 前 后 内 从 农历 初五 闰 "
    "大 个 的 , : 30 国庆 腊 第 最后 季度 天 小时 凌晨 世纪 90 年代 零 万 9999"
)
WORDS = st.lists(st.sampled_from(PIECES.split()), max_size=14).map("".join)


@given(WORDS, st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)))
def test_never_an_error_and_ends_after_it_starts(text: str, now: datetime) -> None:
    for one in when.find(text, now.replace(tzinfo=when.ZONE)):
        assert text[one.span[0] : one.span[1]] == one.text
        if one.start and one.end:
            assert one.start < one.end or one.start == one.end
    when.until(when.find(text, now.replace(tzinfo=when.ZONE)), now.replace(tzinfo=when.ZONE))
    when.without(text)
    when.beside(text)
