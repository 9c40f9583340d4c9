"""`jushe backup`, `restore`, `rekey`, `spool`, `qrcode`, `menu push`: what an operator does now and then."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlalchemy import select

from bot import backups, presence, rehearsal, spool_taken
from bot.commands.opened import fail, now, opened
from bot.settings import Settings, load, previous_keys, secret_key
from bot.spool import Spool
from storage import crypto, land, schema, watch
from storage import rekey as rekeying
from storage.alive import Alive
from storage.engine import Database, open_database

if TYPE_CHECKING:
    from bot.channels.wechat.client import WeChatClient

menu_cli = typer.Typer(name="menu", help="公众号菜单。", no_args_is_help=True)


def register(cli: typer.Typer) -> None:
    cli.command("backup", help="把数据库完整地存成一个文件；服务不用停。")(backup)
    cli.command("restore", help="用备份换掉现在的数据库；先停服务。")(restore)
    cli.command("rekey", help="换密钥之后：把旧密钥封存的数据改用新密钥；服务不用停。")(rekey)
    cli.command("spool", help="暂存的消息：有多少，--retry 重试出错的，--take 收下坏掉的机器的。")(spool)
    cli.command("qrcode", help="给一个社区的每幢楼生成带参数二维码，写成 csv。")(qrcode)
    cli.add_typer(menu_cli)


def backup(file: Path, force: Annotated[bool, typer.Option("--force", help="覆盖已有的文件")] = False) -> None:
    settings = load()
    if file.exists() and not force:
        fail(f"{file} 已经有了；要覆盖请加 --force。")
    try:
        size = backups.save(settings.database, file)
        with opened() as db:
            watch.backed_up(db, now())
    except backups.BackupFailed as error:
        fail(str(error))
    typer.echo(f"已备份到 {file}（{size / 1024**2:.1f} MB）。照片在 {settings.data_dir / 'media'}，请一并保存。")
    if not settings.secret_key.get_secret_value():
        typer.echo(f"密钥 {settings.data_dir / 'secret.key'} 请另存到别处：没有它，备份里的个人信息读不出来。")


def rekey() -> None:
    if not previous_keys(load()):
        fail("没有旧密钥：先把原来的密钥设为 JUSHE_SECRET_KEY_PREVIOUS，新的设为 JUSHE_SECRET_KEY。")
    with opened() as db:
        total = rekeying.waiting(db)
        with typer.progressbar(length=total, label="改用新密钥") as bar:
            for step in rekeying.renew(db):
                bar.update(step)
    typer.echo(f"已改 {total} 行。所有进程都用上新密钥之后，可以去掉 JUSHE_SECRET_KEY_PREVIOUS。")


def restore(
    file: Path,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
    check: Annotated[bool, typer.Option("--check", help="只在旁边试恢复、查对，现在的数据库不动")] = False,
) -> None:
    settings = load()
    if not file.is_file():
        fail(f"没有这个文件：{file}")
    try:
        if check or yes:  # what is not asked about is tried out first
            found = rehearsal.rehearse(file, settings.database, secret_key(settings), previous_keys(settings))
            typer.echo(f"备份完好：{found.words}。")
    except backups.BackupFailed as error:
        fail(str(error))
    if check:
        return
    if not yes:
        typer.confirm(f"用 {file} 换掉现在的数据库？", abort=True)
    try:
        with presence.alone(settings.data_dir):
            _nobody_else(settings)
            kept = backups.load(file, settings.database)
    except (backups.BackupFailed, presence.InUse) as error:
        fail(str(error))
    typer.echo("已恢复。" + (f"原来的数据库存为 {kept}。" if kept else ""))


def _nobody_else(settings: Settings) -> None:
    """On PostgreSQL processes with another data directory, on other hosts, use the database too. Raises InUse."""
    if settings.database.startswith("sqlite"):
        return
    with closing(open_database(settings.database, secret_key(settings), previous_keys(settings))) as db:
        if living := len(Alive(db, "", settings.data_dir).living()):
            raise presence.InUse(f"还有 {living} 个居社通进程在用这个数据库，可能在别的机器上。请先都停掉。")


def spool(
    retry: Annotated[bool, typer.Option("--retry", help="把出错的放回去重试")] = False,
    folder: Annotated[Path | None, typer.Option("--take", help="收下一台坏掉的机器的暂存目录（的复制）")] = None,
) -> None:
    settings = load()
    kept = Spool(settings.data_dir / "spool" / "messages.jsonl")
    if folder is not None:
        _take(kept, folder, settings)
    if retry:
        typer.echo(f"放回 {kept.retry_stuck()} 条，服务会在几秒内处理。")
    typer.echo(f"等待 {kept.count()} 条，出错 {kept.stuck_count()} 条。")


def _take(kept: Spool, folder: Path, settings: Settings) -> None:
    crypto.use(crypto.Keyring(secret_key(settings), previous_keys(settings)))
    try:
        taken = spool_taken.take(kept, folder, now())
    except spool_taken.NotTaken as reason:
        fail(str(reason))
    except OSError as error:
        fail(f"没有收完（{error.strerror}）：{folder}。修好以后再收一次，已经收下的不会办两遍。")
    typer.echo(f"收下 {taken.messages} 条，服务会在几秒内按先后处理。")
    if taken.broken or taken.stuck:
        typer.echo(f"另存 {taken.broken + taken.stuck} 条：{taken.broken} 条读不出来，{taken.stuck} 条在那边就出错。")
    if taken.old:
        typer.echo(f"另存 {taken.old} 条太旧的：可能早已办过。要办的话运行 jushe spool --retry。")


@menu_cli.command("push", help="把菜单推到公众号和企业微信应用（设了哪个推哪个）。")
def menu_push() -> None:
    settings = load()
    if settings.wecom_corp_id:
        _push_wecom(settings)
    if settings.wechat_app_id or not settings.wecom_corp_id:
        _push_wechat()


def _push_wecom(settings: Settings) -> None:
    from bot import wecom
    from bot.channels.tencent.menu import faults
    from bot.channels.tencent.shelf import DatabaseShelf
    from bot.channels.wecom.client import WeComClient
    from bot.channels.wecom.menu import MENU

    if wrong := faults(MENU):
        fail(*wrong)

    async def run(db: Database) -> None:
        client = WeComClient(wecom.config(settings), DatabaseShelf(db, wecom.token_name(settings)), now)
        try:
            await client.create_menu(MENU)
        finally:
            await client.close()

    _taken("企业微信", run)
    typer.echo("菜单已推到企业微信应用。")


def _push_wechat() -> None:
    from bot.channels.tencent.menu import faults
    from bot.channels.wechat.menu import MENU

    if wrong := faults(MENU):
        fail(*wrong)
    _with_client(lambda client: client.create_menu(MENU))
    typer.echo("菜单已推送，24 小时内在大家的手机上更新。")


def qrcode(
    community: Annotated[str, typer.Argument(help="社区编码，12位数字")],
    file: Annotated[Path, typer.Argument(help="写到哪个 csv 文件")],
) -> None:
    """One permanent code a building (the platform allows 100,000 an account)."""
    from bot.channels.wechat.qr import picture

    with opened() as db, db.reading() as conn:
        found = conn.execute(select(schema.communities.c.id).where(schema.communities.c.code == community)).scalar()
        if found is None:
            fail(f"没有编码是 {community} 的社区。")
        plates = land.building_codes(conn, found)

    draft = file.with_name(f"{file.name}.part")  # what was made before stays until all is there

    async def make(client: WeChatClient) -> None:
        with closing(draft.open("w", encoding="utf-8-sig", newline="")) as out:
            rows = csv.writer(out)
            rows.writerow(("小区", "楼", "参数", "二维码图片"))
            with typer.progressbar(plates, label="二维码") as bar:
                for estate, building, scene in bar:
                    rows.writerow((estate, building, scene, picture(await client.create_qrcode(scene))))

    try:
        _with_client(make)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    typer.echo(f"{len(plates)} 个二维码写到了 {file}。")


def _with_client(work: Callable[[WeChatClient], Awaitable[None]]) -> None:
    """One call or a few at the platform, with the settings' account."""
    from bot import wechat
    from bot.channels.tencent.shelf import DatabaseShelf
    from bot.channels.wechat.client import WeChatClient
    from bot.channels.wechat.config import token_name

    settings = load()
    if not settings.wechat_app_id:
        fail("没有设置公众号：请设 JUSHE_WECHAT_APP_ID、JUSHE_WECHAT_SECRET、JUSHE_WECHAT_TOKEN。")

    async def run(db: Database) -> None:
        client = WeChatClient(wechat.config(settings), DatabaseShelf(db, token_name(settings.wechat_app_id)), now)
        try:
            await work(client)
        finally:
            await client.close()

    _taken("公众平台", run)


def _taken(platform: str, run: Callable[[Database], Coroutine[Any, Any, None]]) -> None:
    """Calls at a platform, with the token kept in the database; what it does not take is one clear line."""
    from bot.channels.tencent.errors import ApiError

    try:
        with opened() as db:
            asyncio.run(run(db))
    except ApiError as error:
        fail(f"{platform}没有接受：{error}")
