"""Connects the WeCom application of the settings to an App; how the platform talks is the channel's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import links
from bot.channels.tencent.shelf import DatabaseShelf
from bot.channels.wecom.cards import Look
from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.config import WeComConfig
from bot.channels.wecom.routes import PATH, door
from bot.images import place
from bot.settings import Settings
from handlers.tickets import page, reach, texts
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.rules import OPEN
from handlers.types import Choice, Sender
from storage import allowance, identities, queue
from storage.allowance import Limit
from storage.looking import looking
from storage.queue import Outgoing

if TYPE_CHECKING:
    from bot.app import App

# wechat.md §11: to one member 30 a minute and 1000 an hour, to all 200 a day and account; more is dropped silently.
_MINUTE, _HOUR, _DAY_PER_ACCOUNT = 30, 1000, 200
_FOR_ALARMS = {60.0: 5, 3600.0: 50}  # of a member's messages, kept back for danger
_TOGETHER_MOST = 30


def config(settings: Settings) -> WeComConfig:
    """Raises bot.channels.tencent.account.ConfigError."""
    return WeComConfig(
        corp_id=settings.wecom_corp_id,
        agent_id=settings.wecom_agent_id,
        secret=settings.wecom_secret.get_secret_value(),
        token=settings.wecom_token.get_secret_value(),
        aes_key=settings.wecom_aes_key.get_secret_value(),
        aes_key_previous=settings.wecom_aes_key_previous.get_secret_value(),
        api_base=settings.wecom_api_base,
        accounts=settings.wecom_accounts,
        public_url=settings.address,
    )


def token_name(settings: Settings) -> str:
    """The row of the application's access token."""
    return f"wecom:{settings.wecom_corp_id}:{settings.wecom_agent_id}"


@dataclass(frozen=True, slots=True)
class Ground:
    """A bot.channels.wecom.channel.Ground on the program's database."""

    app: App
    account: str
    accounts: int

    def allow(self, user: str, *, alarm: bool) -> float:
        now = self.app.clock()
        since_midnight = (now - now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)).seconds
        minute, hour = (
            most - (0 if alarm else _FOR_ALARMS[seconds]) for most, seconds in ((_MINUTE, 60.0), (_HOUR, 3600.0))
        )
        day = Limit(_DAY_PER_ACCOUNT * self.accounts, since_midnight, user=False)
        limits = (Limit(minute, 60.0), Limit(hour, 3600.0), day)
        return allowance.take(self.app.db, self.account, user, now, limits)

    def held(self, user: str) -> None:
        self.app.metrics.held.labels("wecom").inc()

    def waiting(self, person: int) -> list[Outgoing]:
        return queue.behind(self.app.db, person, _TOGETHER_MOST)

    def delivered(self, rows: list[int]) -> None:
        queue.sent(self.app.db, rows, "digest", self.app.clock())

    def look(self, ticket: int, user: str) -> Look | None:
        """None for a matter that is not this member's to see."""
        with self.app.db.reading() as conn:
            person = identities.person_of(conn, Sender("wecom", self.app.settings.wecom_corp_id, user))
        now = self.app.clock()
        with looking(self.app.db, now) as read:
            found, who = read.ticket(ticket), read.person(person)
            parts = reach.parts(who, found, read) if found and who else frozenset()
            if found is None or not parts & reach.WORKING:
                return None
            owner = read.person(found.owner) if found.owner else None
            verbs = page.offered(found, who, parts, read) if who else ()
        facts = [("地点", found.place.label or "还没说清")]
        if found.due and found.status in OPEN:
            facts.append(("期限", f"{texts.when(found.due, now)}前"))
        return Look(
            ticket,
            f"{found.short} {found.summary}",
            f"{found.status}，{owner.name if owner else '社区'}",
            tuple(facts),
            tuple(Choice(verb, f"{verb} {found.short}") for verb in verbs),
            links.tasks(self.app, person),
        )

    def photo(self, name: str) -> bytes | None:
        path = place(self.app.media_folder, name)
        return path.read_bytes() if path.is_file() else None


def connect(app: App) -> None:
    """The callback's routes, the way of pushes, the source of photos."""
    made = config(app.settings)
    name = token_name(app.settings)
    client = WeComClient(made, DatabaseShelf(app.db, name), app.clock)
    channel = WeCom(made, client, Ground(app, name, made.accounts), app.clock)
    app.channels[channel.name] = channel
    app.media_sources[channel.name] = channel
    app.on_stop.append(channel.close)
    app.cuts[channel.name] = channel.cut
    entrance = door(channel, app.gateway)
    app.web.add_routes(entrance.routes(PATH))
    app.posts[PATH] = entrance.take
