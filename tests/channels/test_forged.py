"""Forgeries (reliability.md T1) and any bytes at all are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.tencent.envelope import sign
from bot.channels.wechat.front import Front
from tests.channels.kit import START, Clock, Query, config, refusal, sealed, signed, text_xml

GOOD = signed(START)
STAMP, NONCE = GOOD["timestamp"], GOOD["nonce"]


def _without(name: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in GOOD.items() if key != name]


FORGED_PLAIN: dict[str, list[tuple[str, str]]] = {
    "nothing": [],
    "no signature": _without("signature"),
    "empty signature": [*_without("signature"), ("signature", "")],
    "another's signature": [*_without("signature"), ("signature", sign("another-token-16", STAMP, NONCE))],
    "empty token's signature": [*_without("signature"), ("signature", sign("", STAMP, NONCE))],
    "signature in capitals": [*_without("signature"), ("signature", GOOD["signature"].upper())],
    "array": [*_without("signature"), ("signature[]", GOOD["signature"])],
    "doubled signature": [*GOOD.items(), ("signature", GOOD["signature"])],
    "doubled nonce": [("nonce", "1"), *GOOD.items()],
    "digits moved from timestamp to nonce": [
        ("signature", GOOD["signature"]), ("timestamp", STAMP[:-1]), ("nonce", STAMP[-1] + NONCE),
    ],
    "all in the nonce": [("signature", GOOD["signature"]), ("timestamp", ""), ("nonce", STAMP + NONCE)],
    "encrypt_type": [*GOOD.items(), ("encrypt_type", "aes"), ("msg_signature", GOOD["signature"])],
    "full-width timestamp": [*_without("timestamp"), ("timestamp", "１７８０２７５６００")],
    "two years old": list(signed(START.replace(year=2024)).items()),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED_PLAIN)
def test_forged_plain(name: str) -> None:
    assert refusal(Front(config("plain"), Clock()), FORGED_PLAIN[name], text_xml())[0] == 403


def _forged_safe() -> dict[str, tuple[Query, bytes]]:
    query, body = sealed(START, text_xml())
    other_query, other_body = sealed(START, text_xml("全体撤离"), nonce="1")
    foreign_query, foreign = sealed(START, text_xml(), app_id="wx0000000000000000")
    return {
        "downgrade: encrypt_type removed": ({k: v for k, v in query.items() if k != "encrypt_type"}, body),
        "downgrade: plain body": (signed(START), text_xml()),
        "downgrade: raw": (signed(START) | {"encrypt_type": "raw"}, text_xml()),
        "no msg_signature": (query | {"msg_signature": ""}, body),
        "plain signature as msg_signature": (query | {"msg_signature": query["signature"]}, body),
        "signature of another body": (query, other_body),
        "another's msg_signature": (query | {"msg_signature": other_query["msg_signature"]}, body),
        "no signature": (query | {"signature": ""}, body),
        "no envelope": (query, text_xml()),
        "an envelope of another account": (foreign_query, foreign),
        "timestamp of later": (query | {"timestamp": str(int(query["timestamp"]) + 1)}, body),
        "another nonce": (query | {"nonce": "2"}, body),
    }


@pytest.mark.parametrize("mode", ["safe", "compat"])
@pytest.mark.parametrize("name", _forged_safe())
def test_forged_safe(mode: str, name: str) -> None:
    query, body = _forged_safe()[name]
    assert refusal(Front(config(mode), Clock()), query, body)[0] == 403


PARAMETERS = st.dictionaries(
    st.sampled_from(["signature", "timestamp", "nonce", "msg_signature", "encrypt_type", "openid", "echostr"]),
    st.text(max_size=50) | st.sampled_from([*GOOD.values(), "aes", "raw"]),
)


@given(PARAMETERS, st.binary(max_size=200), st.sampled_from(["plain", "compat", "safe"]))
def test_any_request_is_refused(query: Query, body: bytes, mode: str) -> None:
    assert refusal(Front(config(mode), Clock()), query, body)[0] in (400, 403, 413)


@given(st.binary(max_size=300), st.booleans())
def test_any_signed_body_is_refused(body: bytes, inside: bool) -> None:
    """What somebody who knows the token could send: still one clean refusal."""
    query, wrapped = sealed(START, body)
    assert refusal(Front(config("plain"), Clock()), signed(START), body)[0] == 400
    assert refusal(Front(config(), Clock()), query, wrapped if inside else body)[0] == 400
