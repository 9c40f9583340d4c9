"""The blank table of a kind, with one example row and a page that explains the columns."""

from __future__ import annotations

from pathlib import Path

from bot.importing.kind import Kind
from bot.importing.kinds import KINDS
from bot.importing.tables_out import write_table


def write_template(kind: str, path: Path) -> None:
    """xlsx or csv by the ending. Raises CannotWrite."""
    found = KINDS[kind]
    write_table(path, headings(found), [[column.example for column in found.columns]], notes=notes(found))


def headings(kind: Kind) -> list[str]:
    """A star marks what must be filled in."""
    return [column.title + ("*" if column.required else "") for column in kind.columns]


def notes(kind: Kind) -> list[str]:
    """What each column takes, a line each."""
    lines = [f"{kind.title}：{kind.about}", "第二行是示例，请删去或改掉。带*的列必须填。长编码请保持“文本”格式。", ""]
    for column in kind.columns:
        parts = [
            "必填" if column.required else "可空",
            column.hint,
            f"例：{column.example}" if column.example else "",
        ]
        lines.append(f"{column.title}：" + "；".join(part for part in parts if part))
    return lines
