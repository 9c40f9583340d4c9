"""Settings: the front page, and the category table with its history."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import groupby

from aiohttp import web

from bot.console import one_row, settings_accounts, settings_clocks, settings_days, settings_messages, settings_units
from bot.console.asking import found
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.importing.kinds import KINDS
from bot.keys import APP
from handlers.tickets.categories import GROUPS, UNITS, Category
from storage import view_settings

LEVELS = (
    ("T0", "T0 特急"), ("T1", "T1 紧急"), ("T2", "T2 一般"), ("T3", "T3 较慢"), ("T4", "T4 复杂"), ("TC", "TC 咨询"),
    ("TW", "TW 物业答复"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    path: str
    name: str
    about: str


CARDS = (
    Card("categories", "事项分类", "主办、协办、级别，要不要照片和核查"),
    Card("limits", "时限和值班时间", "每一级、每一类各环节多长；什么时候算上班"),
    Card("calendar", "节假日和调休", "哪天放假、哪天补班，少了明年的会提醒"),
    Card("units", "单位和人员", "物业、部门、维保，管到哪里，有谁"),
    Card("accounts", "账号状态", "公众号、企业微信的令牌、额度、出错"),
    Card("jobs", "定时任务", "最近一次什么时候跑、多久、结果"),
    Card("messages", "消息记录", "发出去没有，为什么没发成，重发"),
)


async def index(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings"""
    history = await asyncio.to_thread(
        view_settings.history, request.app[APP].db, ("categories", "limits", "hours", "holidays", "units", "members")
    )
    return show(request, viewer, "settings.html", cards=CARDS, history=history)


async def categories(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings/categories"""
    rows = await asyncio.to_thread(view_settings.all_categories, request.app[APP].db)
    grouped = [(group, list(several)) for group, several in groupby(rows, key=lambda one: one.code[:2])]
    history = await asyncio.to_thread(view_settings.history, request.app[APP].db, ("categories",))
    return show(
        request, viewer, "settings_categories.html", grouped=grouped, groups=GROUPS, units=UNITS, history=history
    )  # fmt: skip


async def category(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings/categories/<code>"""
    one = await _one(request)
    form = {
        "name": one.name, "lead": UNITS.get(one.lead, ""), "assist": "、".join(UNITS.get(k, k) for k in one.assist),
        "level": one.level, "std_code": one.std_code, "photo": "1" * one.photo, "verify": "1" * one.verify,
    }  # fmt: skip
    return await _category(request, viewer, one, form, {})


async def edit(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/settings/categories/<code>"""
    one, given = await _one(request), await fields(request)
    row = {**given, "code": one.code} | {name: "是" if given.get(name) else "否" for name in ("photo", "verify")}
    wrong = await one_row.write(request, viewer, "categories", [row])
    if wrong:
        return await _category(request, viewer, one, given, wrong)
    return back(request, "/console/settings/categories", f"{one.code} 改好了，从现在起的新工单按它办。")


async def _one(request: web.Request) -> Category:
    rows = await asyncio.to_thread(view_settings.all_categories, request.app[APP].db)
    return found(next((one for one in rows if one.code == request.match_info["code"]), None))


async def _category(
    request: web.Request, viewer: Viewer, one: Category, form: dict[str, str], wrong: dict[str, str]
) -> web.Response:
    history = await asyncio.to_thread(view_settings.history, request.app[APP].db, ("categories",), one.code)
    return show(
        request, viewer, "settings_category.html", status=422 if wrong else 200, one=one, form=form, wrong=wrong,
        kinds=[(name, name) for name in UNITS.values()], levels=LEVELS, history=history,
        hint=KINDS["categories"].column("assist").hint,
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/settings", Right.SETTINGS_EDIT, index),
        door("GET", "/console/settings/categories", Right.SETTINGS_EDIT, categories),
        door("GET", "/console/settings/categories/{code}", Right.SETTINGS_EDIT, category),
        door("POST", "/console/settings/categories/{code}", Right.SETTINGS_EDIT, edit),
        *settings_clocks.routes(),
        *settings_days.routes(),
        *settings_units.routes(),
        *settings_accounts.routes(),
        *settings_messages.routes(),
    ]
