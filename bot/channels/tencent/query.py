"""The signed query of a callback and the envelope of an answer: their forms, alike for every account."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.channels.tencent.envelope import Hostile, sign

BODY_MOST = 64 * 1024
FRESH_SECONDS = 300  # reliability.md T2
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}")


def once(query: Iterable[tuple[str, str]], names: tuple[str, ...]) -> dict[str, str]:
    """The parameters that matter, "" when absent. A doubled one is refused: two readers could pick differently."""
    values = dict.fromkeys(names, "")
    seen = set()
    for name, value in query:
        if name in values:
            if name in seen:
                raise Hostile(403, "parameter_twice")
            seen.add(name)
            values[name] = value
    return values


def formed(stamp: str, nonce: str) -> None:
    """Raises Hostile unless both have their fixed forms: "" + "1234" and "12" + "34" have one signature."""
    if not _TIMESTAMP.fullmatch(stamp) or not _NONCE.fullmatch(nonce):
        raise Hostile(403, "signature_form")


def fresh(stamp: str, now: float) -> None:
    """Raises Hostile for a signature older than FRESH_SECONDS. `now`: Unix time."""
    if abs(now - int(stamp)) > FRESH_SECONDS:
        raise Hostile(403, "timestamp")


def enveloped(sealed: str, token: str, nonce: str, now: float) -> str:
    """A sealed answer as the XML the platform expects; the request's nonce is used again (wechat.md §3)."""
    stamp = str(int(now))
    signature = sign(token, stamp, nonce, sealed)
    return (
        f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
        f"<TimeStamp>{stamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
    )
