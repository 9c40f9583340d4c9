"""The scenes of the plates in the corridors and the address of their picture; not what a scene stands for."""

from __future__ import annotations

import re
from urllib.parse import quote

_VERSION = "g1."
_CODE = re.compile(r"[0-9A-Za-z_-]{1,32}")  # buildings.qr is 32 wide


def scene(code: str) -> str:
    """The scene of a building's code. Raises ValueError when the platform or the table could not hold it."""
    if not _CODE.fullmatch(code):
        raise ValueError("a plate code has 1 to 32 letters, digits, - or _")
    return _VERSION + code


def code_of(scene: str) -> str | None:
    """The building's code of a scene of ours. A claim, never a proof: whoever passes by can read a plate."""
    code = scene.removeprefix(_VERSION)
    return code if scene.startswith(_VERSION) and _CODE.fullmatch(code) else None


def picture(ticket: str) -> str:
    """Where the code's picture is; needs no token (wechat.md §10)."""
    return "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=" + quote(ticket, safe="")
