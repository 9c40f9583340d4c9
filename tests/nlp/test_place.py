"""domain.md §3.1 and §3.2: every way of writing an address, and the rules A1–A14."""

from __future__ import annotations

import pytest

from nlp import Building, Estate, Register, understand
from nlp.normalize import normalize
from nlp.place import read_place
from tests.nlp.town import COURT, ONE, TOWN


def labels(text: str, register: Register = TOWN) -> list[str]:
    return [place.label for place in read_place(normalize(text), register).found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("海棠花园2幢2单元302", ["海棠花园2幢2单元302"]),
        ("海棠花园1幢1单元101室", ["海棠花园1幢1单元101"]),
        ("海棠苑九幢2单元101", ["海棠花园9幢2单元101"]),
        ("海棠三号楼一单元二零一", ["海棠花园3幢1单元201"]),
        ("海棠花园12-2-301", ["海棠花园12幢2单元301"]),
        ("海棠花园12/2/301", ["海棠花园12幢2单元301"]),
        ("海棠花园12—2—301", ["海棠花园12幢2单元301"]),
        ("海棠花园12、2、301", ["海棠花园12幢2单元301"]),
        ("海棠花园C2栋505", ["海棠花园C2栋505"]),
        ("海棠花园15幢1001", ["海棠花园15幢1001"]),
        ("海棠花园3-2幢", ["海棠花园3-2幢"]),
        ("云杉路5511弄3号301室", ["云杉里一期3号301室"]),
        ("云杉路5513弄12号101", ["云杉里二期12号101室"]),
        ("云杉一期15号201", ["云杉里一期15号201室"]),
        ("二期6号大门", ["云杉里二期6号"]),
        ("麦浜村3组12号", ["麦浜村3组12号"]),
        ("长桥新村188弄55号201", ["长桥新村188弄55号201室"]),
        ("海棠花园2#2单元302", ["海棠花园2幢2单元302"]),
        ("海棠花园2座2单元302", ["海棠花园2幢2单元302"]),
        ("海棠花园2栋2单元302", ["海棠花园2幢2单元302"]),
        ("海棠花园2号楼2单元302", ["海棠花园2幢2单元302"]),
        ("海棠花园2_2_302", ["海棠花园2幢2单元302"]),
        ("海棠花园2·2·302", ["海棠花园2幢2单元302"]),
        ("海棠花园２幢２单元３０２室", ["海棠花园2幢2单元302"]),
        ("海棠花園2幢2單元302", ["海棠花园2幢2单元302"]),
        ("海棠花园二幢二单元三零二", ["海棠花园2幢2单元302"]),
        ("海棠花园二幢二单元三0二", ["海棠花园2幢2单元302"]),
        ("海棠花园12幢二单元五百零一", ["海棠花园12幢2单元501"]),
        ("海棠花园五幢一单元三楼", ["海棠花园5幢1单元3楼"]),
        ("海棠花园12-301", ["海棠花园12幢1单元301", "海棠花园12幢2单元301"]),
        ("麦浜村三组十二号", ["麦浜村3组12号"]),
        ("5511弄十七号二零一", ["云杉里一期17号201室"]),
        ("五千五百十一弄3号", ["云杉里一期3号"]),
    ],
)
def test_ways_of_writing(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (
            "A1 the phase located it, so the misheard name may be put right",
            "云山一期15号201",
            ["云杉里一期15号201室"],
        ),
        ("what is denied beside another is not meant", "不是海棠花园2幢,还是3幢", ["海棠花园3幢"]),
        ("nor if it comes first", "海棠花园3幢,不是2幢", ["海棠花园3幢"]),
        ("A1 a place that does not exist is no place", "海棠花园2幢9单元", []),
        ("A1 nor is a room", "海棠花园2幢2单元909", []),
        ("A2 a lone number does not locate a misheard name", "云山7号201", []),
        ("A3 several phases are asked about", "云杉", ["云杉里一期", "云杉里二期"]),
        ("A4 digits after the building are the room", "5511弄,36号,502坏了", ["云杉里一期36号502室"]),
        ("A5 a year is no room", "云杉一期9号,2023年换的表", ["云杉里一期9号"]),
        ("A5 nor a count", "云杉一期5号,150个垃圾袋", ["云杉里一期5号"]),
        ("A6 two digits are the floor", "云杉一期18号4楼没水", ["云杉里一期18号4楼"]),
        ("A7 the number of a thing", "海棠花园水泵房3号机异响", ["海棠花园水泵房"]),
        ("A8 a parking space is no building", "车位31号被人停了", []),
        ("A8 nor a telephone", "电话12号分机没人接", []),
        ("A9 far digits are no room", "云杉一期18号楼下205路站牌倒了", ["云杉里一期18号"]),
        ("A11 the way into the address is no name", "我家住在海棠花园5幢", ["海棠花园5幢"]),
        ("A11 and an unknown name stays unknown", "家住银杏公寓5号302", []),
        ("A12 said only the building", "云杉二期6号的门禁坏了", ["云杉里二期6号"]),
        ("A13 leading zeros and other marks", "海棠花园02幢02单元302", ["海棠花园2幢2单元302"]),
        ("A13 lane, number, room", "5511/36/201", ["云杉里一期36号201室"]),
        ("A13 spoken lane, number and room alike", "长桥188、55、201", ["长桥新村188弄55号201室"]),
        ("A1 the lane located it too", "长乔新村188弄55号", ["长桥新村188弄55号"]),
        ("A2 not even with a room", "海堂花园5幢302", []),
        ("A4 with 、 between", "云杉一期36号、502没水", ["云杉里一期36号502室"]),
        ("A5 nor money", "云杉一期5号 300元押金没退", ["云杉里一期5号"]),
        ("A5 nor a length", "云杉一期5号,105米长的裂缝", ["云杉里一期5号"]),
        ("A7 the number of a screen", "监控室2号屏黑了", []),
        ("A8 nor a worker's", "工号12号师傅态度好", []),
        ("A8 nor the end of a number", "手机尾号1234号", []),
        ("A11 reporting is no name", "报修海棠花园5幢1单元302", ["海棠花园5幢1单元302"]),
        ("A11 nor is 那个", "那个海棠花园5幢灯坏了", ["海棠花园5幢"]),
        ("A11 nor 地址是", "地址是海棠花园5幢1单元302", ["海棠花园5幢1单元302"]),
        ("A14 the lane is kept where there are several", "长桥186弄52号", ["长桥新村186弄52号"]),
    ],
)
def test_rules(rule: str, text: str, expected: list[str]) -> None:
    assert labels(text) == expected, rule


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("海棠花园2幢2单元302", ""),
        ("海棠花园12-301", "unit"),
        ("云杉", "estate"),
        ("12-301", "estate"),
        ("银杏公寓5号302", "estate"),
        ("路灯不亮", "where"),
        ("海棠花园2幢和3幢门禁坏了", "building"),
    ],
)
def test_what_must_be_asked(text: str, ask: str) -> None:
    assert read_place(normalize(text), TOWN).ask == ask


@pytest.mark.parametrize(
    ("text", "spot"),
    [("海棠花园负二楼漏水", "负2楼"), ("海棠花园-1楼漏水", "-1楼"), ("海棠花园B1车库灯坏了", "B1车库")],
)
def test_below_ground_is_never_a_room(text: str, spot: str) -> None:
    reading = read_place(normalize(text), TOWN)
    assert [(place.label, place.room) for place in reading.found] == [("海棠花园", "")]
    assert reading.kind_of_spot == spot


def test_what_the_register_lacks_is_said_back() -> None:
    reading = read_place(normalize("我家在银杏公寓5号302"), TOWN)
    assert (reading.found, reading.unknown) == ((), "银杏公寓5号302")
    assert read_place("海棠花园2幢2单元909", TOWN).unknown == "海棠花园2幢2单元909"


def test_without_a_name_every_estate_that_has_it() -> None:
    reading = read_place("3幢2单元", TOWN)
    assert [place.estate for place in reading.found] == [1]
    assert not reading.named_estate
    assert labels("12-301") == [
        "海棠花园12幢1单元301",
        "海棠花园12幢2单元301",
        "云杉里一期12号301室",
        "云杉里二期12号301室",
    ]


def test_more_than_eight_is_no_answer() -> None:
    many = Register(tuple(Estate(n, 1, f"甲乙{n}园", buildings={"3": Building("3", "幢", ONE)}) for n in range(20)))
    reading = read_place("3幢楼道灯坏了", many)
    assert (reading.found, reading.unknown, reading.kind_of_spot) == ((), "", "3幢")


def test_only_the_address_is_taken_out_of_the_fault() -> None:
    said = understand("云杉里一期15号201厨房漏水", TOWN)
    assert [issue.text for issue in said.issues] == ["厨房漏水"]


@pytest.mark.parametrize(
    ("text", "spot", "kind"),
    [("海棠花园北门路灯不亮", "北门", ""), ("北门路灯不亮", "", "北门"), ("地下车库灯不亮", "", "地下车库")],
)
def test_spots(text: str, spot: str, kind: str) -> None:
    reading = read_place(text, TOWN)
    assert ([place.spot for place in reading.found], reading.kind_of_spot) == ([spot] if spot else [], kind)


def test_a_spot_of_the_only_estate() -> None:
    assert labels("水泵房在响", Register((COURT,))) == ["海棠花园水泵房"]


@pytest.mark.parametrize(
    "text", ["12月5号来", "充电桩3号不走电", "2023-2024年度", "8-10点停水", "13800138000", "3号那单", "17号单"]
)
def test_numbers_that_are_no_address(text: str) -> None:
    reading = read_place(text, TOWN)
    assert (reading.found, reading.unknown) == ((), "")


def test_danger_keeps_the_building_of_a_wrong_room() -> None:
    said = understand("海棠花园2幢909着火了", TOWN)
    assert [place.label for place in said.place.found] == ["海棠花园2幢"]


def test_an_everyday_word_is_a_name_only_before_a_number() -> None:
    sunny = Register((Estate(1, 1, "阳光花园", buildings={"3": Building("3", "幢", ONE)}),))
    assert labels("楼上在搭阳光房", sunny) == []
    assert labels("阳光3幢", sunny) == ["阳光花园3幢"]
