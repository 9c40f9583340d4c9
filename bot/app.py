"""The one place where the parts are put together."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import structlog
from aiohttp.web import Application, Request

from bot import links
from bot.afar import Afar
from bot.alarms import Alarms
from bot.broadcast import Broadcast
from bot.channels import webchat
from bot.channels.base import Channel, FetchesMedia
from bot.gateway import Gateway
from bot.hearing import warm
from bot.jobs import JOBS
from bot.keys import APP
from bot.learning import versions
from bot.live import Topics
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.settings import Settings, previous_keys, secret_key
from bot.spool import Spool, opened
from bot.ticking import Jobs, keep_alive
from bot.web import add_pages, application
from bot.wire import Post
from handlers import router
from handlers.policy import Policy
from handlers.types import Fact, Reply, Sender
from nlp import local
from nlp.register import Register
from storage import places, rekey
from storage.alive import MARK, Alive
from storage.engine import Database, open_database
from storage.identities import estates_of
from storage.staff_sessions import StaffSession
from storage.turns import Turns

__all__ = ["APP", "App", "open_storage", "start", "utc_now"]

log = structlog.get_logger("app")
DRAIN = 4.0  # seconds given to turns and to sends when stopping; the whole stop stays under ten


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class App:
    """Everything a page, a channel or a job may reach. Built by `start`, ended by `stop`."""

    settings: Settings
    demo: bool
    policy: Policy
    key: str = field(repr=False)
    clock: Callable[[], datetime]
    db: Database
    register: Register
    register_version: int
    topics: Topics
    metrics: Metrics
    spool: Spool
    turns: Turns
    gateway: Gateway
    outbox: Outbox
    alive: Alive
    alarms: Alarms = field(default_factory=Alarms)
    jobs: Jobs
    web: Application
    channels: dict[str, Channel]
    media_sources: dict[str, FetchesMedia]
    cuts: dict[str, Callable[[tuple[Reply, ...]], tuple[str, str] | None]]  # channels whose answers have an end
    posts: dict[str, Post] = field(default_factory=dict)  # callbacks taken without aiohttp, by path
    decoding: asyncio.Semaphore  # decoded pictures are large: a few at once
    missed: frozenset[str] = frozenset()  # processes that were not there at the last look
    taught: str = ""  # mark of the desk's models this process reads with
    calendar: str = ""  # mark of the holidays and duty hours this process counts with
    staff_of: Callable[[Request], Awaitable[StaffSession | None]] | None = None  # set by the console
    on_stop: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def media_folder(self) -> Path:
        return self.settings.data_dir / "media"

    async def refresh_register(self) -> bool:
        """Read the register again when it was changed; whether it was."""

        def read() -> tuple[Register, int] | None:
            with self.db.reading() as conn:
                version = places.version(conn)
                return None if version == self.register_version else (places.load_register(conn), version)

        found = await asyncio.to_thread(read)
        if found is not None:
            self.register, self.register_version = found
        return found is not None

    async def refresh_taught(self) -> bool:
        """Read with the desk's models that are in use now; whether they are others than before."""
        folder = self.settings.data_dir / versions.FOLDER
        mark = await asyncio.to_thread(versions.mark, folder)
        if mark == self.taught:
            return False
        models, problems = await asyncio.to_thread(versions.load, folder)
        for problem in problems:
            log.error("model_unread", problem=problem)
        local.use(models)
        self.taught = mark
        return True

    async def stop(self) -> None:
        """End in the order of the work: no new ticks, turns finished, pushes finished, database closed."""
        self.topics.close()
        await self.jobs.stop(DRAIN)
        await self.gateway.settle(DRAIN)
        await self.outbox.stop(DRAIN)
        await asyncio.to_thread(self.alive.close)
        self.spool.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for close in reversed(self.on_stop):
            await close()
        try:
            await asyncio.to_thread(self.turns.close, DRAIN)
        except TimeoutError:
            log.warning("turns_left")  # nothing was acknowledged for them
        await asyncio.to_thread(self.db.close)


def open_storage(settings: Settings) -> Database:
    """The database of the settings, not migrated yet; every process and command opens it here. Blocks."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return open_database(settings.database, secret_key(settings), previous_keys(settings))


async def start(
    settings: Settings,
    *,
    demo: bool = False,
    households: int = 0,
    terminal: Channel | None = None,
    clock: Callable[[], datetime] = utc_now,
    ticking: bool = True,
) -> App:
    """Open, migrate, load and connect everything; ready to receive when this returns.
    `demo`: with the sample community, web chat takes plain names, no quiet hours (who tries it at night must see the
    task arrive). `terminal`: a channel that shows every push of this process. `ticking`: else no job runs by itself
    and nothing is sent. Raises storage.crypto.CannotOpen when the key is not that of what is stored."""
    db = await asyncio.to_thread(open_storage, settings)
    await asyncio.to_thread(db.migrate)
    if demo:
        from storage import sample  # only the demo needs it

        await asyncio.to_thread(lambda: sample.seed(db, households=households, now=clock()))

    def first_register() -> tuple[Register, int]:
        rekey.check(db)
        with db.reading() as conn:
            return places.load_register(conn), places.version(conn)

    register, version = await asyncio.to_thread(first_register)
    policy = replace(settings.policy, quiet_from_hour=0, quiet_to_hour=0) if demo else settings.policy
    topics, metrics = Topics(), Metrics()
    channels: dict[str, Channel] = {}

    def committed(facts: tuple[Fact, ...], pushed: bool) -> None:
        if pushed:
            outbox.wake()
        if facts:
            topics.publish("board")

    def near(sender: Sender) -> frozenset[int]:
        with db.reading() as conn:
            return estates_of(conn, sender)

    cuts: dict[str, Callable[[tuple[Reply, ...]], tuple[str, str] | None]] = {}

    def cut(sender: Sender, _: int, replies: tuple[Reply, ...]) -> tuple[str, str] | None:
        found = cuts.get(sender.channel)
        return found(replies) if found else None

    decide = links.signing(secret_key(settings), policy, router.decide)
    turns = Turns(
        db, decide, policy, threads=settings.turn_threads, on_commit=committed, cut=cut,
        loop=asyncio.get_running_loop(),
    )  # fmt: skip
    alive = Alive(db, f"{MARK}{uuid.uuid4().hex[1:]}", settings.data_dir / "processes")
    spool = await asyncio.to_thread(opened, settings.data_dir, alive.holder)
    outbox = Outbox(
        db, channels, policy, topics, metrics, clock,
        per_second=settings.send_per_second, per_person_minute=settings.send_per_person_minute,
        at_once=settings.send_at_once, link=lambda out: links.of_push(app, out),
        holder=alive.holder, log_turns=settings.turn_log,
    )  # fmt: skip
    warming = asyncio.create_task(warm(settings.data_dir))
    gateway = Gateway(
        turns, spool, lambda: app.register, policy, metrics, clock,
        limit=settings.reply_seconds, address=settings.address, near=near, log_turns=settings.turn_log,
        warming=warming,
    )  # fmt: skip
    app = App(
        settings=settings, demo=demo, policy=policy, key=secret_key(settings), clock=clock, db=db, register=register,
        register_version=version, topics=topics, metrics=metrics, spool=spool, turns=turns, gateway=gateway,
        outbox=outbox, alive=alive, jobs=Jobs(JOBS), web=application(access_log=settings.access_log),
        channels=channels, media_sources={}, cuts=cuts, decoding=asyncio.Semaphore(2),
    )  # fmt: skip
    await app.refresh_taught()
    _connect(app, terminal)
    await asyncio.to_thread(alive.look)
    if ticking:
        sending = Broadcast(db, turns, outbox, policy, topics, clock)
        work = (keep_alive(alive, metrics), outbox.run(), metrics.watch_loop(), sending.run())
        app.tasks += [asyncio.create_task(one) for one in work]
        if db.postgresql:
            app.tasks.append(asyncio.create_task(Afar(db, topics, alive.holder).run()))
        app.jobs.start(app)
    app.tasks.append(warming)
    if demo or terminal is not None:
        await warming  # somebody sits before it: nobody else answers meanwhile, as an older process would
    return app


def _connect(app: App, terminal: Channel | None) -> None:
    """Channels and pages. A sample person may be known on several channels, so the demo answers for all."""
    if terminal is not None:
        app.channels.update({"terminal": terminal, "webchat": terminal})
    elif app.demo or app.settings.webchat:
        app.channels["webchat"] = webchat.WebChat()
        if app.demo:
            app.channels["terminal"] = app.channels["webchat"]
    if app.settings.wechat_app_id and not app.demo:
        from bot.wechat import connect  # its libraries are loaded only where it is used

        connect(app)
    if app.settings.wecom_corp_id and not app.demo:
        from bot.wecom import connect as connect_wecom

        connect_wecom(app)
    app.web[APP] = app
    add_pages(app)
