"""Every check of a cell: what is tidied, what is refused."""

from __future__ import annotations

import pytest

from bot.importing import cells
from bot.importing.cells import Bad
from bot.importing.sheet import LOST_DIGITS

GOOD = [
    (cells.mobile, "138 0000-8888", "13800008888"),
    (cells.mobile, "+8613800008888", "13800008888"),
    (cells.mobile, "１３８００００８８８８", "13800008888"),
    (cells.building, "3幢", "3"),
    (cells.building, "03号楼", "3"),
    (cells.building, "c2座", "C2"),
    (cells.building, "3-2幢", "3-2"),
    (cells.unit, "2单元", "2"),
    (cells.floor, "-1楼", "-1"),
    (cells.room, "０２４室", "24"),
    (cells.room, "0", "0"),
    (cells.lane, "5511弄", "5511"),
    (cells.code(12), "3304 8300 1001", "330483001001"),
    (cells.office_phone, "0573－88001234", "0573-88001234"),
    (cells.person_name, "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
    (cells.person_name, "李 四", "李四"),  # blanks between, so that names of two and three are equally wide
    (cells.person_name, "张　 小 三", "张小三"),
    (cells.person_name, "John Smith", "John Smith"),
    (cells.listed(5), "北门，南门、北门; 东门", "北门、南门、东门"),
    (cells.one_of(cells.RELATIONS, ""), "租 客", "tenant"),
    (cells.degrees(3, 54), "30.630125", "30.630125"),
    (cells.day, "2026年10月1日", "2026-10-01"),
    (cells.day, "2026/10/1", "2026-10-01"),
    (cells.login, "ZhangSan", "zhangsan"),
]
BAD = [
    (cells.mobile, "138****8888", "遮住"),
    (cells.mobile, "12800008888", "11位"),
    (cells.mobile, "1380000888", "11位"),
    (cells.building, "三幢", "阿拉伯数字"),
    (cells.building, "3幢;drop", "数字或字母"),
    (cells.room, "1" * 17, "太长"),
    (cells.code(12), "33048300100", "12位"),
    (cells.code(17), LOST_DIGITS, "文本"),
    (cells.person_name, "王**", "姓名"),
    (cells.person_name, "=cmd", "姓名"),
    (cells.text(4), "五个字的话", "太长"),
    (cells.text(40), "<b>学府</b>", "尖括号"),
    (cells.building_word, "楼", "之一"),
    (cells.degrees(3, 54), "120.56", "度数"),
    (cells.degrees(3, 54), "nan", "度数"),
    (cells.day, "2026-02-30", "日期"),
    (cells.login, "张三", "小写字母"),
    (cells.office_phone, "请打12345", "电话"),
]


@pytest.mark.parametrize(("check", "value", "tidy"), GOOD)
def test_tidied(check: cells.Check, value: str, tidy: str) -> None:
    assert check(value) == tidy


@pytest.mark.parametrize(("check", "value", "why"), BAD)
def test_refused(check: cells.Check, value: str, why: str) -> None:
    with pytest.raises(Bad, match=why):
        check(value)
