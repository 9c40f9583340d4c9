"""The table of alarms, and telling the person on duty: each once when it begins, once when it is over."""

from __future__ import annotations

import asyncio
import socket
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import structlog

from bot import measures as m
from bot.logs import where
from handlers.read import Read
from handlers.types import Outcome, Push, Rank
from storage import watch

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger("alarms")

AGAIN = timedelta(hours=12)  # one that goes on is told again
WEBHOOK_WAIT = 5.0
HOST = socket.gethostname()


@dataclass(frozen=True, slots=True)
class Rule:
    """Told when `measure` is above `over` for `hold` seconds. `words` take the number as {0}.

    `here`: of this machine, else of the whole cluster and looked at by the leading process. `night`: in the quiet
    hours too.
    """

    name: str
    title: str
    measure: m.Measure
    over: float
    hold: float
    words: str
    here: bool = False
    night: bool = True


RULES = (
    Rule("database", "数据库", m.database, 0, 30, "连不上。消息先存在本机，不会丢。请查数据库和网络。", here=True),
    Rule("spool", "暂存", m.spooled, 0, 60, "{0:.0f}条消息还没有进数据库。数据库好了会自己补上。", here=True),
    Rule("set_aside", "出错的消息", m.set_aside, 0, 0, "另存了{0:.0f}条。先看日志，再 jushe spool。", here=True),
    Rule("disk", "磁盘", m.disk_gb, -1.0, 60, "数据目录所在的盘不到1 GB了。请清理，不然消息存不下。", here=True),
    Rule("late_tick", "定时任务", m.late_tick, 60, 0, "晚了{0:.0f}秒。机器是不是太忙，数据库慢不慢？", here=True),
    Rule("lag", "反应", m.lag, 1.0, 60, "程序慢了{0:.1f}秒，有一分钟了。", here=True, night=False),
    Rule("clock", "时钟", m.jumps, 0, 0, "跳了。请查对时服务（NTP）。", here=True, night=False),
    Rule("bugs", "程序错误", m.bugs, 2, 0, "5分钟里{0:.0f}条消息没处理成，另存了。请看日志。", here=True),
    Rule("undelivered", "没发出的通知", m.undelivered, 19, 0, "5分钟里有{0:.0f}条。请运行 jushe doctor。", here=True),
    Rule("storm", "重复的通知", m.storms, 0, 0, "同样的话总给一个人发，拦下了{0:.0f}条。请看日志。", here=True),
    Rule("silent_jobs", "定时任务停了", m.silent_jobs, 300, 60, "{0:.0f}秒没有运行，催办和升级都停了。"),
    Rule("backlog", "通知积压", m.backlog, 600, 60, "最早的晚了{0:.0f}秒。请运行 jushe doctor，看“发件”。"),
    Rule("stuck", "卡住的行", m.stuck_rows, 0, 300, "有{0:.0f}行。请运行 jushe doctor，看“卡住的行”。"),
    Rule("token", "平台令牌", m.token, 0, 60, "{0:.0f}条通知在等。请查 AppSecret 和平台的 IP 白名单。"),
    Rule("quota", "平台额度", m.quota, 0, 60, "用完了或接口停了，{0:.0f}条通知在等，过了零点接着发。", night=False),
    Rule("skew", "时钟差", m.skew, 5, 120, "这台机器和数据库差{0:.0f}秒。请查对时服务（NTP）。", night=False),
    Rule("certificate", "证书", m.certificate_days, -14, 0, "快到期或不被信任。到期后居民打不开页面。", night=False),
    Rule("holidays", "调休安排", m.no_holidays, 0, 0, "缺今年的，时限会错。请 jushe import holidays。", night=False),
    Rule("backup", "备份", m.backup_hours, 26, 0, "一天多没有备份了。请看夜间的 jushe backup。", night=False),
)  # fmt: skip

BEGUN, OVER = "[系统] {0}：{1}", "[系统] {0}：好了。"


class Alarms:
    """What this process has seen of each rule. With the database away it tells by the webhook only."""

    def __init__(self, rules: Sequence[Rule] = RULES) -> None:
        self._rules = rules
        self._since: dict[str, float] = {}  # by the steady clock
        self._told: set[str] = set()
        self.windows: defaultdict[str, m.Window] = defaultdict(m.Window)
        self.certificate = (0.0, 0.0)  # when it was asked for, by the loop's clock, and days left

    async def look(self, app: App) -> int:
        """Every rule that is ours to look at; how many are on."""
        on: set[str] = set()
        kept = await self._kept(app)
        for rule in self._rules:
            if not rule.here and (kept is None or not app.alive.leading):
                self._since.pop(rule.name, None)
                continue
            try:
                value = await rule.measure(app)
            except Exception as error:  # noqa: BLE001 - one that cannot be measured hinders no other
                log.warning("unmeasured", alarm=rule.name, error=where(error))
                continue
            app.metrics.alarm.labels(rule.name).set(value > rule.over)
            if value > rule.over:
                on.add(rule.name)
                await self._begun(app, rule, value)
            else:
                await self._ended(app, rule, kept or {})
        return len(on)

    async def _kept(self, app: App) -> dict[str, datetime] | None:
        """The alarms that are on, of all processes; None while the database is away."""
        try:
            async with asyncio.timeout(5):
                return await asyncio.to_thread(watch.alarms_on, app.db)
        except Exception:  # noqa: BLE001 - away, in whatever way
            return None

    async def _begun(self, app: App, rule: Rule, value: float) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._since.setdefault(rule.name, now) < rule.hold:
            return
        try:
            async with asyncio.timeout(5):
                tell = await asyncio.to_thread(watch.raise_alarm, app.db, _key(rule), app.clock(), AGAIN)
        except Exception:  # noqa: BLE001 - the database is away
            tell = rule.name not in self._told
        self._told.add(rule.name)
        if tell:
            log.error("alarm", alarm=rule.name, value=round(value, 1))
            await self._tell(app, rule, BEGUN.format(rule.title, rule.words.format(value)))

    async def _ended(self, app: App, rule: Rule, kept: Mapping[str, datetime]) -> None:
        self._since.pop(rule.name, None)
        told = rule.name in self._told
        self._told.discard(rule.name)
        if _key(rule) in kept:
            told = await asyncio.to_thread(watch.end_alarm, app.db, _key(rule)) or told
        if told:
            log.warning("alarm_over", alarm=rule.name)
            await self._tell(app, rule, OVER.format(rule.title), over=True)

    async def _tell(self, app: App, rule: Rule, words: str, *, over: bool = False) -> None:
        """By push to who is on duty, and by the webhook; a failure of one does not hinder the other."""
        try:
            people = await asyncio.to_thread(watch.people_of, app.db, app.settings.duty)
            rank = Rank.ALARM if rule.night and not over else Rank.NOTICE
            pushes = tuple(Push(person, words, "system", rank) for person in people.values())
            if pushes:
                await asyncio.wrap_future(app.turns.run(_saying(pushes), app.clock(), "alarm"))
        except Exception as error:  # noqa: BLE001 - told in the log, and by the webhook
            log.warning("alarm_unpushed", alarm=rule.name, error=where(error))
        if app.settings.alarm_webhook.get_secret_value():
            await self._post(app, rule, f"居社通 {HOST} {words}")

    async def _post(self, app: App, rule: Rule, words: str) -> None:
        """As the robots of WeCom groups take it: {"msgtype": "text", "text": {"content": …}}."""
        body = {"msgtype": "text", "text": {"content": words}}
        try:
            limit = aiohttp.ClientTimeout(total=WEBHOOK_WAIT)
            to = app.settings.alarm_webhook.get_secret_value()
            async with aiohttp.ClientSession(timeout=limit) as session, session.post(to, json=body) as answer:
                answer.raise_for_status()
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("alarm_unposted", alarm=rule.name, error=type(error).__name__)


def _key(rule: Rule) -> str:
    return f"{rule.name}@{HOST}"[:96] if rule.here else rule.name


def _saying(pushes: tuple[Push, ...]) -> Callable[[Read], Outcome]:
    """The work of a turn that only tells."""

    def told(_: Read) -> Outcome:
        return Outcome(pushes=pushes)

    return told
