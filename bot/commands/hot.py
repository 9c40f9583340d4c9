"""`jushe hot`: what many people write about at once, what only repeats, which words the dictionary lacks."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.commands.opened import fail, now, opened
from bot.importing.sheet import Sheet, read_sheet
from bot.importing.zipped import FileRefused
from handlers.tickets.clock import SHANGHAI
from nlp import words
from nlp.hot import Hot, Message, duplicates, hot
from nlp.newwords import NewWord, new_words

_COLUMNS = {
    "text": ("text", "内容", "诉求内容", "留言详情", "body", "words"),
    "title": ("title", "标题", "留言主题"),
    "at": ("at", "time", "date", "时间", "留言时间", "日期"),
    "who": ("who", "user", "居民", "留言用户", "用户"),
    "place": ("place", "地点", "小区", "地址"),
    "key": ("id", "编号", "留言编号", "code"),
}
_WHEN = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")


def register(cli: typer.Typer) -> None:
    cli.command("hot")(hot_)


def hot_(
    file: Annotated[Path | None, typer.Argument(help="csv 或 xlsx，一行一条；不给就用 --recent")] = None,
    recent: Annotated[bool, typer.Option("--recent", help="看平台里最近的诉求")] = False,
    days: Annotated[int, typer.Option("--days", help="最近几天", min=1, max=366)] = 14,
    fewest: Annotated[int, typer.Option("--fewest", help="几条以上才算", min=2)] = 3,
    most: Annotated[int, typer.Option("--most", help="最多列几件", min=1)] = 20,
    text_column: Annotated[str, typer.Option("--text-column", help="文字在哪一列")] = "",
    json_: Annotated[bool, typer.Option("--json", help="结果用 JSON 输出")] = False,
) -> None:
    """热点：大家最近集中在说什么事，哪些是重复的，出现了哪些新词。"""
    if (file is None) == (not recent):
        _refuse("给一个文件，或者加 --recent 看平台里最近的诉求。", json_)
    try:
        messages = _of_file(file, text_column) if file else _recent(days)
    except FileRefused as error:
        _refuse(f"{file.name if file else ''}：{error}", json_)
    issues = hot(messages, fewest=fewest)
    same = duplicates(messages)
    fresh = new_words((message.text for message in messages), words.known)
    if json_:
        typer.echo(json.dumps(_as_json(len(messages), issues, same, fresh), ensure_ascii=False))
        return
    typer.echo(
        f"{len(messages):,} 条，{len(issues)} 件热点" + (f"（列出前 {most} 件）" if len(issues) > most else "")
    )
    for number, issue in enumerate(issues[:most], 1):
        typer.echo(_line(number, issue))
    if same:
        typer.echo(f"几乎一样的：{len(same)} 组，共 {sum(map(len, same))} 条")
    if fresh:
        typer.echo("词典里没有的词：" + "、".join(f"{one.word}({one.messages})" for one in fresh[:20]))


def _line(number: int, issue: Hot) -> str:
    span = ""
    if issue.first and issue.last:
        span = f"，{issue.first:%m-%d}" + (
            f" 到 {issue.last:%m-%d}" if issue.first.date() != issue.last.date() else ""
        )
    trend = "，越来越多" if issue.rising >= 1.5 else "，在减少" if issue.rising <= 0.67 else ""
    repeats = f"，其中{issue.same}条重复" if issue.same else ""
    return (
        f"{number:3d}. {issue.headline}\n     {issue.size}条，{issue.people}人{span}{trend}{repeats}"
        + (f"，{issue.place}" if issue.place else "") + (f"；{'、'.join(issue.words)}" if issue.words else "")
    )  # fmt: skip


def _as_json(count: int, issues: list[Hot], same: list[tuple[str, ...]], fresh: list[NewWord]) -> dict[str, object]:
    return {
        "messages": count,
        "issues": [
            {
                "headline": one.headline, "size": one.size, "people": one.people, "place": one.place,
                "first": one.first.isoformat() if one.first else None,
                "last": one.last.isoformat() if one.last else None, "rising": one.rising, "repeats": one.same,
                "words": list(one.words), "ids": list(one.keys),
            }
            for one in issues
        ],
        "duplicates": [list(group) for group in same],
        "new_words": [
            {"word": one.word, "messages": one.messages, "together": one.together, "free": one.free} for one in fresh
        ],
    }  # fmt: skip


def _of_file(path: Path, text_column: str) -> list[Message]:
    sheet = read_sheet(path)
    at = {name: _column(sheet, names) for name, names in _COLUMNS.items()}
    if text_column:
        at["text"], at["title"] = _column(sheet, (text_column,)), None
    if at["text"] is None and at["title"] is None:
        have = "、".join(heading for heading in sheet.headings if heading)
        raise FileRefused(f"找不到文字列。表里有：{have[:200]}。用 --text-column 指定。")
    messages = []
    for number, cells in sheet.rows:
        got = {name: cells[place] if place is not None and place < len(cells) else "" for name, place in at.items()}
        text = "。".join(part for part in (got["title"], got["text"]) if part)
        if text:
            messages.append(Message(got["key"] or f"第{number}行", text, _when(got["at"]), got["who"], got["place"]))
    return messages


def _recent(days: int) -> list[Message]:
    from storage.recent import recent_messages

    with opened() as db:
        return [
            Message(one.code, one.words, one.at.astimezone(SHANGHAI), str(one.reporter), one.place)
            for one in recent_messages(db, now() - timedelta(days=days))
        ]


def _column(sheet: Sheet, names: tuple[str, ...]) -> int | None:
    headings = [heading.strip().lower() for heading in sheet.headings]
    return next((headings.index(name.lower()) for name in names if name.lower() in headings), None)


def _when(text: str) -> datetime | None:
    for form in _WHEN:
        try:
            return datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    return None


def _refuse(message: str, json_: bool) -> NoReturn:
    if json_:
        typer.echo(json.dumps({"error": message}, ensure_ascii=False))
    fail(message)
