"""Replies as the platform's text and XML; not how they are sealed or sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.types import Choice, Reply

TEXT_BYTES = 2048  # wechat.md §6
_TAG = re.compile(r"<(?=\s*/?\s*[A-Za-z])")
# What XML 1.0 cannot hold, and halves of surrogate pairs, which UTF-8 cannot.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without control characters, lines ended by a line feed."""
    if text.isprintable() or text.replace("\n", "").isprintable():  # nearly always, and ten times as fast
        return text
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def safe(text: str) -> str:
    """People's words without tags: the client would show <a href> as a link, and only ours may be one."""
    return _TAG.sub("＜", clean(text))


def linked(link: str, label: str = "打开看看") -> str:
    """Our own page behind a word; "" without one."""
    return f'<a href="{link}">{label}</a>' if link else ""


def cdata(text: str) -> str:
    """Any text as one value of CDATA; `]]>` cannot end it."""
    return "<![CDATA[" + clean(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def numbered(choices: Sequence[Choice]) -> str:
    """One line a choice: its number, a blank, its label."""
    return "\n".join(f"{number} {choice.label}" for number, choice in enumerate(choices, 1))


def words(replies: Sequence[Reply], public_url: str) -> str:
    """Several replies as one text, a blank line between them; links made absolute with `public_url`."""
    return "\n\n".join(filter(None, (_one(reply, public_url) for reply in replies)))


def _one(reply: Reply, public_url: str) -> str:
    link = public_url.rstrip("/") + "/" + reply.link.lstrip("/") if reply.link else ""
    return clean("\n".join(filter(None, (reply.text.strip(), numbered(reply.choices), link))))


def pushed(text: str, photos: int, choices: Sequence[Choice], link: str) -> str:
    """A push as one text: what people wrote in it without tags, how many photos there are, choices, our own page."""
    counted = f"（有 {photos} 张照片）" if photos else ""
    return clean("\n".join(filter(None, (safe(text).strip(), counted, numbered(choices), linked(link)))))


def split(text: str, most: int = TEXT_BYTES) -> list[str]:
    """Parts of at most `most` bytes of UTF-8; joined they are the text again.

    Cut after a line where one ends in the second half of a part, else between two characters.
    """
    parts = []
    rest = text.encode()
    while len(rest) > most:
        cut = rest.rfind(b"\n", most // 2, most) + 1
        if not cut:
            cut = most
            while rest[cut] & 0xC0 == 0x80:  # a byte inside a character
                cut -= 1
        parts.append(rest[:cut].decode())
        rest = rest[cut:]
    if rest:
        parts.append(rest.decode())
    return parts


def fits(replies: Sequence[Reply], public_url: str) -> bool:
    """Whether an answer surely takes them whole: a bound, without making the text. No character has over 4 bytes."""
    size = 0
    for reply in replies:
        size += len(reply.text) + sum(len(choice.label) + 5 for choice in reply.choices) + 4
        size += len(reply.link) + len(public_url) if reply.link else 0
    return size * 4 <= TEXT_BYTES


def cut(text: str) -> tuple[str, str]:
    """What fits into the answer to a callback, and the rest."""
    if len(text) * 4 <= TEXT_BYTES:  # no character has more bytes
        return text, ""
    first, *rest = split(text) or [""]
    return first, "".join(rest)


def passive(text: str, to: str, account: str, created: int) -> str:
    """The XML of a text in the HTTP answer. `to`: the resident's OpenID; `created`: Unix seconds."""
    return (
        f"<xml><ToUserName>{cdata(to)}</ToUserName><FromUserName>{cdata(account)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>{cdata(text)}</Content></xml>"
    )
