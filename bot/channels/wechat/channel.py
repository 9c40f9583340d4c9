"""The ladder by which a push reaches a resident on WeChat: customer-service message, template, notice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.channels.base import SendFailed
from bot.channels.tencent.errors import ApiError, Policy
from bot.channels.tencent.failing import Counts, Tries, fetched, keep, length
from bot.channels.tencent.render import clean, cut, fits, pushed, split, words
from bot.channels.wechat.client import CUSTOM, SUBSCRIBE, TEMPLATE, WeChatClient
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.errors import UNFOLLOWED
from bot.channels.wechat.notices import Notice, parse_notices
from handlers.types import Reply, Sender
from storage.outgoing import SHARED

if TYPE_CHECKING:
    from storage.queue import Outgoing


class WeChat:
    """One account as a channel. `spend((sender, keep))` takes one of a window if more than `keep` are left.

    `kept`: how many an announcement leaves for answers.
    """

    name = "wechat"

    def __init__(
        self,
        config: WeChatConfig,
        client: WeChatClient,
        spend: Callable[[tuple[Sender, int]], Awaitable[bool]],
        now: Callable[[], datetime],
        kept: int = 1,
    ) -> None:
        self.config = config
        self.client = client
        self.now = now
        self._spend = spend
        self._kept = kept
        self._notices = {kind: parse_notices(line) for kind, line in config.templates.items()}
        self._paused: dict[str, datetime] = {}
        self._parts = Counts()  # of a long push, that are already there
        self._tries = Tries()
        self._paid: dict[int, datetime] = {}  # rows whose message was counted but surely not sent, in which window

    @property
    def kept(self) -> int | None:
        """None while no window is used."""
        return None if self._pause_left(CUSTOM) else self._kept

    async def send(self, out: Outgoing) -> str:
        """service, template or notice. Raises SendFailed; "window": nothing reaches the resident just now."""
        if out.sender is None:
            raise SendFailed("no_identity", retry=False)
        if out.paid and out.window_until is not None:
            keep(self._paid, out.id, out.window_until)
        last = SendFailed("window", retry=False)
        for endpoint, rung, call in self._rungs(out, out.sender):
            if last.code in UNFOLLOWED and endpoint == TEMPLATE:
                continue
            left = self._pause_left(endpoint)
            if left:
                last = SendFailed("paused", retry=True, wait=left)
                continue
            try:
                if await call():
                    return rung
            except ApiError as error:
                failed = self._next(error, endpoint, out)
                if failed is not None:
                    failed.gone = failed.gone or last.gone
                    last = failed
        raise last

    def cut(self, replies: Sequence[Reply]) -> tuple[str, str] | None:
        """(what the HTTP answer takes, the rest, which goes through the outbox); None when all fits."""
        if fits(replies, self.config.public_url):
            return None
        first, rest = cut(words(replies, self.config.public_url))
        return (first, rest) if rest else None

    async def fetch_media(self, ref: str) -> tuple[bytes, str]:
        """Bytes and content type of a MediaId. Raises SendFailed."""
        return await fetched(self.client.media, ref, self.now())

    async def close(self) -> None:
        await self.client.close()

    def _rungs(self, out: Outgoing, to: Sender) -> Iterator[tuple[str, str, Callable[[], Awaitable[bool]]]]:
        if (
            out.window_until is not None
            and out.window_until > self.now()
            and (out.window_left > self._keeps(out) or self._has_paid(out))
        ):
            yield CUSTOM, "service", partial(self._service, out, to)
        for notice in sorted(self._notices.get(out.kind, ()), key=attrgetter("subscription")):
            if notice.subscription:
                yield SUBSCRIBE, "notice", partial(self._notice, out, to, notice)
            else:
                yield TEMPLATE, "template", partial(self._notice, out, to, notice)

    async def _service(self, out: Outgoing, to: Sender) -> bool:
        """False when the window is closed before anything was sent."""
        parts = split(text_of(out))
        for number in range(self._parts.of(out.id), len(parts)):
            if not self._has_paid(out) and not await self._spend((to, self._keeps(out))):
                if number:
                    raise SendFailed("window_part", retry=False)
                return False
            self._paid.pop(out.id, None)
            try:
                await self.client.send_text(to.user, parts[number])
            except ApiError as error:
                if error.sure and out.window_until is not None:
                    keep(self._paid, out.id, out.window_until)
                raise
            if len(parts) > 1:
                self._parts.add(out.id)
        return True

    def _keeps(self, out: Outgoing) -> int:
        return self._kept if out.kind in SHARED else 0

    def _has_paid(self, out: Outgoing) -> bool:
        """Whether this row already took a message of the present window; a new window starts a new count."""
        return out.window_until is not None and self._paid.get(out.id) == out.window_until

    async def _notice(self, out: Outgoing, to: Sender, notice: Notice) -> bool:
        data = notice.filled(clean(out.text), out.created, out.ticket)
        if notice.subscription:
            await self.client.send_notice(to.user, notice.template, data, out.link)
        else:
            await self.client.send_template(to.user, notice.template, data, str(out.id), out.link)
        return True

    def _next(self, error: ApiError, endpoint: str, out: Outgoing) -> SendFailed | None:
        """What the error means for the rungs below: None or a failure to end with. Raises when it ends here."""
        code = str(error.code)
        match error.rule.policy:
            case Policy.NEXT_RUNG | Policy.WAIT_WINDOW:
                return None
            case Policy.MARK_UNFOLLOWED:
                return SendFailed(code, retry=False, gone=True)
            case Policy.STOP_ENDPOINT:
                wait = length(error, self.now())
                self._paused[endpoint] = self.now() + timedelta(seconds=wait)
                return SendFailed(code, retry=True, wait=wait)
            case Policy.ALARM | Policy.RENEW_ONCE:
                wait = length(error, self.now())
                raise SendFailed(code, retry=True, wait=wait, stop_endpoint=wait) from None
            case Policy.RETRY:
                raise SendFailed(code, retry=self._tries.again(error, out.id)) from None
            case _:
                raise SendFailed(code, retry=False) from None

    def _pause_left(self, endpoint: str) -> float:
        until = self._paused.get(endpoint)
        if until is None:
            return 0.0
        left = (until - self.now()).total_seconds()
        if left <= 0:
            del self._paused[endpoint]
        return max(left, 0.0)


def text_of(out: Outgoing) -> str:
    """The words of a push: its text, its choices by number, how many photos there are, its page."""
    photos = sum(media.kind == "photo" for media in out.media)
    return pushed(out.text, photos, out.choices, out.link)
