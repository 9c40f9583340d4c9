"""Who comes and how many; activity numbers, tickets in short forms, plates, sums of money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import amounts, ids
from nlp.normalize import normalize
from nlp.people import people
from nlp.understand import understand


@pytest.mark.parametrize(
    ("text", "myself", "adults", "children", "proxy"),
    [
        ("我和老婆报名", True, 2, 0, ()),
        ("我和老婆带两个孩子参加", True, 2, 2, ()),
        ("我带两个孩子报名", True, 1, 2, ()),
        ("我带孩子来", True, 1, 1, ()),
        ("帮我妈报名", False, 1, 0, ("妈",)),
        ("替邻居登记一下", False, 1, 0, ("邻居",)),
        ("帮我爸妈报名", False, 2, 0, ("爸妈",)),
        ("我也要去,还帮我妈报一个", True, 2, 0, ("妈",)),
        ("我们一家三口", True, 3, 0, ()),
        ("一家4口都来", True, 4, 0, ()),
        ("3个大人1个小孩", False, 3, 1, ()),
        ("两大人一个孩子", False, 2, 1, ()),
        ("我们5个人", True, 5, 0, ()),
        ("我自己来", True, 1, 0, ()),
        ("就我一个人", True, 1, 0, ()),
        ("我和爸爸妈妈还有儿子", True, 3, 1, ()),
        ("一共8个人", False, 8, 0, ()),
    ],
)
def test_who_comes(text: str, myself: bool, adults: int, children: int, proxy: tuple[str, ...]) -> None:
    found = people(normalize(text))
    assert found is not None
    assert (found.self_, found.adults, found.children, found.proxy_for) == (myself, adults, children, proxy)
    assert found.total == adults + children


@pytest.mark.parametrize("text", ["全家都来", "都来", "我带几个孩子"])
def test_a_number_that_is_missing_is_not_certain(text: str) -> None:
    found = people(text)
    assert found is not None
    assert not found.certain


@pytest.mark.parametrize(
    "text",
    [
        "3幢楼道灯坏了",
        "物业没人管",
        "我要报修",
        "人行道坏了",
        "5号楼门口",
        "路口堵了",
        "",
        "位置在北门",
    ],
)
def test_nobody_comes(text: str) -> None:
    assert people(text) is None


@pytest.mark.parametrize(
    ("text", "tickets"),
    [
        ("工单17", ("17",)),
        ("#17怎么样了", ("17",)),
        ("后四位0017", ("0017",)),
        ("尾号17", ("17",)),
        ("0017", ("0017",)),
        ("2026 1123 0017", ("202611230017",)),
        ("2026-1123-0017", ("202611230017",)),
        ("17号单", ("17",)),
        ("17那个单子", ("17",)),
        ("单号是202611230017", ("202611230017",)),
        ("３号单", ("3",)),
        ("3幢2单元", ()),
        ("单元门0017", ("0017",)),
        ("电话13800138000", ()),
        ("2026-11-23 09:30", ()),
    ],
)
def test_tickets_in_every_short_form(text: str, tickets: tuple[str, ...]) -> None:
    assert ids.tickets(normalize(text)) == tickets


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("报名活动3", ("3",)),
        ("3号活动", ("3",)),
        ("第三个活动我参加", ("3",)),
        ("活动编号12", ("12",)),
        ("取消活动2和活动5", ("2", "5")),
        ("活动3点开始", ()),
        ("3号活动室灯坏了", ()),
        ("活动中心漏水", ()),
        ("有什么活动", ()),
    ],
)
def test_activity_numbers(text: str, found: tuple[str, ...]) -> None:
    assert ids.activities(normalize(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("沪A12345堵了消防通道", ("沪A12345",)),
        ("浙F·D12345占车位", ("浙FD12345",)),
        ("车牌浙F 88D66挡路", ("浙F88D66",)),
        ("粤Z1234港", ("粤Z1234港",)),
        ("苏E12345F充电车占着", ("苏E12345F",)),
        ("浙江3幢", ()),
        ("京东快递", ()),
        ("鲁迅路12345号", ()),
    ],
)
def test_plates(text: str, found: tuple[str, ...]) -> None:
    assert ids.plates(normalize(text)) == found


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("物业费300块", (300.0,)),
        ("收了一百五", (150.0,)),
        ("2万3", (23000.0,)),
        ("罚款200元", (200.0,)),
        ("12块5", (12.5,)),
        ("五毛", (0.5,)),
        ("￥1,200.50", (1200.5,)),
        ("交了三千二百元", (3200.0,)),
        ("1.5元一度", (1.5,)),
        ("3万块钱", (30000.0,)),
        ("300块地砖坏了", ()),
        ("元旦", ()),
        ("3万户", ()),
        ("3幢", ()),
        ("千万别来", ()),
        ("五毛病", ()),
    ],
)
def test_sums_of_money(text: str, sums: tuple[float, ...]) -> None:
    assert amounts.amounts(normalize(text)) == sums


def test_all_of_it_in_one_message() -> None:
    said = understand("我和老婆带孩子报活动3,每人20块,车牌浙F12345,电话13800138000")
    assert said.people is not None
    assert said.people.total == 3
    assert (said.activities, said.amounts, said.plates) == (("3",), (20.0,), ("浙F12345",))
    assert (said.phone, said.private) == ("13800138000", ("mobile",))


@given(st.text(alphabet="我帮带和老婆妈孩子个人家一三12几口都来活动号单工0元块万千百沪A浙FD·￥.,毛全", max_size=80))
def test_never_an_error(text: str) -> None:
    found = people(text)
    assert found is None or found.total >= 0
    assert all(len(one) <= 80 for one in (*ids.tickets(text), *ids.activities(text), *ids.plates(text)))
    assert all(one > 0 for one in amounts.amounts(text))
