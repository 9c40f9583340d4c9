"""`jushe serve`, `demo`, `migrate`: the long-running process and what goes before it."""

from __future__ import annotations

import asyncio
import faulthandler
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot import logs, presence
from bot.settings import Settings, SettingsError, load

Port = Annotated[int | None, typer.Option("--port", help="端口，0 为任意空闲端口")]
Data = Annotated[Path | None, typer.Option("--data", help="数据目录")]


def register(cli: typer.Typer) -> None:
    cli.command("demo", help="示例社区：不用任何账号，在浏览器里看居民、微网格长和工单。")(demo)
    cli.command("serve", help="正式服务，按设置连接真实账号。")(serve)
    cli.command("migrate", help="把数据库升级到本版本。")(migrate)


def demo(
    port: Port = 8080,
    data: Data = None,
    households: Annotated[int, typer.Option("--households", help="约多少户，默认 1920", min=0)] = 0,
) -> None:
    """The sample community in its own data directory; no setting of a real service is needed or changed."""
    settings = _settings(data or Path("jushe-data/demo"), port, database_url="")
    asyncio.run(_run(settings, demo=True, households=households))


def serve(port: Port = None, data: Data = None) -> None:
    settings = _settings(data, port)
    if not settings.wechat_app_id and not settings.webchat:
        entry = "请设 JUSHE_WECHAT_APP_ID 等（公众号），或 JUSHE_WEBCHAT=true（网页聊天）"
        raise SettingsError([f"还没有一个入口：{entry}。只是试用，请运行 jushe demo。"])
    asyncio.run(_run(settings, demo=False, households=0))


def migrate(data: Data = None) -> None:
    from bot.app import open_storage  # the quick commands start without the whole program

    with closing(open_storage(_settings(data, None))) as db:
        db.migrate()
    typer.echo("数据库已是本版本。")


def _settings(data: Path | None, port: int | None, **more: str) -> Settings:
    given = more | {name: value for name, value in (("data_dir", data), ("port", port)) if value is not None}
    settings = load(**given)
    logs.set_up(settings.log_level, settings.log_format)
    return settings


async def _run(settings: Settings, *, demo: bool, households: int) -> None:
    from bot import app, server

    server.may_listen(settings.host, settings.port)
    faulthandler.enable()  # a crash in a library's C code says on stderr where it was
    with presence.here(settings.data_dir):
        running = await app.start(settings, demo=demo, households=households)
        await server.serve(running, partial(_welcome, settings, demo))


def _welcome(settings: Settings, demo: bool, port: int) -> None:
    address = settings.public_url or settings.model_copy(update={"port": port}).address
    if settings.log_format == "json":  # what collects lines of JSON would stumble over another one
        logs.started(address, port)
        return
    if not demo:
        typer.echo(f"居社通已启动：{address}")
        return
    from bot.console.rights import NAMES
    from storage.sample_logins import LOGIN, LOGINS, PASSWORD

    others = "、".join(f"{login} {NAMES[role]}" for login, (role, _, _) in LOGINS.items() if login != LOGIN)
    typer.echo(
        f"示例社区已经开好。在浏览器里打开：\n"
        f"  {address}/demo     居民手机、微网格长手机、社区工单\n"
        f"  {address}/console/ 工作人员，账号 {LOGIN}，密码 {PASSWORD}\n"
        f"  同一个密码，别的岗位：{others}\n"
        f"按 Ctrl+C 停止。"
    )
