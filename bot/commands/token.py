"""`jushe token`: tokens by which other programs call the API; shown once, kept as a hash."""

from __future__ import annotations

import json
import re
from typing import Annotated

import typer
from sqlalchemy import Connection, select

from bot.commands.opened import fail, now, opened
from bot.importing.cells import Bad, mobile
from handlers.types import Role
from storage import api_tokens, audit, people
from storage.ledger import Ledger
from storage.schema import communities, posts

ROLES = ("source", "desk", "member", "read")
token_cli = typer.Typer(name="token", help="其他程序调用 API 的令牌。", no_args_is_help=True)


def register(cli: typer.Typer) -> None:
    cli.add_typer(token_cli)


@token_cli.command()
def add(
    name: Annotated[str, typer.Argument(help="名称，如 12345；小写字母、数字、点、横线")],
    role: Annotated[str, typer.Option("--role", help="source 其他平台推送；desk 社区；member 承办人；read 只看")],
    community: Annotated[str, typer.Option("--community", help="社区编码；all 是全部社区")],
    phone: Annotated[str, typer.Option("--phone", help="member：承办人登记的手机号")] = "",
    days: Annotated[int, typer.Option("--days", min=0, max=3660, help="有效天数，0 是一直有效")] = 365,
    per_minute: Annotated[int, typer.Option("--per-minute", min=1, max=6000, help="每分钟最多几次")] = 120,
) -> None:
    """加一个令牌。令牌只显示这一次。"""
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,31}", name):
        fail("名称应是2到32位小写字母、数字、点或横线，如 12345。")
    if role not in ROLES:
        fail(f"角色只能是 {'、'.join(ROLES)}。")
    with opened() as db, db.writing() as conn:
        place = _community(conn, community)
        if api_tokens.taken(conn, name):
            fail(f"名称 {name} 已经用过。请换一个，如 {name}-2。")
        at = now()
        person = _member(conn, phone) if role == "member" else people.add_person(conn, name, "", place, now=at)
        token = api_tokens.add(conn, name, role, place, person, now=at, days=days, per_minute=per_minute)
        body = {"name": name, "role": role, "community": place, "person": person}
        audit.note(conn, "TokenAdded", body, at, via="command")
    typer.echo(token)
    typer.echo(f"令牌 {name} 已生成，只显示这一次，请妥善交给对方。", err=True)


@token_cli.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="用 JSON 输出")] = False) -> None:
    """列出令牌（不含令牌本身）。"""
    with opened() as db, db.reading() as conn:
        at = now()
        rows = [
            {
                "name": row.name, "role": row.role, "community": row.community or "全部",
                "per_minute": row.per_minute,
                "state": "停用" if row.revoked else "过期" if row.expires and row.expires <= at else "正常",
                "expires": row.expires.date().isoformat() if row.expires else "",
                "used": row.used.isoformat(timespec="minutes") if row.used else "",
            }
            for row in api_tokens.listed(conn)
        ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        expires = f"，到 {row['expires']}" if row["expires"] else ""
        used = f"，上次使用 {row['used']}" if row["used"] else "，还没有用过"
        typer.echo(f"{row['name']}  {row['role']}  {row['community']}  {row['state']}{expires}{used}")
    if not rows:
        typer.echo("还没有令牌。用 jushe token add 加一个。")


@token_cli.command()
def revoke(name: Annotated[str, typer.Argument(help="名称")]) -> None:
    """停用一个令牌，马上生效。"""
    with opened() as db, db.writing() as conn:
        if not api_tokens.revoke(conn, name, now()):
            fail(f"没有叫 {name[:32]} 的令牌在用。用 jushe token list 看看。")
        audit.note(conn, "TokenRevoked", {"name": name}, now(), via="command")
    typer.echo(f"令牌 {name} 已停用。")


def _community(conn: Connection, code: str) -> int:
    if code == "all":
        return 0
    found = conn.execute(select(communities.c.id).where(communities.c.code == code)).scalar()
    if found is None:
        fail(f"没有编码是 {code[:20]} 的社区。全部社区写 all。")
    return int(found)


def _member(conn: Connection, phone: str) -> int:
    """The person with this phone, who must hold a post."""
    try:
        row = people.with_phone(Ledger(conn), mobile(phone))
    except Bad as bad:
        fail(f"--phone：{bad}。")
    held = select(posts.c.id).where(posts.c.until.is_(None), posts.c.role != Role.DESK.value)
    if row is None or conn.execute(held.where(posts.c.person == row["id"]).limit(1)).first() is None:
        fail("没有岗位登记了这个手机号。请先 jushe import leaders。")
    return int(row["id"])
