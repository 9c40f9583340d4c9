"""How the platforms' accounts and the scheduled jobs are: tokens, quotas, errors, last runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from bot.channels.tencent.errors import Rule
from bot.console.doors import door
from bot.console.page import show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.jobs import JOBS
from bot.keys import APP
from storage import jobs, queue, view_messages

if TYPE_CHECKING:
    from bot.app import App

ABOUT = {
    "timers": "到点的提醒和升级", "leases": "没发完的消息放回去", "media": "取照片和语音", "chain": "日志封存",
    "register": "房屋表变了就重读", "models": "换用新学的模型", "knowledge": "知识库变了就重读",
    "spool": "数据库不通时暂存的消息", "stale": "太旧的消息不再发", "erased": "删掉该删的照片",
    "sweep": "清理过期的记录",
    "depth": "数一数等着发的", "points": "过期的积分", "calendar": "节假日变了，改动的日子告诉居民",
    "allowances": "清理额度记录", "digests": "定时摘要", "search": "找工单的索引", "numbers": "每天的指标",
    "months": "每月的积分", "alarms": "系统自己不对劲时告警",
}  # fmt: skip
OWN = {
    "stale": "等得太久，不发了", "no_identity": "没有能发到的地方", "invaliduser": "企业微信里没有这个人",
    "timeout": "平台没有回音", "reset": "连接断了", "unknown": "发的时候断了，不知道到没到",
    "again": "可能到过，再发一次", "bug": "程序出错",
    "window": "48小时没说话，平台不让发", "window_part": "平台只让发一部分", "limited": "额度用完",
    "paused": "平台让歇一会儿",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Health:
    """An account. `minutes`: how long the token still works, None without one."""

    name: str
    minutes: int | None
    refreshing: bool


def reasons() -> dict[str, str]:
    """Every code a push can fail with, in words."""
    from bot.channels.wechat.errors import RULES as WECHAT
    from bot.channels.wecom.errors import RULES as WECOM

    tables: tuple[dict[int, Rule], ...] = (WECOM, WECHAT)
    return {str(code): rule.meaning for table in tables for code, rule in table.items()} | OWN


async def accounts(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings/accounts"""
    app = request.app[APP]
    now = app.clock()

    def read() -> tuple[list[Health], list[tuple[str, int, int]], list[tuple[str, str, int]], dict[str, int]]:
        health = [_health(one, now) for one in view_messages.account_tokens(app.db)]
        sent = view_messages.tally(app.db, None, now, 1)
        return health, view_messages.taken(app.db, now), sent, queue.depth(app.db)

    health, taken, sent, depth = await asyncio.to_thread(read)
    return show(
        request, viewer, "settings_accounts.html", health=health, taken=taken, depth=depth, reasons=reasons(),
        failed=[(code, many) for state, code, many in sent if state == "failed"],
        sent=sum(many for state, _, many in sent if state == "sent"), channels=_channels(app),
    )  # fmt: skip


def _health(one: view_messages.Token, now: datetime) -> Health:
    minutes = int((one.expires - now) / timedelta(minutes=1)) if one.expires else None
    busy = one.refreshing_until is not None and one.refreshing_until > now
    return Health(one.name, minutes, busy)


def _channels(app: App) -> list[tuple[str, str]]:
    """(channel, how it is set up), of those this process has."""
    named = {"wechat": "公众号", "wecom": "企业微信", "webchat": "网页聊天"}
    settings = app.settings
    said = {
        "wechat": f"{settings.wechat_app_id}，{settings.wechat_mode}模式", "wecom": settings.wecom_corp_id,
        "webchat": "本机",
    }  # fmt: skip
    return [(name, said[key]) for key, name in named.items() if key in app.channels]


async def runs(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings/jobs"""
    app = request.app[APP]
    last = {run.name: run for run in await asyncio.to_thread(jobs.last, app.db)}
    now = app.clock()
    rows = [(job, last.get(job.name), _late(last.get(job.name), job.every, now)) for job in JOBS]
    return show(request, viewer, "settings_jobs.html", rows=rows, about=ABOUT)


def _late(run: jobs.JobRun | None, every: float, now: datetime) -> bool:
    """A run that found nothing is written down once a minute at most, so a little patience belongs to it."""
    return run is not None and (now - run.started).total_seconds() > every + 300


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/settings/accounts", Right.SETTINGS_EDIT, accounts),
        door("GET", "/console/settings/jobs", Right.SETTINGS_EDIT, runs),
    ]
