"""`jushe staff` and `jushe leaders`: log-ins, posts and one-time codes, given by somebody at the machine."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from sqlalchemy import Connection, select

from bot import staffing
from bot.commands.opened import fail, now, opened
from bot.console.rights import NAMES
from bot.importing.cells import Bad, mobile, person_name
from bot.importing.cells import login as login_name
from bot.importing.importer import CLAIM_DAYS
from handlers.types import Role
from storage import audit, people, staff
from storage.schema import communities, grids, logins, micro_grids, persons, posts
from storage.sight import POSTS, StaffRole, scopes

_LOGIN = Annotated[str, typer.Option("--login", help="登录名，3到32位小写字母和数字")]
_STDIN = Annotated[bool, typer.Option("--password-stdin", help="从标准输入读密码，不询问")]

staff_cli = typer.Typer(name="staff", help="社区工作人员的账号和口令。", no_args_is_help=True)
leaders_cli = typer.Typer(name="leaders", help="微网格长的认领码。", no_args_is_help=True)


def register(cli: typer.Typer) -> None:
    """Add the commands to `jushe`."""
    cli.add_typer(staff_cli)
    cli.add_typer(leaders_cli)


@staff_cli.command()
def add(
    login: _LOGIN,
    name: Annotated[str, typer.Option("--name", help="姓名")],
    at: Annotated[
        str, typer.Option("--community", "--at", help="在哪里：社区12位、网格15位、微网格17位编码，或单位编码")
    ] = "",
    role: Annotated[str, typer.Option("--role", help=f"岗位：{'、'.join(NAMES.values())}")] = "社区工作人员",
    phone: Annotated[str, typer.Option("--phone", help="手机号，可不填")] = "",
    password_stdin: _STDIN = False,
) -> None:
    """加一名工作人员：后台账号、岗位，和在微信里认领岗位的口令。

    网格和单位的人先用 jushe import leaders、members 登记，这里只开账号；管理员不用写 --at。
    """
    try:
        login, name, phone = login_name(login), person_name(name.strip()), mobile(phone) if phone else ""
    except Bad as bad:
        fail(f"{bad}。")
    try:
        wanted = staffing.named(role)
    except staffing.Unfit as unfit:
        fail(str(unfit))
    with opened() as db:
        with db.reading() as conn:
            try:
                where = staffing.place(conn, wanted, at, name)
            except staffing.Unfit as unfit:
                fail(str(unfit))
            if conn.execute(select(logins.c.login).where(logins.c.login == login)).first():
                fail(f"登录名 {login} 已经有了。改密码用 jushe staff password --login {login}。")
            _check_name(conn, name, phone)
        password = _password(login, from_stdin=password_stdin)
        with db.writing() as conn:
            moment = now()
            person = where.holder or people.add_person(conn, name, phone, where.community, now=moment)
            if wanted is StaffRole.DESK:
                people.add_post(conn, person, Role.DESK, where.community, now=moment)
            try:
                staff.add_login(conn, login, password, person, now=moment, role=wanted, scope=where.scope)
            except staff.LoginTaken:
                fail(f"登录名 {login} 已经有了。")
            except staff.RolesMixed as mixed:
                fail(str(mixed))
            posted = wanted in POSTS
            code = people.new_claim(conn, person, moment, CLAIM_DAYS) if posted else ""
            noted = {"login": login, "person": person, "community": where.community, "role": wanted.value}
            audit.note(conn, "StaffAdded", noted, moment, via="command")
    typer.echo(f"已加入：{name}，{NAMES[wanted]}，登录名 {login}。")
    if code:
        _say_code(code)


@staff_cli.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="用 JSON 输出")] = False) -> None:
    """列出账号。"""
    with opened() as db, db.reading() as conn:
        names = {row.id: row.name for row in conn.execute(select(communities.c.id, communities.c.name))}
        at = now()
        rows = [
            {
                "login": row.login, "name": row.name, "role": NAMES[row.role],
                "communities": [names[c] for c in row.communities if c in names],
                "state": "停用" if row.disabled else "锁定" if row.locked_until and row.locked_until > at else "正常",
            }
            for row in staff.list_logins(conn)
        ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['login']}\t{row['name']}\t{row['role']}\t{'、'.join(row['communities'])}\t{row['state']}")
    if not rows:
        typer.echo("还没有账号。用 jushe staff add 添加。")


@staff_cli.command()
def password(login: _LOGIN, password_stdin: _STDIN = False) -> None:
    """改密码：解除锁定和停用，正在用的会话都退出。"""
    with opened() as db:
        with db.reading() as conn:
            person = _owner(conn, login)
        word = _password(login, from_stdin=password_stdin)
        with db.writing() as conn:
            staff.add_login(conn, login, word, person, now=now())
            audit.note(conn, "PasswordSet", {"login": login}, now(), via="command")
    typer.echo(f"{login} 的密码已改。")


@staff_cli.command()
def disable(login: _LOGIN) -> None:
    """停用账号，正在用的会话立刻退出；岗位也一起卸任。"""
    with opened() as db, db.writing() as conn:
        person = _owner(conn, login)
        for community in scopes(conn, person, (Role.DESK,)):
            people.end_post(conn, person, Role.DESK, community, now=now())
        staff.disable_login(conn, login, now=now())
        audit.note(conn, "LoginDisabled", {"login": login}, now(), via="command")
    typer.echo(f"{login} 已停用。")


@staff_cli.command()
def code(login: _LOGIN) -> None:
    """重新发认领码，以前没用过的作废。"""
    with opened() as db, db.writing() as conn:
        fresh = people.new_claim(conn, _owner(conn, login), now(), CLAIM_DAYS)
        audit.note(conn, "ClaimIssued", {"login": login}, now(), via="command")
    _say_code(fresh)


@leaders_cli.command("code")
def leader_code(
    scope: Annotated[str, typer.Option("--grid", help="微网格编码（17位）；专职网格员用网格编码（15位）")],
    deputy: Annotated[bool, typer.Option("--deputy", help="副微网格长")] = False,
) -> None:
    """给现任微网格长（或副）重新发认领码，以前没用过的作废。"""
    table, role = (grids, Role.GRID) if len(scope) == 15 else (micro_grids, Role.DEPUTY if deputy else Role.LEADER)
    with opened() as db, db.writing() as conn:
        holder = conn.execute(
            select(persons.c.id, persons.c.name)
            .join(posts, posts.c.person == persons.c.id)
            .join(table, table.c.id == posts.c.scope)
            .where(table.c.code == scope, posts.c.role == role.value, posts.c.until.is_(None))
        ).first()
        if holder is None:
            fail(f"{scope} 没有这个岗位的人。用 jushe import leaders 登记。")
        fresh = people.new_claim(conn, holder.id, now(), CLAIM_DAYS)
        audit.note(conn, "ClaimIssued", {"scope": scope, "role": role.value}, now(), via="command")
    typer.echo(f"{scope} {holder.name}")
    _say_code(fresh)


def _owner(conn: Connection, login: str) -> int:
    found = conn.execute(select(logins.c.person).where(logins.c.login == login)).scalar()
    if found is None:
        fail(f"没有登录名 {login}。用 jushe staff list 看有哪些。")
    return int(found)


def _check_name(conn: Connection, name: str, phone: str) -> None:
    for index in people.phone_indexes(phone):
        other = conn.execute(select(persons.c.name).where(persons.c.phone_index == index)).scalar()
        if other and other != name:
            fail("这个手机号已登记在另一个姓名下，请核对。")


def _password(login: str, *, from_stdin: bool) -> str:
    if from_stdin:
        word = sys.stdin.readline().rstrip("\r\n")
    else:
        word = typer.prompt("密码（至少10位）", hide_input=True, confirmation_prompt="再输一次")
    fault = staff.password_fault(word, login)
    if fault:
        fail(fault)
    return str(word)


def _say_code(code: str) -> None:
    typer.echo(f"认领码：{code}（{CLAIM_DAYS}天内有效，只显示这一次）。请本人在微信里给公众号发：认领 {code}")
