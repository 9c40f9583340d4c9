"""Claim codes and first passwords on paper: a table for the office, readable by its owner only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.importing.importer import Handout
from bot.importing.tables_out import write_table
from handlers.tickets.clock import SHANGHAI

_HEADINGS = ("姓名", "岗位", "所在", "认领码", "有效期至", "登录名", "初始密码", "怎么用")


def write_handouts(path: Path, handouts: Iterable[Handout]) -> None:
    """xlsx or csv, mode 0600. Raises CannotWrite."""
    write_table(path, _HEADINGS, [_row(handout) for handout in handouts], private=True)


def handout_lines(handouts: Iterable[Handout]) -> list[str]:
    """One line a person, for the screen."""
    lines = []
    for handout in handouts:
        parts = [f"{handout.place} {handout.post} {handout.name}"]
        if handout.code:
            parts.append(f"认领码 {handout.code}（{_until(handout)}前有效）")
        if handout.login:
            parts.append(f"登录名 {handout.login}")
        if handout.password:
            parts.append(f"初始密码 {handout.password}")
        lines.append("，".join(parts))
    return lines


def _row(handout: Handout) -> list[str]:
    how = f"在微信里给公众号发：认领 {handout.code}" if handout.code else "微信已绑定，不用再认领"
    return [
        handout.name, handout.post, handout.place, handout.code, _until(handout) if handout.code else "",
        handout.login, handout.password, how,
    ]  # fmt: skip


def _until(handout: Handout) -> str:
    return handout.expires.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
