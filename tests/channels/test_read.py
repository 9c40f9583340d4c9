"""Every message and event type of the platform, strictly read; wechatpy as the reference."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message

from bot.channels.tencent.envelope import Hostile
from bot.channels.tencent.xmlbody import parse
from bot.channels.wechat.read import Message, read
from handlers.types import Inbound, Media, Pin
from tests.channels.kit import ACCOUNT, APP_ID, FIXTURES, OPENID, WHO, text_xml

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


def _read(body: bytes) -> Message:
    return read(parse(body), APP_ID)


@pytest.mark.parametrize("name", CASES)
def test_documented_bodies(name: str) -> None:
    got = _read((FIXTURES / f"{name}.xml").read_bytes())
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
        _read(body)
    assert (refused.value.status, refused.value.reason) == (400, reason)


def test_a_resident_may_write_of_doctypes_and_markup() -> None:
    words = "<!DOCTYPE html> <!ENTITY a> & </xml> <a b='c'>"
    got = _read(text_xml(words)).inbound
    assert got is not None and got.text == words


def test_long_event_keys_are_shortened_and_stay_apart() -> None:
    keys = set()
    for tail in ("a", "b"):
        event = f"<MsgType>event</MsgType><Event>CLICK</Event><EventKey>{'k' * 200 + tail}</EventKey>"
        got = _read(_with(MsgType=event)).inbound
        assert got is not None and len(got.key) <= 128
        keys.add(got.key)
    assert len(keys) == 2


def test_a_declaration_and_another_encoding_name_do_not_matter() -> None:
    body = b'<?xml version="1.0" encoding="GBK"?>' + text_xml("灯坏了")
    got = _read(body).inbound
    assert got is not None and got.text == "灯坏了"


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\n"), max_size=60).map(
    lambda text: text.replace("]]>", "]]").replace("\ufffe", "").replace("\uffff", "")
)
NAMES = st.from_regex(r"[0-9A-Za-z_-]{1,40}", fullmatch=True)
TIMES = st.integers(1_000_000_000, 4_000_000_000)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Well-formed messages of every type that carries something, in CDATA or escaped."""

    def put(name: str, value: object) -> str:
        text = f"<![CDATA[{value}]]>" if draw(st.booleans()) else escape(str(value))
        return f"<{name}>{text}</{name}>"

    number = st.floats(-90, 90).map(lambda value: f"{value:.6f}")
    kind = draw(st.sampled_from(["text", "image", "voice", "video", "shortvideo", "location", "link", "event"]))
    parts = [put("ToUserName", draw(NAMES)), put("FromUserName", draw(NAMES))]
    parts += [put("CreateTime", draw(TIMES)), put("MsgType", kind)]
    match kind:
        case "text":
            parts.append(put("Content", draw(WORDS)))
        case "location":
            parts += [put("Location_X", draw(number)), put("Location_Y", draw(number)), put("Label", draw(WORDS))]
        case "link":
            parts += [put("Title", draw(WORDS)), put("Description", draw(WORDS)), put("Url", draw(NAMES))]
        case "event":
            parts.append(put("Event", draw(st.sampled_from(["subscribe", "unsubscribe", "SCAN", "CLICK"]))))
            parts.append(put("EventKey", draw(st.sampled_from(["", "qrscene_"])) + draw(NAMES)))
        case _:
            parts.append(put("MediaId", draw(NAMES)))
            if kind == "voice":
                parts.append(put("Recognition", draw(WORDS)))
    if kind != "event":
        parts.append(put("MsgId", draw(st.integers(1, 2**64 - 1))))
    head, tail = parts[0], parts[1:]
    return ("<xml>" + head + "".join(draw(st.permutations(tail))) + "</xml>").encode()


@given(bodies())
def test_same_as_wechatpy(body: bytes) -> None:
    theirs, got = parse_message(body), _read(body)
    ours = got.inbound
    assert ours is not None
    assert (got.account, got.user, int(ours.at.timestamp())) == (theirs.target, theirs.source, theirs.time)
    if theirs.type != "event":
        assert ours.key == f"m:{theirs.id}"
    match theirs.type:
        case "text":
            assert ours.text == (theirs.content or "")
        case "image" | "voice" | "video" | "shortvideo":
            assert ours.media[0].ref == f"wechat:{theirs.media_id}"
            assert ours.text == (theirs.recognition or "" if theirs.type == "voice" else "")
        case "location":
            assert ours.pin == Pin(float(theirs.location_x), float(theirs.location_y), theirs.label or "")
        case "link":
            assert ours.text == f"{theirs.title or ''} {theirs.url or ''}".strip()
        case "event":
            known = {"subscribe": "follow", "subscribe_scan": "follow", "unsubscribe": "unfollow"}
            known |= {"scan": "scan", "click": "menu"}
            assert ours.event == known[theirs.event.lower()]
            if theirs.event == "subscribe_scan":
                assert ours.event_key == theirs.scene_id


@given(
    st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<xml>{text}</xml>".encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises(Hostile):
        _read(body)


@given(bodies(), st.integers(0, 10_000), st.binary(max_size=4))
def test_damaged_messages_are_read_or_refused(body: bytes, place: int, noise: bytes) -> None:
    place %= len(body)
    for damaged in (body[:place] + noise + body[place + 1 :], body[:place], body[:place] + body[place // 2 :]):
        try:
            _read(damaged)
        except Hostile as refused:
            assert refused.status == 400
