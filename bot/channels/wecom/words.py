"""Text as WeCom shows it: links that are ours, nobody else's; several late pushes as one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.tencent.render import TEXT_BYTES, clean, split
from storage.queue import Outgoing

# The client shows <a href> in a text as a link, so what people wrote must never look like one.
_TAG = re.compile(r"<(?=\s*/?\s*[A-Za-z])")
_LINE = 90  # characters of one push in a digest


def safe(text: str) -> str:
    """People's words without tags that the client would follow or format."""
    return _TAG.sub("＜", clean(text))


def linked(link: str, label: str = "打开看看") -> str:
    """Our own page behind a word; "" without one."""
    return f'<a href="{link}">{label}</a>' if link else ""


def together(rows: Sequence[Outgoing]) -> str:
    """Pushes that had to wait, in one message of at most 2048 bytes: each by its first line, the rest counted."""
    head = f"您有{len(rows)}条消息，一起发给您："
    foot = "说「我的待办」可以逐件办。"
    link = next((linked(row.link, "打开清单") for row in rows if row.link), "")
    room = TEXT_BYTES - len(f"{head}\n还有99条\n{foot}\n{link}".encode())
    lines: list[str] = []
    for number, row in enumerate(rows, 1):
        words = " ".join(safe(row.text).split())
        line = f"{number} {words if len(words) <= _LINE else words[: _LINE - 1] + '…'}"
        room -= len(line.encode()) + 1
        if room < 0:
            lines.append(f"还有{len(rows) - number + 1}条")
            break
        lines.append(line)
    return split("\n".join(filter(None, (head, *lines, foot, link))))[0]
