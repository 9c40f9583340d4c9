"""Accounts: the system's administrator adds, stops and places them and asks for roles; the security administrator
grants roles and lifts a lost second step; the auditor looks. Nobody does both halves (domain.md §2.8, 三员分立).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import Connection, select

from bot import staffing
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import NAMES, Right
from bot.console.scope import Viewer
from bot.importing import cells
from bot.importing.cells import Bad
from bot.keys import APP
from handlers.types import Role
from storage import audit, people, staff, staff_accounts
from storage.schema import communities, logins
from storage.sight import POSTS, StaffRole

if TYPE_CHECKING:
    from bot.app import App

HERE = "/console/accounts"
ROWS = 50
_CLAIM_DAYS = 7
Act = Callable[[Connection, str, datetime], object]
_SWITCH: dict[str, tuple[str, str, Act]] = {
    "stop": ("LoginDisabled", "已停用，正在用的都退出了。", staff_accounts.stop),
    "start": ("LoginEnabled", "已启用。", staff_accounts.start),
}


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/accounts?q=&after="""
    return await _shown(request, viewer, {}, {}, 200)


async def _shown(
    request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str], status: int, **more: object
) -> web.Response:
    app, words, after = request.app[APP], request.query.get("q", "").strip()[:64], request.query.get("after", "")[:64]
    asked = next((role.value for role, name in NAMES.items() if name == words), words)
    rows = await asyncio.to_thread(staff_accounts.page, app.db, app.clock(), asked, after, ROWS)
    waiting = await asyncio.to_thread(staff_accounts.waiting, app.db, app.clock())
    places = await asyncio.to_thread(_places, app) if viewer.may(Right.ACCOUNTS_EDIT) else []
    following = f"{HERE}?{urlencode({'q': words, 'after': rows[ROWS - 1].login})}" if len(rows) > ROWS else ""
    values = {"made": None, "role": "desk", **form}
    return show(
        request, viewer, "accounts.html", status=status, accounts=rows[:ROWS], waiting=waiting, words=words,
        names=NAMES, places=places, following=following, form=values, wrong=wrong,
        roles=[(role.value, name) for role, name in NAMES.items()], **{"made": None, **more},
    )  # fmt: skip


def _places(app: App) -> list[tuple[str, str]]:
    with app.db.reading() as conn:
        rows = conn.execute(select(communities.c.code, communities.c.name).order_by(communities.c.code).limit(500))
        return [("", "不限社区（管理员、第三方）"), *((row.code, row.name) for row in rows)]


async def add(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/accounts: made without any power; the role waits to be granted by somebody else."""
    app, given = request.app[APP], await fields(request)
    try:
        made = await asyncio.to_thread(_add, app, viewer, given)
    except _Wrong as wrong:
        return await _shown(request, viewer, given, wrong.fields, 422)
    return await _shown(request, viewer, {}, {}, 200, made=made)


class _Wrong(ValueError):
    def __init__(self, fields: dict[str, str]) -> None:
        """A sentence by field."""
        super().__init__()
        self.fields = fields


def _add(app: App, viewer: Viewer, given: dict[str, str]) -> dict[str, str]:
    """What is handed to the new one, once. Raises _Wrong."""
    checked, wrong = {}, {}
    for field, check in (("login", cells.login), ("name", cells.person_name), ("phone", cells.mobile)):
        try:
            checked[field] = check(given[field]) if given.get(field) else ""
        except Bad as bad:
            wrong[field] = f"{bad}。"
    for field, what in (("login", "登录名"), ("name", "姓名")):
        if not given.get(field):
            wrong[field] = f"请填{what}。"
    if wrong:
        raise _Wrong(wrong)
    code = given.get("code") or given.get("place", "")
    word, now = staff_accounts.new_password(), app.clock()
    with app.db.writing() as conn:
        try:
            role = staffing.named(given.get("role", ""))
        except staffing.Unfit as unfit:
            raise _Wrong({"role": str(unfit)}) from None
        try:
            where = staffing.place(conn, role, code, checked["name"])
        except staffing.Unfit as unfit:
            raise _Wrong({"code" if role in POSTS and role is not StaffRole.DESK else "place": str(unfit)}) from None
        if conn.execute(select(logins.c.login).where(logins.c.login == checked["login"])).first():
            raise _Wrong({"login": "这个登录名已经有了，请换一个。"})
        person = where.holder or people.add_person(conn, checked["name"], checked["phone"], where.community, now=now)
        try:
            staff.add_login(conn, checked["login"], word, person, now=now, role=role, scope=where.scope, initial=True)
        except staff.RolesMixed as mixed:
            raise _Wrong({"role": str(mixed)}) from None
        if role is StaffRole.DESK:
            people.add_post(conn, person, Role.DESK, where.community, now=now)
        staff_accounts.hold(conn, checked["login"], role, now)
        claim = people.new_claim(conn, person, now, _CLAIM_DAYS) if role in POSTS else ""
        body = {"login": checked["login"], "person": person, "role": role.value, "community": where.community}
        _note(conn, app, viewer, "StaffAdded", body)
    return {"login": checked["login"], "name": checked["name"], "role": NAMES[role], "password": word, "claim": claim}


async def change(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/accounts/{login}: stop, start, a new first password, another role asked for."""
    given, login = await fields(request), request.match_info["login"]
    do, role = given.get("do", ""), given.get("role", "")
    if do == "password":
        word = await _done(request, viewer, "PasswordReset", staff_accounts.reset_password)
        if isinstance(word, web.Response):
            return word
        made = {"login": login, "name": "", "role": "", "password": str(word), "claim": ""}
        return await _shown(request, viewer, {}, {}, 200, made=made)
    if do == "role" and role in StaffRole.__members__.values():
        asked = StaffRole(role)
        done = await _done(
            request, viewer, "RoleAsked", lambda conn, one, _: staff_accounts.ask_role(conn, one, asked), role=role
        )
        said = f"已提出改为{NAMES[asked]}，等安全管理员同意。"
    elif do in _SWITCH:
        kind, said, act = _SWITCH[do]
        done = await _done(request, viewer, kind, act)
    else:
        return back(request, HERE, "请选要做什么。", good=False)
    return done if isinstance(done, web.Response) else back(request, HERE, f"{login}：{said}")


async def grant(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/accounts/{login}/role: the role asked for is granted or not; a lost second step is lifted."""
    given, login = await fields(request), request.match_info["login"]
    if given.get("do") == "code":
        done = await _done(request, viewer, "CodeLifted", staff_accounts.forget_code)
        return done if isinstance(done, web.Response) else back(request, HERE, f"{login}的动态码已关掉。")
    granted = given.get("do") == "grant"
    role = await _done(
        request, viewer, "RoleGranted" if granted else "RoleRefused",
        lambda conn, one, now: staff_accounts.decide_role(conn, one, granted=granted, now=now),
    )  # fmt: skip
    if isinstance(role, web.Response):
        return role
    if not isinstance(role, StaffRole):
        return back(request, HERE, f"{login}没有在等的岗位。", good=False)
    return back(request, HERE, f"{login}：{'已同意' if granted else '没有同意'}{NAMES[role]}。")


async def _done(request: web.Request, viewer: Viewer, kind: str, act: Act, **more: str) -> object:
    """What `act` gives for the account of the address, noted in the log; a response where it cannot be."""
    app, login = request.app[APP], request.match_info["login"]
    if viewer.session is not None and viewer.session.login == login:
        return back(request, HERE, "自己的账号请别的管理员来改。", good=False)

    def work() -> object:
        with app.db.writing() as conn:
            if conn.execute(select(logins.c.login).where(logins.c.login == login)).first() is None:
                raise LookupError(login)
            found = act(conn, login, app.clock())
            if kind.startswith("Role") and kind != "RoleAsked" and found is None:
                return None  # nothing was decided
            role = {"role": found.value} if isinstance(found, StaffRole) else {}
            _note(conn, app, viewer, kind, {"login": login, **role, **more})
            return found

    try:
        done = await asyncio.to_thread(work)
    except LookupError:
        return back(request, HERE, "没有这个账号。", good=False)
    except (staff.RolesMixed, staff_accounts.NotGranted, staff_accounts.OfAnAdministrator) as no:
        return back(request, HERE, str(no), good=False)
    app.topics.publish("logins")  # open streams look again whether they may go on
    return done


def _note(conn: Connection, app: App, viewer: Viewer, kind: str, body: dict[str, object]) -> None:
    actor = viewer.session.person if viewer.session else 0
    audit.note(conn, kind, body, app.clock(), via="console", actor=actor)


def routes() -> list[web.RouteDef]:
    return [
        door("GET", HERE, Right.ACCOUNTS_SEE, page),
        door("POST", HERE, Right.ACCOUNTS_EDIT, add),
        door("POST", HERE + "/{login}", Right.ACCOUNTS_EDIT, change),
        door("POST", HERE + "/{login}/role", Right.ROLES_GRANT, grant),
    ]
