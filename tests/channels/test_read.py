"""Every message and event type of the platform as documented, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.channels.tencent.envelope import Hostile
from bot.channels.wechat.read import Message
from handlers.types import Inbound, Media, Pin
from tests.channels.kit import ACCOUNT, FIXTURES, OPENID, WHO, read_body, text_xml

AT = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
EVENT = "e:1780275600:"
MEDIA_ID = "1JaVwy2wZWn3rwXeDGxeqTm2kLxIZ3oH3oWt_4FN0GUNz0MZBxwqVXNxYvBfpxpb"


def message(key: str, **more: object) -> Inbound:
    return Inbound(WHO, key, AT, **more)  # type: ignore[arg-type]


# The file's stem names the type; None: answered `success` and nothing else.
CASES: dict[str, Inbound | None] = {
    "text": message("m:23279768126034567", text="3幢2单元楼道灯坏了"),
    "text_from_article": message("m:23279768126034568", text="这个活动怎么报名"),
    "image": message("m:23279768126034569", media=(Media("photo", f"wechat:{MEDIA_ID}"),)),
    "voice": message("m:23279768126034570", media=(Media("voice", f"wechat:{MEDIA_ID}"),)),
    "voice_recognized": message(
        "m:23279768126034571", text="电梯停了。", media=(Media("voice", f"wechat:{MEDIA_ID}"),), spoken=True
    ),
    "video": message("m:23279768126034572", media=(Media("video", f"wechat:{MEDIA_ID}"),)),
    "shortvideo": message("m:23279768126034573", media=(Media("video", f"wechat:{MEDIA_ID}"),)),
    "location": message("m:23279768126034574", pin=Pin(29.306839, 120.075058, "学府花园3幢")),
    "link": message("m:23279768126034575", text="停水通知 https://mp.weixin.qq.com/s/abc"),
    "emotion": None,
    "event_subscribe": message(EVENT + "subscribe:", event="follow"),
    "event_subscribe_scene": message(EVENT + "subscribe:qrscene_g1.b7Kq2", event="follow", event_key="g1.b7Kq2"),
    "event_unsubscribe": message(EVENT + "unsubscribe:", event="unfollow"),
    "event_scan": message(EVENT + "scan:g1.b7Kq2", event="scan", event_key="g1.b7Kq2"),
    "event_click": message(EVENT + "click:REPORT", event="menu", event_key="REPORT"),
    "event_location_select": message(
        EVENT + "location_select:rselfmenu_2_0", pin=Pin(29.306839, 120.075058, "义乌市学府路1号")
    ),
    "event_view": None,
    "event_location": None,
    "event_template": None,
    "event_pic_sysphoto": None,
    "event_scancode_push": None,
    "event_scancode_waitmsg": message(
        EVENT + "scancode_waitmsg:https://jushe.example.cn/m/in?c=a1.7.qMXk3w1Zb0Yc2dEfGhIj",
        event="scan",
        event_key="https://jushe.example.cn/m/in?c=a1.7.qMXk3w1Zb0Yc2dEfGhIj",
    ),
    "event_subscribe_msg_sent": None,
    "event_masssend": None,
    "event_tomorrow": None,
}


@pytest.mark.parametrize("name", CASES)
def test_documented_bodies(name: str) -> None:
    got = read_body((FIXTURES / f"{name}.xml").read_bytes())
    assert got == Message(CASES[name], OPENID, ACCOUNT)


def test_every_fixture_is_expected() -> None:
    assert {path.stem for path in FIXTURES.glob("*.xml")} == set(CASES)


def _with(**changes: str) -> bytes:
    """The text message with elements replaced; an empty value takes the element away."""
    text = text_xml().decode()
    for name, element in changes.items():
        start, end = text.index(f"<{name}>"), text.index(f"</{name}>") + len(name) + 3
        text = text[:start] + element + text[end:]
    return text.encode()


PIN = "<MsgType>location</MsgType><Location_X>{0}</Location_X><Location_Y>1</Location_Y>"
NESTED = "<{0}><a>x</a></{0}>"
REFUSED: list[tuple[bytes, str]] = [
    (b"", "not_xml"),
    (b"success", "not_xml"),
    (b"\xff\xfe<xml>", "not_utf8"),
    ("<xml></xml>".encode("utf-16"), "not_utf8"),
    (b'{"ToUserName":"gh_7f083739789a","MsgType":"text"}', "json_body"),
    (b'[{"MsgType":"text"}]', "json_body"),
    (b"<html><body/></html>", "not_xml"),
    (b"<xml>", "xml_broken"),
    (b"<xml></xml><xml></xml>", "xml_broken"),
    (b"<xml>&xxe;</xml>", "xml_broken"),
    (b"<xml><!DOCTYPE a></xml>", "xml_broken"),
    (b"<xml><a>\x00</a></xml>", "xml_broken"),
    (b'<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>', "doctype"),
    (b'<?xml version="1.0"?>\n<!DOCTYPE xml SYSTEM "file:///etc/hostname"><xml/>', "doctype"),
    (b"<!-- --><!doctype xml><xml/>", "doctype"),
    (b"<xml>" + b"<a>" * 21_000, "xml_broken"),
    (b"<xml>" + b"<a>" * 9_000 + b"</a>" * 9_000 + b"</xml>", "xml_elements"),
    (b"<xml>" + b"<a/>" * 16_000 + b"</xml>", "xml_elements"),
    (b'<xml><Content kind="x">y</Content></xml>', "xml_attribute"),
    (b"<xml></xml>", "field_form"),
    (_with(ToUserName=""), "field_form"),
    (_with(ToUserName="<ToUserName></ToUserName>"), "field_form"),
    (_with(FromUserName=""), "field_form"),
    (_with(FromUserName="<FromUserName>victim</FromUserName><FromUserName>me</FromUserName>"), "field_twice"),
    (_with(FromUserName="<FromUserName>a b</FromUserName>"), "field_form"),
    (_with(FromUserName="<FromUserName>a\nreason=x</FromUserName>"), "field_form"),
    (_with(FromUserName=f"<FromUserName>{'o' * 65}</FromUserName>"), "field_long"),
    (_with(FromUserName=NESTED.format("FromUserName")), "field_nested"),
    (_with(Content=NESTED.format("Content")), "field_nested"),
    (_with(Content="<Content>" + "好" * 16_385 + "</Content>"), "field_long"),
    (_with(MsgType=""), "field_form"),
    (_with(MsgType="<MsgType>text</MsgType><MsgType>event</MsgType>"), "field_twice"),
    (_with(MsgType=NESTED.format("MsgType")), "field_nested"),
    (_with(MsgId=""), "field_form"),
    (_with(MsgId="<MsgId>2x</MsgId>"), "field_form"),
    (_with(MsgId="<MsgId>-1</MsgId>"), "field_form"),
    (_with(MsgId="<MsgId>１２</MsgId>"), "field_form"),
    (_with(MsgId=f"<MsgId>{'1' * 21}</MsgId>"), "field_long"),
    (_with(CreateTime=""), "field_form"),
    (_with(CreateTime="<CreateTime>178027560</CreateTime>"), "field_form"),
    (_with(CreateTime="<CreateTime>99999999999999999999</CreateTime>"), "field_long"),
    (_with(CreateTime="<CreateTime>1e9</CreateTime>"), "field_form"),
    (_with(MsgType="<MsgType>image</MsgType>"), "field_form"),
    (_with(MsgType="<MsgType>image</MsgType><MediaId>../../etc</MediaId><MediaId>x</MediaId>"), "field_twice"),
    (_with(MsgType="<MsgType>image</MsgType><MediaId>a b</MediaId>"), "field_form"),
    (_with(MsgType="<MsgType>location</MsgType>"), "field_form"),
    (_with(MsgType=PIN.format("nan")), "field_form"),
    (_with(MsgType=PIN.format("91")), "field_degrees"),
    (_with(MsgType="<MsgType>event</MsgType>"), "field_form"),
    (_with(MsgType=f"<MsgType>event</MsgType><Event>SCAN</Event><EventKey>{'k' * 1025}</EventKey>"), "field_long"),
    (_with(MsgType="<MsgType>event</MsgType><Event>location_select</Event>"), "field_form"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "reason"), REFUSED)
def test_refused(body: bytes, reason: str) -> None:
    with pytest.raises(Hostile) as refused:
        read_body(body)
    assert (refused.value.status, refused.value.reason) == (400, reason)


def test_a_resident_may_write_of_doctypes_and_markup() -> None:
    words = "<!DOCTYPE html> <!ENTITY a> & </xml> <a b='c'>"
    got = read_body(text_xml(words)).inbound
    assert got is not None and got.text == words


def test_long_event_keys_are_shortened_and_stay_apart() -> None:
    keys = set()
    for tail in ("a", "b"):
        event = f"<MsgType>event</MsgType><Event>CLICK</Event><EventKey>{'k' * 200 + tail}</EventKey>"
        got = read_body(_with(MsgType=event)).inbound
        assert got is not None and len(got.key) <= 128
        keys.add(got.key)
    assert len(keys) == 2


def test_a_declaration_and_another_encoding_name_do_not_matter() -> None:
    body = b'<?xml version="1.0" encoding="GBK"?>' + text_xml("灯坏了")
    got = read_body(body).inbound
    assert got is not None and got.text == "灯坏了"
