"""The numbers as a workbook to take away: who took it, when and why stands on every sheet and in the facts log."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter
from aiohttp import web

from bot.console import numbers, numbers_words
from bot.console.numbers_asked import wanted
from bot.console.page import fields
from bot.console.reckoned import Group, Reckoned, rate_of, reckoned
from bot.console.scope import Viewer
from bot.figures import FiguresRefused
from bot.importing.tables_out import safe
from bot.keys import APP
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.numbers import Rate
from storage import audit, places

REASON = (4, 200)  # characters
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float
_RATES = ("solved", "closed", "response", "satisfied", "on_time", "redone", "returned")


async def export(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """POST /console/numbers/export: the workbook, or the page again with what is missing."""
    app, form = request.app[APP], await fields(request)
    reason = form.get("reason", "")
    if not REASON[0] <= len(reason) <= REASON[1]:
        return await numbers.shown(request, viewer, {"reason": "导出要写明用途，4到200个字，会记入日志。"})
    names = await asyncio.to_thread(places.communities_named, app.db)
    ours, now = viewer.communities or (), app.clock()
    try:
        asked = wanted(request.query, ours, set(ours) >= set(names), now)
    except FiguresRefused as refused:
        return await numbers.shown(request, viewer, {"": str(refused)})
    who = viewer.session

    def make() -> bytes:
        body = {
            "from": asked.asked.first.isoformat(), "to": asked.asked.last.isoformat(), "community": asked.community,
            "reason": reason,
        }  # fmt: skip
        with app.db.writing() as conn:
            audit.note(conn, "NumbersExported", body, now, via="console", actor=who.person if who else 0)
        line = watermark(who.name or who.login if who else "", now, reason)
        return book(reckoned(app.db, asked.asked, asked.step), asked.days, line)

    data = await asyncio.to_thread(make)
    name = f"numbers-{asked.asked.first:%Y%m%d}-{asked.asked.last:%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=data, content_type=TYPE, headers=headers)


def watermark(name: str, now: datetime, reason: str) -> str:
    """Who took it, when, what for."""
    return (
        f"居社通导出 · {name} · {now.astimezone(SHANGHAI):%Y-%m-%d %H:%M} · 用途：{reason} · 仅供内部使用，不得外传"
    )


def book(found: Reckoned, days: str, line: str) -> bytes:
    """A sheet for the whole, one for the trend, one for each way of grouping; few stay hidden as on the page."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as made:
        _sheet(made, "总表", line, ("指标", "结果", "分子", "分母", "怎么算"), _whole(found, days))
        trend = ((numbers_words.stretch(one), *_row(one.numbers.tickets, one.numbers.rates)) for one in found.trend)
        names = [rate_of(found.whole, key).name for key in _RATES]
        _sheet(made, "趋势", line, ("时间", "报事", *names), trend)
        for of, groups in found.groups.items():
            title = numbers_words.GROUPS[of]
            heads = (title[1:], "报事", *names, "平均办结（分钟）")
            _sheet(made, title, line, heads, (_group(group) for group in groups))
    return out.getvalue()


def _whole(found: Reckoned, days: str) -> Iterable[Sequence[Cell]]:
    whole, effort = found.whole, found.effort
    yield ("时间", days, "", "", "")
    yield ("报事", whole.tickets, "", "", "件")
    for rate in whole.rates:
        part = "" if rate.part is None else rate.part
        yield (rate.name, numbers_words.share(rate), part, rate.whole, rate.formula)
    yield (
        "响应时长",
        numbers_words.spent(whole.response_time),
        "",
        whole.response_time.count,
        "从报事到第一次联系，自然时间",
    )
    yield ("办结时长", numbers_words.spent(whole.done_time), "", whole.done_time.count, "从报事到办结，自然时间")
    yield ("工作人员操作", effort.acts, "", "", "次")
    yield ("连续办理", numbers_words.work(effort.seconds), "", "", "下限：同一人相隔不超过5分钟的两次操作之间")
    yield ("机器人答完的问题", effort.answered - effort.unhelped, "", effort.answered, "去掉居民说没帮助的")


def _group(group: Group) -> tuple[Cell, ...]:
    mean = group.numbers.done_time.mean
    return (
        group.name,
        *_row(group.numbers.tickets, group.numbers.rates),
        numbers_words.FEW if mean is None else mean,
    )


def _row(tickets: int, rates: Sequence[Rate]) -> tuple[Cell, ...]:
    known = {rate.key: rate for rate in rates}
    return (tickets, *(numbers_words.share(known[key]) for key in _RATES))


def _sheet(
    made: xlsxwriter.Workbook, title: str, line: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    sheet = made.add_worksheet(title)
    grey = made.add_format({"italic": True, "font_color": "#777777"})
    bold = made.add_format({"bold": True, "bottom": 1})
    sheet.write_string(0, 0, safe(line), grey)
    sheet.set_footer(f"&C{safe(line).replace('&', '&&')[:200]}")
    sheet.set_column(0, len(heads) - 1, 16)
    sheet.freeze_panes(2, 1)
    for column, head in enumerate(heads):
        sheet.write_string(1, column, head, bold)
    for at, row in enumerate(rows, start=2):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, safe(cell))
            else:
                sheet.write_number(at, column, cell)
