"""What `jushe doctor` looks up that an operator would need an hour for: each check says in words what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot import certificate
from bot.alarms import RULES
from bot.measures import QUOTA, TOKEN
from bot.settings import Settings
from handlers.announcements.chat import quiet
from handlers.tickets.clock import SHANGHAI
from storage import chain, jobs, schema, watch
from storage.alive import Alive
from storage.engine import Database
from storage.migrations import versions

CERTIFICATE_SOON, CERTIFICATE_NOW = 30.0, 14.0  # days
SKEW = 5.0  # seconds
AHEAD = timedelta(minutes=1)  # of the last job: it cannot have run in the future
BACKUP = timedelta(hours=26)
OVERDUE = 600.0  # seconds


class Soon(Exception):
    """Nothing is broken yet; `str(error)` says what will be needed."""


class Wrong(Exception):
    """`str(error)` says what is wrong and what to do."""


def checks(db: Database, settings: Settings, now: datetime) -> Iterator[tuple[str, Callable[[], str | None]]]:
    """(name, check): a check gives words, None when there is nothing to look at, or raises Soon or Wrong."""
    yield "公众号", lambda: _wechat(db, settings, now)
    yield "企业微信", lambda: _wecom(db, settings, now)
    yield "表结构", lambda: _version(db)
    yield "告警", lambda: _alarms(db)
    yield "值班", lambda: _duty(db, settings)
    yield "卡住的行", lambda: _stuck(db, now)
    yield "积压", lambda: _backlog(db, settings, now)
    yield "平台令牌和额度", lambda: _platform(db)
    yield "证书", lambda: _certificate(settings, now)
    yield "时钟", lambda: _clock(db, now)
    yield "备份", lambda: _backup(db, now)
    yield "归档", lambda: _archived(db)
    yield "进程", lambda: _processes(db, settings)


def _local(at: datetime) -> str:
    """As the clock on the wall shows it."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _version(db: Database) -> str:
    there, wanted = versions(db)
    if there != wanted:
        raise Wrong(f"是 {there}，本版本要 {wanted}。运行 jushe migrate（serve 启动时也会做）")
    return f"{there}，是本版本的"


def _alarms(db: Database) -> str:
    titles = {rule.name: rule.title for rule in RULES}
    on = [
        f"{titles.get(name.partition('@')[0], name)}（从 {_local(at)}）" for name, at in watch.alarms_on(db).items()
    ]
    if on:
        raise Wrong("正响着：" + "、".join(on))
    return "没有"


def _duty(db: Database, settings: Settings) -> str:
    if not settings.duty:
        if settings.alarm_webhook.get_secret_value():
            return "告警发到群机器人"
        raise Soon("没有值班的人，告警没人收到。请设 JUSHE_DUTY=账号，或 JUSHE_ALARM_WEBHOOK")
    found = watch.people_of(db, settings.duty)
    if missing := [name for name in settings.duty if name not in found]:
        raise Wrong(f"JUSHE_DUTY 里的 {'、'.join(missing)} 没有这个账号，或已停用")
    if silent := [name for name, person in found.items() if not watch.reachable(db, person)]:
        raise Wrong(f"{'、'.join(silent)} 还没有认领岗位，聊天里收不到告警")
    return "、".join(found)


def _stuck(db: Database, now: datetime) -> str:
    found = watch.stuck(db, now)
    wrong = [
        words
        for count, words in (
            (found.sending, f"{found.sending} 条通知卡在发送中超过10分钟，重启一个进程会放开它们"),
            (found.timers, f"{found.timers} 个定时到点10分钟还没动，服务在运行吗"),
            (found.failing, f"{found.failing} 个定时一再失败，请看日志里的 timer … failed"),
        )
        if count
    ]
    if wrong:
        raise Wrong("；".join(wrong))
    if found.media:
        raise Soon(f"{found.media} 张照片或语音一天了还没取到")
    return "没有"


def _backlog(db: Database, settings: Settings, now: datetime) -> str:
    late = watch.overdue(db, now, quiet(now, settings.policy))
    if late > OVERDUE:
        raise Wrong(f"最早该发的晚了 {late / 60:.0f} 分钟。看“平台令牌和额度”，再看发送速度的设置")
    return "没有" if late < 1 else f"最早的晚 {late:.0f} 秒"


def _platform(db: Database) -> str:
    if count := watch.refused(db, TOKEN):
        raise Wrong(f"{count} 条通知因为令牌或本机地址不被认可在等。请查 AppSecret 和平台的 IP 白名单")
    if count := watch.refused(db, QUOTA):
        raise Soon(f"{count} 条通知等额度或接口恢复；过了零点会接着发")
    return "没有通知因此在等"


def _certificate(settings: Settings, now: datetime) -> str:
    try:
        left = certificate.days_left(settings.address, now)
    except certificate.NoCertificate as error:
        raise Wrong(f"{settings.address} 的证书{error}") from None
    if left is None:
        return "地址不是 https，没有证书可查"
    words = f"还有 {left:.0f} 天"
    if left < CERTIFICATE_NOW:
        raise Wrong(words + "，请马上续期")
    if left < CERTIFICATE_SOON:
        raise Soon(words + "，请准备续期")
    return words


def _clock(db: Database, now: datetime) -> str:
    last = max((row.started for row in jobs.last(db)), default=now)
    if last - now > AHEAD:
        raise Wrong(f"本机的时钟是 {_local(now)}，可 {_local(last)} 服务还在运行。请查对时服务（NTP）")
    from bot.commands import opened  # the machine's, asked at the same moment as the database's

    apart = watch.skew(db, opened.now())
    if abs(apart) > SKEW:
        raise Wrong(f"数据库的时钟比本机{'快' if apart > 0 else '慢'} {abs(apart):.0f} 秒。请查对时服务（NTP）")
    return f"和数据库差 {abs(apart):.1f} 秒"


def _backup(db: Database, now: datetime) -> str:
    last = watch.last_backup(db)
    if last is None:
        raise Soon("还没有备份过。每天夜里运行 jushe backup 文件")
    words = f"上次是 {_local(last)}"
    if now - last > BACKUP:
        raise Wrong(words + "，超过一天了")
    return words


def _archived(db: Database) -> str:
    with db.reading() as conn:
        begins = chain.start(conn)
    return (
        f"到第 {begins.position} 条（{begins.until:%Y-%m-%d}）为止的记录在归档文件里"
        if begins.until
        else "还没有，满三年才要"
    )


def _processes(db: Database, settings: Settings) -> str:
    """Which processes live; what several need."""
    living = len(Alive(db, "", settings.data_dir / "processes").living())
    if living > 1 and settings.wechat_app_id and settings.mode == "plain":
        raise Wrong(f"{living} 个进程在运行，但公众号是明文模式：签名不包住内容，只能用一个进程。请改安全模式")
    if living > 1 and not db.postgresql:
        raise Soon(f"{living} 个进程在用同一个 SQLite 文件；几个进程请用 PostgreSQL")
    return f"{living} 个在运行" if living else "没有在运行"


def _wechat(db: Database, settings: Settings, now: datetime) -> str | None:
    if not settings.wechat_app_id:
        return None
    from bot.channels.wechat.config import token_name
    from storage import tokens

    if not settings.https:
        raise Wrong("JUSHE_PUBLIC_URL 应是 https 的外网地址，否则聊天里的链接打不开")
    held = tokens.read_token(db, token_name(settings.wechat_app_id), now)
    return f"模式 {settings.mode}，" + ("access_token 有效" if held else "还没有取到 access_token（发第一条时会取）")


def _wecom(db: Database, settings: Settings, now: datetime) -> str | None:
    if not settings.wecom_corp_id:
        return None
    from bot import wecom
    from storage import tokens

    wecom.config(settings)
    if not settings.https:
        raise Wrong("JUSHE_PUBLIC_URL 应是 https 的外网地址，并且是应用的可信域名，否则卡片和登录打不开")
    with db.reading() as conn:
        here = schema.identities.c.channel == "wecom"
        found = select(schema.identities.c.followed, func.count()).where(here).group_by(schema.identities.c.followed)
        people: dict[bool, int] = {row[0]: row[1] for row in conn.execute(found)}
    words = f"{people.get(True, 0)} 人在用" + (f"，{people[False]} 人收不到" if people.get(False) else "")
    held = tokens.read_token(db, wecom.token_name(settings), now)
    return f"{words}，" + ("access_token 有效" if held else "还没有取到 access_token（发第一条时会取）")
