"""Replies as the platform's text and XML."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message

from bot.channels.tencent.render import cdata, clean, passive, split, words
from handlers.types import Choice, Reply
from tests.channels.kit import ACCOUNT, OPENID


def test_several_replies_choices_and_a_link_are_one_text() -> None:
    replies = (
        Reply("收到。"),
        Reply("是哪一类？", (Choice("接单"), Choice("退单", "退单 原因"))),
        Reply("看进度：", link="/m/t/1"),
        Reply(""),
    )
    text = words(replies, "https://jushe.example.cn/")
    assert text == "收到。\n\n是哪一类？\n1 接单\n2 退单\n\n看进度：\nhttps://jushe.example.cn/m/t/1"


def test_resident_words_cannot_leave_their_cdata() -> None:
    evil = "]]></Content><MsgType>news</MsgType><Content><![CDATA[ ]]]>]]>&amp;<a>"
    root = ElementTree.fromstring(passive(evil, OPENID, ACCOUNT, 1780275600))
    assert [child.tag for child in root] == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    assert root.findtext("Content") == evil
    assert root.findtext("MsgType") == "text"


def test_control_characters_are_dropped_and_lines_kept() -> None:
    assert clean("a\x00b\x08c\r\nd\re\tf\x7f\x85\ud83dg\ufffe") == "abc\nd\ne\tfg"


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_well_formed_and_arrives_clean(text: str) -> None:
    assert (ElementTree.fromstring(f"<a>{cdata(text)}</a>").text or "") == clean(text)
    message = parse_message(passive("x" + text + "x", OPENID, ACCOUNT, 1780275600))
    assert message.content == clean("x" + text + "x")
    assert (message.source, message.target) == (ACCOUNT, OPENID)


def test_split_at_2048_bytes_between_characters() -> None:
    assert split("好" * 682) == ["好" * 682]  # 2046 bytes
    assert split("好" * 683) == ["好" * 682, "好"]
    assert [len(part.encode()) for part in split("a" + "🚲" * 512)] == [2045, 4]
    assert split("a" * 2048) == ["a" * 2048]
    assert split("") == []


def test_split_prefers_the_end_of_a_line() -> None:
    lines = "".join(f"{number} 3幢2单元楼道灯坏了\n" for number in range(100))
    parts = split(lines)
    assert all(part.endswith("\n") for part in parts)
    assert all(1024 <= len(part.encode()) <= 2048 for part in parts[:-1])


@given(st.text(alphabet="a好🚲é\n", max_size=3000), st.integers(4, 300))
def test_parts_fit_and_join(text: str, most: int) -> None:
    parts = split(text, most)
    assert "".join(parts) == text
    assert all(0 < len(part.encode()) <= most for part in parts)
