"""Telephones and identity numbers found to be masked; numbers that only look alike left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import pii
from nlp.understand import understand

IDENTITY = "110101199003074514"  # invented; its check digit fits
WRONG_CHECK = "110101199003074515"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("打13800138000找我", "mobile", "13800138000"),
        ("138 0013 8000", "mobile", "13800138000"),
        ("138-0013-8000", "mobile", "13800138000"),
        ("1380 013 8000", "mobile", "13800138000"),
        ("１３８００１３８０００", "mobile", "13800138000"),
        ("+86 13800138000", "mobile", "13800138000"),
        ("0086-13800138000", "mobile", "13800138000"),
        ("一三八零零一三八零零零", "mobile", "13800138000"),
        ("幺三八,零零幺三八零零零" .replace(",", ""), "mobile", "13800138000"),
        ("138零零一三8零零零", "mobile", "13800138000"),
        ("tel13800138000", "mobile", "13800138000"),
        ("王文13800138000", "mobile", "13800138000"),
        ("0573-88012345", "landline", "057388012345"),
        ("０５７３—88012345", "landline", "057388012345"),
        ("(0573)88012345", "landline", "057388012345"),
        ("（010）88012345", "landline", "01088012345"),
        ("057388012345一直打不通", "landline", "057388012345"),
        ("0573-88012345转801", "landline", "057388012345801"),
        ("021-6228-8559", "landline", "02162288559"),
        ("电话88012345", "landline", "88012345"),
        ("400-820-1234", "service", "4008201234"),
        ("8008201234", "service", "8008201234"),
        (f"身份证{IDENTITY}", "identity", IDENTITY),
        (IDENTITY, "identity", IDENTITY),
        ("110101 19900307 4514", "identity", IDENTITY),
        ("11010119900307451x的身份证", "", ""),
        (f"我的身份证号码是{WRONG_CHECK}", "identity", WRONG_CHECK),
        ("身份证号110101900307451", "identity", "110101900307451"),
    ],
)  # fmt: skip
def test_found(text: str, kind: str, value: str) -> None:
    assert [(one.kind, one.value) for one in pii.find(text)] == ([(kind, value)] if kind else [])


@pytest.mark.parametrize(
    "text",
    [
        "订单号13800138000", "快递单号:138001380001234", "卡号6222021234567890123", "QQ1380013800", "QQ号13800138000",
        "编号202611230017", "工单0017", WRONG_CHECK, "序列号SN13800138000", "AB13800138000", "罚款13800138000元",
        "12345热线", "拨打12345", "95598", "0.13800138000", "2026-11-25 16:08:05", "330483001001001",
        "建筑面积88012345平方",
        "3幢2单元0201室", "UU00812345", "13800138000.5", "合同编号057388012345", "32015551234567890",
    ],
)  # fmt: skip
def test_what_only_looks_like_one(text: str) -> None:
    assert pii.find(text) == ()


def test_places_are_those_of_the_text_as_written() -> None:
    text = "电话：（０５７３）8801 2345，我是王阿姨 138－0013－8000"
    assert [text[one.start : one.end] for one in pii.find(text)] == ["（０５７３）8801 2345", "138－0013－8000"]


def test_masked() -> None:
    assert pii.mask(f"王阿姨13800138000,{IDENTITY}住3幢") == "王阿姨***,***住3幢"
    assert pii.mask("3幢楼道灯坏了") == "3幢楼道灯坏了"


def test_a_mistyped_identity_number_is_masked_all_the_same() -> None:
    assert pii.mask(WRONG_CHECK) == "***"
    assert pii.mask(f"订单号{WRONG_CHECK}") == f"订单号{WRONG_CHECK}"


def test_the_check_digit() -> None:
    assert pii.valid(IDENTITY)
    assert not pii.valid(WRONG_CHECK)
    assert not pii.valid("")


def test_an_identity_number_is_no_phone_and_no_ticket() -> None:
    said = understand(f"我叫王芳,{IDENTITY}")
    assert (said.phone, said.tickets) == ("", ())


@given(st.text(alphabet="0123456789１３８零一三八 -()（）+转Xx.电话身份证号元", max_size=200))
def test_never_an_error_and_places_in_order(text: str) -> None:
    last = 0
    for one in pii.find(text):
        assert last <= one.start < one.end <= len(text)
        last = one.end
    assert len(pii.find(pii.mask(text, "某"))) == 0 or "电话" in text or "身份证" in text


@pytest.mark.parametrize("piece", ["1", "13800138000", "0573", "(", "一", "1101011990030745", "400", "电话1 "])
def test_ten_thousand_characters_cost_about_ten_times_a_thousand(piece: str) -> None:
    """Counted, not timed: each start is left behind for good."""
    text = piece * (10_000 // len(piece))
    found = pii.find(text)
    assert len(found) <= len(text) // 7
