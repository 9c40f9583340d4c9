"""`jushe doctor`: looks at everything a running service needs and says in words what is wrong."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from bot.checks import Soon, Wrong, checks
from bot.commands.opened import opened
from bot.settings import Settings, SettingsError, load, previous_keys, secret_key
from bot.spool import Spool
from bot.troubles import FOREIGN, NOT_MADE, trouble
from handlers.tickets.clock import SHANGHAI
from storage import chain, holidays_cn, jobs, ledger_audit, queue, rekey, schema, volunteer_audit
from storage.crypto import CannotOpen
from storage.engine import Database, open_database

FREE_BYTES = 1024**3
OLDEST_PUSH = timedelta(hours=12)  # quiet hours hold a push nine hours at most
QUIET_JOB = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok` None: nothing to check here, or only worth knowing."""

    name: str
    ok: bool | None
    words: str


def register(cli: typer.Typer) -> None:
    cli.command("doctor", help="检查数据库、发件、定时任务、密钥、磁盘等；有问题时状态码为 1。")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="写出 JSON")] = False,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="只查积分账：合计、孤儿分录、占用、次数上限、审计日志")
    ] = False,
) -> None:
    findings = list(look_at_ledger() if ledger else look())
    healthy = all(finding.ok is not False for finding in findings)
    if as_json:
        typer.echo(json.dumps({"ok": healthy, "checks": [asdict(f) for f in findings]}, ensure_ascii=False))
    else:
        for finding in findings:
            sign = {True: "好  ", False: "问题", None: "提示"}[finding.ok]
            typer.echo(f"{sign}  {finding.name}：{finding.words}")
    raise typer.Exit(0 if healthy else 1)


def look_at_ledger() -> Iterator[Finding]:
    """The points ledger audited; what does not add up, a line each."""
    with opened() as db:
        wrong = ledger_audit.findings(db)
        seen = ledger_audit.counts(db)
    for line in wrong:
        yield Finding("积分账", False, line)
    if not wrong:
        of = f"{seen['entries']}笔分录、{seen['postings']}条明细、{seen['accounts']}个账户、{seen['codes']}次兑换"
        yield Finding("积分账", True, f"{of}，都对得上")


def look() -> Iterator[Finding]:
    """Every check; one that cannot be made says so and the others go on."""
    try:
        settings = load()
    except SettingsError as error:
        for line in error.lines:
            yield Finding("设置", False, line)
        return
    yield Finding("设置", True, "没有错误")
    yield _finding("密钥", lambda: _key(settings))
    yield _finding("磁盘", lambda: _disk(settings))
    yield _finding("暂存", lambda: _spool(settings))
    if settings.database.startswith("sqlite") and not Path(settings.database.removeprefix("sqlite:///")).is_file():
        yield Finding("数据库", False, NOT_MADE)
        return  # looking creates nothing
    db: Database | None = None
    try:
        db = open_database(settings.database, _key_to_look_with(settings), previous_keys(settings))
        db.check()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        if db is not None:
            db.close()
        yield Finding("数据库", False, trouble(error))
        return
    now = datetime.now(UTC)
    try:
        yield Finding("数据库", True, f"{db.dialect}，表结构在")
        for name, check in (
            ("封存", lambda: _sealed(db)),
            ("假日表", lambda: _holidays(db, now.astimezone(SHANGHAI).date())),
            ("记录链", lambda: _chain(db)),
            ("旧密钥", lambda: _old_key(db, settings)),
            ("活动和时长", lambda: _volunteers(db)),
            ("发件", lambda: _outbox(db, now)),
            ("定时任务", lambda: _jobs(db, now)),
            ("社区资料", lambda: _register(db)),
            *checks(db, settings, now),
        ):
            yield _finding(name, check)
    finally:
        db.close()


def _finding(name: str, check: Callable[[], str | None]) -> Finding:
    try:
        words = check()
    except Wrong as wrong:
        return Finding(name, False, str(wrong))
    except Soon as soon:
        return Finding(name, None, str(soon))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return Finding(name, False, f"查不了：{trouble(error)}")
    if words is None:
        return Finding(name, None, "没有设置")
    return Finding(name, True, words)


def _key(settings: Settings) -> str:
    if settings.secret_key.get_secret_value():
        return "来自设置"
    path = settings.data_dir / "secret.key"
    if not path.exists():
        return "第一次启动时会生成"
    secret_key(settings)
    if path.stat().st_mode & 0o077:
        raise Wrong(f"别的用户也能读 {path}，请运行 chmod 600 {path}")
    if settings.database.startswith("postgresql"):
        raise Wrong(f"密钥在 {path}，只在这台机器上；几台机器共用一个数据库时，请都设同一个 JUSHE_SECRET_KEY")
    return f"在 {path}，请另存一份备份"


def _key_to_look_with(settings: Settings) -> str:
    """The key there is; where none is yet, one that is thrown away: looking creates nothing."""
    there = settings.secret_key.get_secret_value() or (settings.data_dir / "secret.key").exists()
    return secret_key(settings) if there else secrets.token_urlsafe(32)


def _sealed(db: Database) -> str:
    try:
        rekey.check(db)
    except CannotOpen:
        raise Wrong(FOREIGN) from None
    return "个人信息打得开"


def _chain(db: Database) -> str:
    try:
        return f"查了 {chain.verify(db)} 条，没有被改过"
    except chain.ChainBroken as broken:
        raise Wrong(f"在第 {broken.position} 条断了：记录被改过、删过，或密钥不是原来的那个") from None


def _old_key(db: Database, settings: Settings) -> str | None:
    if not previous_keys(settings):
        return None
    if rows := rekey.waiting(db):
        raise Soon(f"还有 {rows} 行是旧密钥封的，请运行 jushe rekey")
    return "没有旧密钥封的数据了，可以去掉 JUSHE_SECRET_KEY_PREVIOUS"


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(_existing(settings.data_dir)).free
    words = f"数据目录所在的盘还剩 {free / 1024**3:.1f} GB"
    if free < FREE_BYTES:
        raise Wrong(words + "，请清理")
    return words


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there: looking creates nothing."""
    folder = folder.absolute()
    return next(path for path in (folder, *folder.parents) if path.exists())


def _holidays(db: Database, today: date) -> str:
    """The year's 调休 table is published in November of the year before; this year's must be there."""
    with db.reading() as conn:
        years = holidays_cn.missing(conn, today)
    if today.year in years:
        raise Wrong(f"缺 {today.year} 年的调休安排，时限会算错；请升级，或运行 jushe import holidays 文件")
    if years:
        raise Soon(f"还没有 {years[0]} 年的调休安排。公布后请升级，或运行 jushe import holidays 文件")
    return f"{today.year}、{today.year + 1} 年都有"


def _volunteers(db: Database) -> str:
    if wrong := volunteer_audit.findings(db):
        raise Wrong("；".join(wrong[:3]) + (f"；还有{len(wrong) - 3}处" if len(wrong) > 3 else ""))
    posts, rows = volunteer_audit.counts(db)
    return f"{posts}个岗位、{rows}笔时长，都对得上"


def _outbox(db: Database, now: datetime) -> str:
    depth, oldest = queue.depth(db), queue.oldest(db)
    words = f"等待 {depth['waiting']}，正发 {depth['sending']}，没发出 {depth['failed']}"
    if oldest and now - oldest > OLDEST_PUSH:
        raise Wrong(f"{words}；最早的一条已等 {(now - oldest).total_seconds() / 3600:.0f} 小时，服务是否在运行？")
    return words


def _spool(settings: Settings) -> str:
    folder = settings.data_dir / "spool"
    if not folder.exists():
        return "等待 0 条"  # looking creates nothing
    spool = Spool(folder / "messages.jsonl")
    if stuck := spool.stuck_count():
        raise Wrong(f"{stuck} 条消息处理时出错，原话还在；升级或修好后运行 jushe spool --retry")
    return f"等待 {spool.count()} 条"


def _jobs(db: Database, now: datetime) -> str:
    rows = jobs.last(db)
    if not rows:
        return "还没有运行过"
    failing = [row for row in rows if not row.ok]
    if failing:
        raise Wrong("；".join(f"{row.name} 上次失败：{row.result}" for row in failing))
    last = max(row.started for row in rows)
    if now - last > QUIET_JOB:
        return f"上次运行是 {last.astimezone(SHANGHAI):%Y-%m-%d %H:%M}，之后服务没有在运行"
    return "、".join(sorted(row.name for row in rows)) + " 都正常"


def _register(db: Database) -> str | None:
    with db.reading() as conn:
        names = conn.execute(select(schema.communities.c.name).limit(100)).scalars().all()
    if not names:
        raise Wrong("还没有社区。请先 jushe import communities 文件")
    return f"{len(names)} 个社区"
