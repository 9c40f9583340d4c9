"""Any message, damaged ones and any bytes at all are read strictly; wechatpy as the reference."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message

from bot.channels.tencent.envelope import Hostile
from bot.channels.tencent.xmlbody import parse
from bot.channels.wechat.read import Message, opened, read
from handlers.types import Pin
from tests.channels.kit import APP_ID, read_body

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


@given(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
    | st.sampled_from(("]]>", "<b>", "a]b", "\ufffe")),
    st.sampled_from(["", "\n", " \t\r\n", "\f", "x"]),
    st.sampled_from(["gh_1", "", "gh 1", "x" * 65]),
    st.sampled_from(["1764150000", "176415000", "a"]),
    st.sampled_from(["17", "", "1" * 21]),
)
def test_a_usual_text_is_matched_as_parsed(words: str, gap: str, account: str, created: str, number: str) -> None:
    fields = {"ToUserName": account, "FromUserName": "oU", "CreateTime": created, "MsgType": "text", "Content": words}
    plain = {"CreateTime": created}
    inside = gap.join(
        f"<{name}>{value if name in plain else f'<![CDATA[{value}]]>'}</{name}>" for name, value in fields.items()
    )
    body = f"<xml>{inside}{gap}<MsgId>{number}</MsgId></xml>{gap}".encode()
    assert _heard(lambda: opened(body, APP_ID)) == _heard(lambda: read(parse(body), APP_ID))


def _heard(reading: Callable[[], Message]) -> Message | str:
    try:
        return reading()
    except Hostile as refused:
        return refused.reason


@given(bodies())
def test_same_as_wechatpy(body: bytes) -> None:
    theirs, got = parse_message(body), read_body(body)
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
        read_body(body)


@given(bodies(), st.integers(0, 10_000), st.binary(max_size=4))
def test_damaged_messages_are_read_or_refused(body: bytes, place: int, noise: bytes) -> None:
    place %= len(body)
    for damaged in (body[:place] + noise + body[place + 1 :], body[:place], body[:place] + body[place // 2 :]):
        try:
            read_body(damaged)
        except Hostile as refused:
            assert refused.status == 400
