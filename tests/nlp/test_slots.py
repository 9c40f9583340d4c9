"""Numbers, telephone, tickets, yes and no, dates, relation, reasons."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlp import understand
from nlp.when import ZONE

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=ZONE)  # a Monday


@pytest.mark.parametrize("text", ["1", "\uff11", "一", "壹", "①", "第一个", "1.", "1、", "选1", "(1)", " 1 "])
def test_the_first_choice(text: str) -> None:
    assert understand(text).number == 1


@pytest.mark.parametrize("text", ["1楼灯坏了", "0", "13800138000", "一直不亮", "36号"])
def test_no_choice(text: str) -> None:
    assert understand(text).number is None


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("对", True),
        ("是的", True),
        ("好", True),
        ("嗯", True),
        ("可以", True),
        ("确认", True),
        ("行", True),
        ("没错", True),
        ("好的呀", True),
        ("不对", False),
        ("不是", False),
        ("不", False),
        ("不用", False),
        ("没有", False),
        ("不用了", False),
        ("对的对的", True),
        ("好的好的好的", True),
        ("对 没错", True),
        ("不是不是", False),
        ("对,不对", None),
        ("好像坏了", None),
        ("不亮", None),
        ("可以换吗", None),
    ],
)
def test_yes_and_no(text: str, yes: bool | None) -> None:
    assert understand(text).yes is yes


@pytest.mark.parametrize(
    ("text", "tickets"),
    [
        ("0017", ("0017",)),
        ("工单0017", ("0017",)),
        ("编号202611230017", ("202611230017",)),
        ("17号单怎么样了", ("17",)),
        ("办结 17 已换", ("17",)),
        ("催办0017", ("0017",)),
        ("3幢2单元0201室", ()),
        ("我的电话13800138000", ()),
    ],
)
def test_tickets(text: str, tickets: tuple[str, ...]) -> None:
    assert understand(text).tickets == tickets


@pytest.mark.parametrize(
    "text", ["我电话138 0013 8000", "138-0013-8000", "打13800138000找我", "一三八零零一三八零零零"]
)
def test_phone(text: str) -> None:
    assert understand(text).phone == "13800138000"


def test_no_phone_in_a_longer_number() -> None:
    assert understand("卡号6213800138000123").phone == ""


@pytest.mark.parametrize(
    ("text", "month", "day", "hour", "minute"),
    [
        ("延期到明天", 11, 24, 18, 0),
        ("后天下午3点", 11, 25, 15, 0),
        ("周五", 11, 27, 18, 0),
        ("下周三上午", 12, 2, 12, 0),
        ("11月30日", 11, 30, 18, 0),
        ("3天后", 11, 26, 18, 0),
        ("延期三天", 11, 26, 18, 0),
        ("月底", 11, 30, 18, 0),
        ("明天上午9点半", 11, 24, 9, 30),
        ("到25号", 11, 25, 18, 0),
        ("2小时后", 11, 23, 16, 0),
        ("今晚8点", 11, 23, 20, 0),
        ("12月1号", 12, 1, 18, 0),
        ("一周内", 11, 30, 18, 0),
    ],
)
def test_until(text: str, month: int, day: int, hour: int, minute: int) -> None:
    until = understand(text, now=NOW).until
    assert until == datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def test_a_day_gone_by_is_next_year() -> None:
    until = understand("3月5日", now=NOW).until
    assert until is not None and until.year == 2027


@pytest.mark.parametrize("text", ["3幢楼道灯坏了", "2月30日", "明天"])
def test_no_date(text: str) -> None:
    assert understand(text, now=None if text == "明天" else NOW).until is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("办结 已换灯泡", "已换灯泡"),
        ("退单 是市政路灯", "是市政路灯"),
        ("延期到后天下午3点 等配件", "等配件"),
        ("延期3天", ""),
        ("转给李梅", "李梅"),
        ("派给王芳 0017", "王芳"),
        ("没解决,灯还是不亮", "灯还是不亮"),
        ("补充 门牌后面", "门牌后面"),
        ("接单", ""),
    ],
)
def test_reason(text: str, reason: str) -> None:
    assert understand(text, now=NOW).reason == reason


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("我是租客", "tenant"),
        ("房东", "owner"),
        ("我是他儿子", "family"),
        ("老人摔倒在楼道里了", ""),
        ("楼道灯坏了", ""),
    ],
)
def test_relation(text: str, relation: str) -> None:
    assert understand(text).relation == relation


def test_anonymous() -> None:
    assert understand("楼上违建,别透露我").anonymous
    assert not understand("取消匿名").anonymous
    assert not understand("楼道灯坏了").anonymous
