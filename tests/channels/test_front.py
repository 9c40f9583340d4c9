"""Who gets in: the three modes, keys, replays (reliability.md T2), sizes, accounts that cannot be served safely."""

from __future__ import annotations

import pytest
from wechatpy.crypto import WeChatCrypto

from bot.channels.tencent.envelope import Hostile
from bot.channels.wechat.config import ConfigError, WeChatConfig
from bot.channels.wechat.front import BODY_MOST, Front
from bot.channels.wechat.replays import Replays
from tests.channels.kit import (
    ACCOUNT,
    AES_KEY,
    APP_ID,
    OLD_KEY,
    OPENID,
    START,
    TOKEN,
    Clock,
    Query,
    config,
    refusal,
    sealed,
    signed,
    text_xml,
)  # fmt: skip


def test_plain_message() -> None:
    accepted = Front(config("plain"), Clock()).accept(signed(START).items(), text_xml())
    assert accepted.message.inbound is not None and accepted.message.inbound.text == "3幢2单元楼道灯坏了"
    assert (accepted.message.user, accepted.message.account, accepted.key) == (OPENID, ACCOUNT, None)


def test_encrypt_type_raw_is_plain() -> None:
    query = signed(START) | {"encrypt_type": "raw"}
    assert Front(config("plain"), Clock()).accept(query.items(), text_xml()).message.inbound


def test_safe_message_and_its_sealed_reply() -> None:
    front = Front(config(), Clock())
    query, body = sealed(START, text_xml())
    accepted = front.accept(query.items(), body)
    assert accepted.message.inbound is not None and accepted.key is not None
    reply = front.seal("<xml>答</xml>", accepted.nonce, accepted.key)
    parts = {
        name: reply.split(f"<{name}>")[1].split("</")[0] for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
    }
    signature, nonce = (parts[name][9:-3] for name in ("MsgSignature", "Nonce"))
    assert nonce == query["nonce"]
    opened = WeChatCrypto(TOKEN, AES_KEY, APP_ID).decrypt_message(reply, signature, parts["TimeStamp"], nonce)
    assert opened == "<xml>答</xml>"


def test_compatible_mode_believes_only_the_envelope_and_answers_plain() -> None:
    front = Front(config("compat"), Clock())
    query, body = sealed(START, text_xml(), both=True)
    accepted = front.accept(query.items(), body.replace("楼道灯坏了".encode(), "全体撤离".encode()))
    assert accepted.message.inbound is not None and accepted.message.inbound.text == "3幢2单元楼道灯坏了"
    assert accepted.key is None


def test_previous_key_is_tried() -> None:
    query, body = sealed(START, text_xml(), key=OLD_KEY)
    assert Front(config(aes_key_previous=OLD_KEY), Clock()).accept(query.items(), body).key is not None
    assert refusal(Front(config(), Clock()), query, body)[0] == 400


def test_an_envelope_may_be_written_in_any_well_formed_way_but_once() -> None:
    query, body = sealed(START, text_xml())
    encrypt = body.split(b"<![CDATA[")[1].split(b"]]>")[0]
    for form in (
        b"<xml>\n <ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>\n <Encrypt><![CDATA[%s]]></Encrypt>\n</xml>\n",
        b"<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName><Encrypt><![CDATA[%s]]></Encrypt></xml>",
        b"<xml><Encrypt>%s</Encrypt><AgentID></AgentID></xml>",
    ):
        assert Front(config(), Clock()).accept(query.items(), form % encrypt).message.inbound
    twice = b"<xml><Encrypt>%s</Encrypt><Encrypt>%s</Encrypt></xml>" % (encrypt, encrypt)
    assert refusal(Front(config(), Clock()), query, twice) == (400, "field_twice")


def test_verification_answers_the_echo() -> None:
    front = Front(config(), Clock())
    assert front.verify((signed(START) | {"echostr": "5837397520665436492"}).items()) == "5837397520665436492"
    for echo in ("", "a b", "中", "x" * 1025):
        with pytest.raises(Hostile) as refused:
            front.verify((signed(START) | {"echostr": echo}).items())
        assert refused.value.status == 400
    with pytest.raises(Hostile) as refused:
        front.verify((signed(START, token="another-token-16") | {"echostr": "1"}).items())
    assert refused.value.status == 403


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_copies_pass_another_body_and_old_ones_do_not(mode: str) -> None:
    clock = Clock()
    front = Front(config(mode), clock)

    def send(text: str, nonce: str) -> tuple[Query, bytes]:
        xml = text_xml(text)
        return (signed(START, nonce), xml) if mode == "plain" else sealed(START, xml, nonce=nonce)

    for _ in range(3):
        query, body = send("灯坏了", "7")  # in safe mode each copy is sealed anew
        assert front.accept(query.items(), body).message.inbound
    assert refusal(front, *send("全体撤离", "7")) == (403, "nonce_reused")
    clock.forward(300)
    assert front.accept(*_items(send("灯坏了", "7"))).message.inbound
    assert refusal(front, *send("全体撤离", "7")) == (403, "nonce_reused")
    clock.forward(1)
    assert refusal(front, *send("灯坏了", "7")) == (403, "timestamp")
    clock.forward(-602)
    assert refusal(front, *send("灯坏了", "8")) == (403, "timestamp")


def _items(pair: tuple[Query, bytes]) -> tuple[list[tuple[str, str]], bytes]:
    return list(pair[0].items()), pair[1]


def test_a_seen_verification_does_not_open_the_door_for_a_message() -> None:
    front = Front(config("plain"), Clock())
    front.verify((signed(START) | {"echostr": "1"}).items())
    assert refusal(front, signed(START), text_xml()) == (403, "nonce_reused")


def test_a_refused_body_does_not_block_the_right_one() -> None:
    front = Front(config("plain"), Clock())
    assert refusal(front, signed(START), b"<xml></xml>") == (400, "field_form")
    assert front.accept(signed(START).items(), text_xml()).message.inbound


def test_memory_of_nonces_is_bounded_and_long_enough() -> None:
    replays = Replays()
    for number in range(250_000):
        assert replays.fits(f"{number:040x}", b"body", 1000.0 + number / 1000)
    assert len(replays) <= 200_000
    replays = Replays()
    assert replays.fits("s", b"one", 0.0 + 1000)
    assert replays.fits("t", b"one", 599.0 + 1000)
    for clock in (600.0, 1199.0):
        assert not replays.fits("t", b"two", clock + 1000)


def test_size() -> None:
    front = Front(config("plain"), Clock())
    assert refusal(front, signed(START), b" " * (BODY_MOST + 1)) == (413, "body_size")
    assert refusal(front, signed(START), b" " * BODY_MOST) == (400, "not_xml")


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"token": "short-token-15c"}, "wechat token"),
        ({"token": ""}, "wechat token"),
        ({"aes_key": ""}, "wechat aes key"),
        ({"aes_key": "x" * 42}, "wechat aes key"),
        ({"aes_key_previous": "x"}, "wechat previous aes key"),
        ({"mode": "open"}, "wechat mode"),
        ({"app_id": ""}, "wechat app id"),
        ({"api_base": "api.weixin.qq.com"}, "wechat api base"),
        ({"templates": {"task": "ID thing1=colour"}}, "wechat template of task"),
    ],
)
def test_an_account_that_cannot_be_served_safely_is_not_started(wrong: dict[str, object], line: str) -> None:
    with pytest.raises(ConfigError) as error:
        config(**wrong)  # type: ignore[arg-type]
    assert len(error.value.lines) == 1 and error.value.lines[0].startswith(line)
    assert all(secret not in str(error.value) for secret in ("s" * 32, "short-token-15c"))


def test_secrets_are_not_in_the_repr() -> None:
    shown = repr(WeChatConfig(APP_ID, "s" * 32, TOKEN, AES_KEY, OLD_KEY))
    assert all(secret not in shown for secret in ("s" * 32, TOKEN, AES_KEY, OLD_KEY))


def test_two_processes_need_no_common_memory_where_the_body_is_signed() -> None:
    """A repeat at another process is one message by its key (the inbox's); another body is refused by any of them.

    In plain mode the signature does not cover the body: docs/operate.md allows it with one process only.
    """
    one, two = Front(config(), Clock()), Front(config(), Clock())
    query, body = sealed(START, text_xml("灯坏了", "77"))
    first, second = (front.accept(query.items(), body).message.inbound for front in (one, two))
    assert first and second and (first.sender, first.key) == (second.sender, second.key)
    _, other = sealed(START, text_xml("转账", "78"))
    for front in (one, two, Front(config(), Clock())):
        assert refusal(front, query, other) == (403, "msg_signature")
