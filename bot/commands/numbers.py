"""`jushe numbers`: the indicators of a community or of all, on the screen or as JSON, down to single tickets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from bot import figures
from bot.commands.opened import fail, now, opened
from handlers.tickets.numbers import BY_KEY
from storage.engine import Database
from storage.schema import communities


def register(cli: typer.Typer) -> None:
    cli.command("numbers", help="指标：响应率、解决率、办结率、满意率等，写明分母，能查到每一单。")(numbers)


def numbers(
    community: Annotated[str, typer.Option("--community", help="社区编码，空着是全部")] = "",
    first: Annotated[str, typer.Option("--from", help="开始日期，如 2026-11-01；空着是本月1日")] = "",
    last: Annotated[str, typer.Option("--to", help="结束日期（含）；空着是今天")] = "",
    by: Annotated[str, typer.Option("--by", help="分组：" + "、".join(figures.GROUPS))] = "",
    trace: Annotated[str, typer.Option("--trace", help="列出一个指标背后的工单：" + "、".join(BY_KEY))] = "",
    as_json: Annotated[bool, typer.Option("--json", help="写出 JSON")] = False,
) -> None:  # fmt: skip
    with opened() as db:
        try:
            asked = figures.wanted(_community(db, community), _day(first), _day(last), by, trace, now())
        except figures.FiguresRefused as refused:
            fail(str(refused))
        found = figures.report(db, asked, now())
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    _show(found)


def _community(db: Database, code: str) -> tuple[int, ...] | None:
    if not code:
        return None
    with db.reading() as conn:
        found = conn.execute(select(communities.c.id).where(communities.c.code == code)).scalar()
    if found is None:
        fail(f"没有编码是 {code[:20]} 的社区。")
    return (found,)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        fail(f"日期“{text[:20]}”看不懂，请写成 2026-11-01。")


def _show(found: Mapping[str, Any]) -> None:
    console = Console()
    console.print(f"{found['from']} 至 {found['to']}，报事 {found['whole']['tickets']} 件")
    table = Table("指标", "结果", "分子", "分母", "怎么算")
    for rate in found["whole"]["rates"]:
        table.add_row(rate["name"], percent(rate), part(rate), str(rate["whole"]), rate["formula"])
    console.print(table)
    for key, words in (("response_minutes", "平均响应时长"), ("done_minutes", "平均办结时长")):
        console.print(f"{words}：{times(found['whole'][key])}")
    console.print(lists(found["whole"]["lists"]), highlight=False)
    if "groups" in found:
        _groups(console, found["groups"])
    for row in found.get("trace", ()):
        console.print(f"{row['code']}  分子 {row['part']:g}  分母 {row['whole']}", highlight=False)


def _groups(console: Console, groups: Sequence[Mapping[str, Any]]) -> None:
    """A line a group, with what can be said of it."""
    for group in groups:
        known = "，".join(f"{rate['name']}{percent(rate)}" for rate in group["rates"] if rate["value"] is not None)
        console.print(f"{group['group']}：{group['tickets']}件  {known or '每项都不足5件'}", highlight=False)


def lists(pushed: Mapping[str, int]) -> str:
    """下沉社区的任务, by the community's list."""
    cost = f"（经费{pushed['cost']}元）" if pushed["cost"] else ""
    return f"下沉社区的任务：清单内{pushed['inside']}件，清单外{pushed['outside']}件{cost}，拒收{pushed['refused']}件"


def percent(rate: Mapping[str, Any]) -> str:
    return "不足5件" if rate["value"] is None else f"{rate['value'] * 100:.1f}%"


def part(rate: Mapping[str, Any]) -> str:
    return "" if rate["part"] is None else f"{rate['part']:g}"


def times(spent: Mapping[str, Any]) -> str:
    if spent["mean"] is None:
        return f"不足5件（{spent['count']}件）"
    return f"平均{length(spent['mean'])}，一半在{length(spent['median'])}以内，九成在{length(spent['p90'])}以内"


def length(minutes: int) -> str:
    """3天2小时, 1小时5分, 7分."""
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    return f"{hours}小时{rest}分" if hours else f"{rest}分"
