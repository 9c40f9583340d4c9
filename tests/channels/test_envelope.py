"""Signatures and the AES envelope against the published vectors and against wechatpy."""

from __future__ import annotations

import base64
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from bot.channels.tencent.envelope import Envelope, Hostile, Key, same, sign
from tests.channels.kit import AES_KEY, APP_ID, OLD_KEY

VECTOR = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="


def test_published_signature() -> None:
    assert sign("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


def test_published_envelope() -> None:
    envelope = Envelope("wxb11529c136998cb6", AES_KEY)
    assert envelope.seal("我是中文abcd123".encode(), chance=b"aaaabbbbccccdddd") == VECTOR
    assert envelope.open(VECTOR).message.decode() == "我是中文abcd123"


@given(
    st.text(max_size=200), st.from_regex(r"[0-9]{10}", fullmatch=True), st.from_regex(r"[0-9]{1,12}", fullmatch=True)
)
def test_wechatpy_opens_what_we_seal_and_we_open_what_it_seals(text: str, stamp: str, nonce: str) -> None:
    text = "".join(c for c in text if c.isprintable())
    theirs, ours = WeChatCrypto("pamtest", AES_KEY, APP_ID), Envelope(APP_ID, AES_KEY)
    encrypt = ours.seal(text.encode())
    signature = sign("pamtest", stamp, nonce, encrypt)
    assert theirs.decrypt_message({"Encrypt": encrypt}, signature, stamp, nonce) == text

    reply = theirs.encrypt_message(text, nonce, stamp)
    encrypt = reply.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    assert f"<![CDATA[{sign('pamtest', stamp, nonce, encrypt)}]]></MsgSignature>" in reply
    assert ours.open(encrypt).message == text.encode()
    check_signature("pamtest", sign("pamtest", stamp, nonce), stamp, nonce)


def test_previous_key_opens_and_its_reply_is_sealed_with_it() -> None:
    both, old = Envelope(APP_ID, AES_KEY, OLD_KEY), Envelope(APP_ID, OLD_KEY)
    opened = both.open(old.seal(b"<xml></xml>"))
    assert opened.message == b"<xml></xml>"
    assert old.open(both.seal(b"answer", opened.key)).message == b"answer"
    with pytest.raises(Hostile):
        Envelope(APP_ID, AES_KEY).open(both.seal(b"answer", opened.key))


def _cipher(plain: bytes) -> str:
    return base64.b64encode(Key(AES_KEY).encrypt(plain)).decode()


def _padded(body: bytes) -> bytes:
    pad = 32 - len(body) % 32
    return body + bytes((pad,)) * pad


_HEAD = b"r" * 16 + struct.pack(">I", 5)

DAMAGED = [
    ("", 400, "envelope_length"),
    ("not base64!", 400, "envelope_base64"),
    ("中文", 400, "envelope_base64"),
    (base64.b64encode(b"x" * 17).decode(), 400, "envelope_length"),
    (VECTOR[:-4], 400, "envelope_length"),
    (VECTOR[:-1], 400, "envelope_base64"),
    (_cipher(_HEAD + b"hello" + b"\x00" * 7), 400, "envelope_padding"),
    (_cipher(b"\x21" * 64), 400, "envelope_padding"),
    (_cipher(b"a" * 29 + b"\x02\x01\x03"), 400, "envelope_padding"),
    (_cipher(_padded(b"short")), 400, "envelope_short"),
    (_cipher(_padded(b"r" * 16 + struct.pack(">I", 4_000_000_000) + b"x")), 400, "envelope_size"),
    (_cipher(_padded(_HEAD + b"hell")), 400, "envelope_size"),
    (_cipher(_padded(_HEAD + b"hello")), 403, "envelope_app_id"),
    (_cipher(_padded(_HEAD + b"hello" + b"wx0000000000000000")), 403, "envelope_app_id"),
    (_cipher(_padded(_HEAD + b"hello" + APP_ID.encode() + b"x")), 403, "envelope_app_id"),
]


@pytest.mark.parametrize(("sealed", "status", "reason"), DAMAGED)
def test_damage_is_one_refusal(sealed: str, status: int, reason: str) -> None:
    with pytest.raises(Hostile) as refused:
        Envelope(APP_ID, AES_KEY).open(sealed)
    assert (refused.value.status, refused.value.reason) == (status, reason)


@given(st.binary(max_size=160))
def test_any_bytes_are_opened_or_refused(data: bytes) -> None:
    for sealed in (base64.b64encode(data).decode(), base64.b64encode(data + bytes(-len(data) % 16)).decode()):
        with pytest.raises(Hostile):
            Envelope(APP_ID, AES_KEY, OLD_KEY).open(sealed)


def test_every_flipped_bit_of_a_real_envelope_is_refused_or_harmless() -> None:
    """CBC carries no seal of its own: what keeps a changed message out is the signature, never the envelope."""
    envelope, message = Envelope(APP_ID, AES_KEY), os.urandom(20)
    raw = bytearray(base64.b64decode(envelope.seal(message)))
    for place in range(len(raw) * 8):
        raw[place // 8] ^= 1 << place % 8
        try:
            assert len(envelope.open(base64.b64encode(bytes(raw)).decode()).message) <= len(raw)
        except Hostile as refused:
            assert refused.status in (400, 403)
        raw[place // 8] ^= 1 << place % 8


@pytest.mark.parametrize("odd", ["", "é", "\ud800", "x" * 5000])
def test_any_signature_may_be_compared(odd: str) -> None:
    assert not same(odd, sign("a", "b"))
    assert len(sign(odd, "b")) == 40
