"""How a push reaches a member: as a card or as text, within the platform's silent limits, late ones together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from bot.channels.base import SendFailed
from bot.channels.tencent.errors import ApiError, Policy
from bot.channels.tencent.failing import Tries, fetched, length
from bot.channels.tencent.render import cut, numbered, pushed, safe, split, words
from bot.channels.wecom.cards import Look, after_click, fits, of_push
from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.config import WeComConfig
from bot.channels.wecom.read import CardMessage
from bot.channels.wecom.words import together
from handlers.types import Rank, Reply, Sender

if TYPE_CHECKING:
    from storage.queue import Outgoing

log = logging.getLogger("jushe.wecom")
_PHOTOS_MOST = 3
CARDS = frozenset({"task", "alarm", "desk"})  # kinds of push whose choices are buttons


class Ground(Protocol):
    """What the channel asks of the program around it. Every method blocks: called in a thread."""

    def allow(self, user: str, *, alarm: bool) -> float:
        """Seconds until one more message may go to this member; 0.0: one was taken."""
        ...

    def held(self, user: str) -> None:
        """A message was held back; counted."""
        ...

    def waiting(self, person: int) -> list[Outgoing]:
        """What else waits for this person and is no alarm, oldest first."""
        ...

    def delivered(self, rows: list[int]) -> None:
        """These rows went together with another."""
        ...

    def look(self, ticket: int, user: str) -> Look | None:
        """The matter as this member may see it now."""
        ...

    def photo(self, name: str) -> bytes | None: ...


class WeCom:
    """One application as a channel."""

    name = "wecom"
    drops_repeats = True  # WeComClient's `once`

    def __init__(self, config: WeComConfig, client: WeComClient, ground: Ground, now: Callable[[], datetime]) -> None:
        self.config = config
        self.client = client
        self.now = now
        self._ground = ground
        self._tries = Tries()
        self._behind: set[str] = set()  # members for whom something was held back
        self._paused: datetime | None = None
        self._clicks: set[asyncio.Task[None]] = set()

    async def send(self, out: Outgoing) -> str:
        """card, text or digest. Raises SendFailed; "limited": the platform would drop it silently, so it waits."""
        if out.sender is None:
            raise SendFailed("no_identity", retry=False)
        if self._paused and self._paused > self.now():
            raise SendFailed("paused", retry=True, wait=(self._paused - self.now()).total_seconds())
        user, alarm = out.sender.user, out.rank == Rank.ALARM
        await self._take(user, alarm=alarm)
        try:
            if user in self._behind and not alarm and (rows := await self._others(out)):
                return await self._together(user, out, rows)
            rung = await self._one(user, out)
        except ApiError as error:
            raise self._failure(error, out) from None
        await self._photos(user, out)
        return rung

    def cut(self, replies: Sequence[Reply]) -> tuple[str, str] | None:
        """(what the HTTP answer takes, the rest, which goes through the outbox); None when all fits."""
        first, rest = cut(words(replies, self.config.public_url))
        return (first, rest) if rest else None

    async def say(self, sender: Sender, text: str) -> None:
        """Words of a reply that the card does not hold. Raises SendFailed."""
        for part in split(safe(text)):
            await self._take(sender.user, alarm=True)  # the member waits for it
            try:
                await self.client.send_text(sender.user, part, once=False)
            except ApiError as error:
                raise SendFailed(str(error.code), retry=False) from None

    def clicked(self, message: CardMessage, sender: Sender, ticket: int, replies: tuple[Reply, ...]) -> None:
        """After the platform has its `success`: the card shows what the tap did, to the one who tapped."""
        task = asyncio.create_task(self._after_click(message, sender, ticket, replies))
        self._clicks.add(task)
        task.add_done_callback(self._clicks.discard)

    async def settle(self) -> None:
        """Until every tapped card was changed."""
        if self._clicks:
            await asyncio.wait(self._clicks)

    async def fetch_media(self, ref: str) -> tuple[bytes, str]:
        """Bytes and content type of a MediaId. Raises SendFailed."""
        return await fetched(self.client.media, ref, self.now())

    async def close(self) -> None:
        await self.settle()
        await self.client.close()

    async def _one(self, user: str, out: Outgoing) -> str:
        if out.choices and out.ticket and out.kind in CARDS:
            try:
                self._known((await self.client.send_card(user, of_push(out))).known)
                return "card"
            except ApiError as error:
                if error.rule.policy is not Policy.NEXT_RUNG:
                    raise
        for part in split(text_of(out)):
            self._known((await self.client.send_text(user, part, once=out.kind != "reply")).known)
        return "text"

    async def _together(self, user: str, out: Outgoing, rows: list[Outgoing]) -> str:
        sent = await self.client.send_text(user, together([out, *rows]))
        self._known(sent.known)
        await asyncio.to_thread(self._ground.delivered, [row.id for row in rows])
        self._behind.discard(user)
        return "digest"

    async def _others(self, out: Outgoing) -> list[Outgoing]:
        return await asyncio.to_thread(self._ground.waiting, out.person)

    async def _photos(self, user: str, out: Outgoing) -> None:
        """Photos that lie here follow the words; what goes wrong with one never repeats the words."""
        names = [m.ref.removeprefix("file:") for m in out.media if m.kind == "photo" and m.ref.startswith("file:")]
        for name in names[:_PHOTOS_MOST]:
            try:
                data = await asyncio.to_thread(self._ground.photo, name)
                if data is not None:
                    await self._take(user, alarm=False)
                    await self.client.send_image(user, await self.client.upload(name, data))
            except (ApiError, SendFailed, ValueError) as error:
                log.warning("wecom photo not sent outbox=%s error=%s", out.id, type(error).__name__)
                return

    async def _after_click(
        self, message: CardMessage, sender: Sender, ticket: int, replies: tuple[Reply, ...]
    ) -> None:
        text = "\n".join(reply.text for reply in replies if reply.text)
        choices = tuple(choice for reply in replies for choice in reply.choices)
        try:
            look = await asyncio.to_thread(self._ground.look, ticket, sender.user) if ticket else None
            shown = look is not None and bool(message.click.code)
            if look is not None and shown:
                card = after_click(message.click.task, message.click.code, look, text)
                try:
                    await self.client.update_card(sender.user, message.click.code, card)
                except ApiError:
                    shown = False  # used, older than 72 hours, refused: the words go by themselves
            if text and not (shown and fits(text, choices)):
                await self.say(sender, "\n".join(filter(None, (text, numbered(choices)))))
        except SendFailed as failure:
            log.warning("wecom answer to a click not sent code=%s", failure.code)

    async def _take(self, user: str, *, alarm: bool) -> None:
        wait = await asyncio.to_thread(self._ground.allow, user, alarm=alarm)
        if wait > 0:
            self._behind.add(user)
            await asyncio.to_thread(self._ground.held, user)
            raise SendFailed("limited", retry=True, wait=wait)

    def _known(self, known: bool) -> None:
        if not known:
            raise SendFailed("invaliduser", retry=False, gone=True)

    def _failure(self, error: ApiError, out: Outgoing) -> SendFailed:
        code = str(error.code)
        match error.rule.policy:
            case Policy.MARK_UNFOLLOWED:
                return SendFailed(code, retry=False, gone=True)
            case Policy.STOP_ENDPOINT:
                wait = length(error, self.now())
                self._paused = self.now() + timedelta(seconds=wait)
                return SendFailed(code, retry=True, wait=wait, stop_endpoint=wait)
            case Policy.ALARM | Policy.RENEW_ONCE:
                wait = length(error, self.now())
                return SendFailed(code, retry=True, wait=wait, stop_endpoint=wait)
            case Policy.RETRY:
                return SendFailed(code, retry=self._tries.again(error, out.id))
            case _:
                return SendFailed(code, retry=False)


def text_of(out: Outgoing) -> str:
    """The words of a push: its text, its choices by number, how many photos there are, its page."""
    photos = sum(media.kind == "photo" and not media.ref.startswith("file:") for media in out.media)
    return pushed(out.text, photos, out.choices, out.link)
