"""Several late pushes as one message; not when they are late."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.tencent.render import TEXT_BYTES, linked, safe, split
from storage.queue import Outgoing

_LINE = 90  # characters of one push in a digest


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
