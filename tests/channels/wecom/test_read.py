"""A table of what WeCom sends and what becomes of it."""

from __future__ import annotations

import pytest

from bot.channels.tencent.envelope import Hostile
from bot.channels.tencent.xmlbody import parse
from bot.channels.wecom.read import CardMessage, Click, read
from handlers.types import Media, Pin
from tests.channels.wecom.kit import AGENT, CORP, TICKET, USER, WHO, click, text, xml


def _read(body: bytes):  # type: ignore[no-untyped-def]
    return read(parse(body), CORP, AGENT)


def _event(name: str, more: str = "") -> bytes:
    return xml("event", f"<Event><![CDATA[{name}]]></Event>{more}")


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (text("接单", "7"), {"key": "m:7", "text": "接单"}),
        (
            xml("image", "<PicUrl><![CDATA[x]]></PicUrl><MediaId>MEDIA</MediaId><MsgId>8</MsgId>"),
            {"key": "m:8", "media": (Media("photo", "wecom:MEDIA"),)},
        ),
        (
            xml("voice", "<MediaId>VOICE</MediaId><Format>amr</Format><MsgId>9</MsgId>"),
            {"media": (Media("voice", "wecom:VOICE"),), "spoken": False},
        ),
        (
            xml("location", "<Location_X>30.6</Location_X><Location_Y>120.5</Location_Y><Scale>20</Scale>"
                "<Label>学府花园</Label><MsgId>3</MsgId>"),
            {"pin": Pin(30.6, 120.5, "学府花园")},
        ),
        (_event("subscribe"), {"event": "follow"}),
        (_event("unsubscribe"), {"event": "unfollow"}),
        (_event("click", "<EventKey>TODO</EventKey>"), {"event": "menu", "event_key": "TODO"}),
        (
            _event("scancode_waitmsg", "<EventKey>CHECKIN</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType>"
                   "<ScanResult>https://h.example/m/in?c=a1.1.abc</ScanResult></ScanCodeInfo>"),
            {"event": "scan", "event_key": "https://h.example/m/in?c=a1.1.abc"},
        ),
        (
            _event("location_select", "<SendLocationInfo><Location_X>30.6</Location_X><Location_Y>120.5</Location_Y>"
                   "<Label>北门</Label></SendLocationInfo>"),
            {"pin": Pin(30.6, 120.5, "北门")},
        ),
    ],
)  # fmt: skip
def test_what_becomes_of_it(body: bytes, wanted: dict[str, object]) -> None:
    message = _read(body)
    assert (message.user, message.account) == (USER, CORP)
    assert message.inbound is not None
    assert message.inbound.sender == WHO  # one member in any case
    for name, value in wanted.items():
        assert getattr(message.inbound, name) == value


@pytest.mark.parametrize("name", ["enter_agent", "LOCATION", "view", "pic_sysphoto", "change_contact", "of_2030"])
def test_what_only_needs_success(name: str) -> None:
    assert _read(_event(name)).inbound is None


def test_an_unknown_kind_only_needs_success() -> None:
    assert _read(xml("business_card", "<MsgId>1</MsgId>")).inbound is None


def test_a_tapped_card() -> None:
    message = _read(click(f"{TICKET}:接单 0017"))
    assert isinstance(message, CardMessage)
    assert message.click == Click(f"t{TICKET}-7", "CODE-1")
    inbound = message.inbound
    assert inbound is not None
    assert (inbound.event, inbound.event_key) == ("press", f"{TICKET}:接单 0017")
    assert inbound.key == f"k:t{TICKET}-7:{TICKET}:接单 0017"


def test_a_tap_is_one_by_task_member_and_button() -> None:
    def key(body: bytes) -> str:
        found = _read(body).inbound
        assert found is not None
        return found.key

    first = key(click("1:接单"))
    assert key(click("1:接单", code="CODE-2", created=1780279999)) == first
    assert key(click("1:退单")) != first and key(click("1:接单", task="t2")) != first
    long = key(click("1:" + "办" * 300))
    assert len(long) <= 128 and long != key(click("1:" + "办" * 299))


@pytest.mark.parametrize(
    "body",
    [
        text("x").replace(b"<MsgId>1</MsgId>", b""),
        text("x").replace(b"<MsgId>1</MsgId>", b"<MsgId>1</MsgId><MsgId>2</MsgId>"),
        text("x").replace(USER.encode(), "李卫国".encode()),
        text("x").replace(CORP.encode(), b"ww0000000000000000"),
        xml("image", "<MsgId>1</MsgId>"),
        xml("image", "<MediaId>" + "x" * 241 + "</MediaId><MsgId>1</MsgId>"),
        xml("location", "<Location_X>91</Location_X><Location_Y>0</Location_Y><MsgId>1</MsgId>"),
        click("1:接单", task="中"),
        click("1:接单", task=""),
        click("x" * 1025),
    ],
)
def test_what_is_refused(body: bytes) -> None:
    with pytest.raises(Hostile) as refused:
        _read(body)
    assert refused.value.status in (400, 403)
