"""Who gets in: signatures over the envelope, keys old and new, forgeries, and any bytes at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.tencent.account import ConfigError
from bot.channels.tencent.envelope import Envelope, Hostile, sign
from bot.channels.wecom.front import Front
from tests.channels.wecom.kit import AES_KEY, CORP, OLD_KEY, TOKEN, Clock, config, sealed, text

CLOCK = Clock()
# The worked example of the platform's own description of the callback, as several public test suites hold it.
SAMPLE = {
    "token": "QDG6eK", "corp": "wx5823bf96d3bd56c7", "key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    "signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "timestamp": "1409659589", "nonce": "263014780",
    "echo": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}  # fmt: skip


def front(**more: object) -> Front:
    return Front(config(**more), CLOCK)


def test_the_published_example_is_verified_and_opened() -> None:
    found = sign(SAMPLE["token"], SAMPLE["timestamp"], SAMPLE["nonce"], SAMPLE["echo"])
    assert found == SAMPLE["signature"]
    assert Envelope(SAMPLE["corp"], SAMPLE["key"]).open(SAMPLE["echo"]).message == b"1616140317555161061"


@pytest.mark.parametrize("key", [AES_KEY, OLD_KEY])
def test_the_address_is_verified_with_either_key(key: str) -> None:
    stamp = str(int(CLOCK().timestamp()))
    echo = Envelope(CORP, key).seal(b"1616140317555161061")
    query = {"msg_signature": sign(TOKEN, stamp, "n1", echo), "timestamp": stamp, "nonce": "n1", "echostr": echo}
    assert front().verify(query.items()) == "1616140317555161061"
    with pytest.raises(Hostile) as refused:
        front().verify((query | {"msg_signature": "0" * 40}).items())
    assert refused.value.status == 403


@pytest.mark.parametrize("key", [AES_KEY, OLD_KEY])
def test_a_reply_is_sealed_with_the_key_that_opened(key: str) -> None:
    query, body = sealed(CLOCK(), text("你好"), key=key)
    door = front()
    accepted = door.accept(query.items(), body)
    assert accepted.message.inbound is not None
    assert accepted.message.inbound.text == "你好"
    assert accepted.key is not None
    answer = door.seal("<xml>好</xml>", accepted.nonce, accepted.key)
    assert Envelope(CORP, key).open(answer.split("<![CDATA[")[1].split("]]>")[0]).message.decode() == "<xml>好</xml>"


def _forged() -> list[tuple[str, dict[str, str], bytes, int]]:
    query, body = sealed(CLOCK(), text("你好"))
    other, _ = sealed(CLOCK(), text("你好"), corp="ww0000000000000000")
    foreign = sealed(CLOCK(), text("你好"), corp="ww0000000000000000")
    old = sealed(CLOCK(), text("你好"), late=301)
    robot = sealed(CLOCK(), text("你好", agent="1000003"))
    return [
        ("msg_signature", query | {"msg_signature": "0" * 40}, body, 403),
        ("msg_signature", query | {"msg_signature": other["msg_signature"]}, body, 403),
        ("msg_signature", query | {"nonce": query["nonce"] + "1"}, body, 403),
        ("signature_form", query | {"nonce": ""}, body, 403),
        ("signature_form", query | {"timestamp": "1"}, body, 403),
        ("envelope_app_id", *foreign, 403),
        ("timestamp", *old, 403),
        ("agent_id", *robot, 403),
        ("doctype", query, b'<!DOCTYPE x [<!ENTITY a "b">]><xml/>', 400),
        ("json_body", query, b'{"Encrypt": "x"}', 400),
        ("body_size", query, b"x" * (64 * 1024 + 1), 413),
    ]


@pytest.mark.parametrize(("reason", "query", "body", "status"), _forged())
def test_forgeries(reason: str, query: dict[str, str], body: bytes, status: int) -> None:
    with pytest.raises(Hostile) as refused:
        front().accept(query.items(), body)
    assert (refused.value.reason, refused.value.status) == (reason, status)


def test_a_parameter_twice_is_refused() -> None:
    query, body = sealed(CLOCK(), text("你好"))
    with pytest.raises(Hostile, match="parameter_twice"):
        front().accept([*query.items(), ("nonce", query["nonce"])], body)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_one_refusal(body: bytes) -> None:
    query, _ = sealed(CLOCK(), b"<xml/>")
    with pytest.raises(Hostile) as refused:
        front().accept(query.items(), body)
    assert 400 <= refused.value.status < 500


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_sealed_bytes_too(message: bytes) -> None:
    query, body = sealed(CLOCK(), b"<xml>" + message + b"</xml>")
    with pytest.raises(Hostile) as refused:
        front().accept(query.items(), body)
    assert 400 <= refused.value.status < 500


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"corp_id": "中"}, "wecom corp id"), ({"agent_id": 0}, "wecom agent id"),
        ({"token": "short"}, "wecom token"),
        ({"aes_key": "x"}, "wecom aes key"), ({"aes_key_previous": "x"}, "wecom previous aes key"),
        ({"api_base": "qyapi.weixin.qq.com"}, "wecom api base"), ({"accounts": 0}, "wecom accounts"),
    ],
)  # fmt: skip
def test_what_cannot_be_served_safely(wrong: dict[str, object], line: str) -> None:
    with pytest.raises(ConfigError) as refused:
        config(**wrong)
    assert any(line in said for said in refused.value.lines)
    assert "s" * 32 not in repr(replace(config())) and TOKEN not in repr(config())
