"""Runs a transcript: feeds its speakers' lines to the program and writes down what really happened."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from handlers import clockwork, router
from handlers.points import months
from handlers.policy import Policy
from handlers.tickets.clock import SHANGHAI
from handlers.types import Inbound, Media, Pin, Reply, Sender
from nlp import understand
from nlp.register import Register
from storage import broadcast, doorcodes, queue
from storage.engine import Database
from storage.schema import activities
from storage.settling import settle_due
from storage.timers import fire_due
from storage.turns import Turns

SPEAKERS = {
    "居民": "resident", "邻居": "neighbour", "新人": "newcomer", "微网格长": "leader", "副微网格长": "deputy",
    "社区人员": "desk", "网格员": "grid", "物业": "property", "物业经理": "property_head", "街道": "street",
    "城管": "chengguan", "市政": "shizheng", "电梯维保": "lift",
}  # fmt: skip
INDENT = " " * 6
_LINE = re.compile(r"^([^\s:#][^:]{0,8}): ?(.*)$")
_CODES = {
    "家长码": re.compile(r"家长同意(\d{8})"),
    "兑换码": re.compile(r"兑换码(\d{4} \d{4})"),
    "证书号": re.compile(r"(JS\d{8}[0-9A-Z]{8})"),
    "这件事": re.compile(r"/m/t/(\d+)"),
    "兑换页": re.compile(r"/m/pick/(\d+)"),
    "本社区": re.compile(r"/open/points/(\d+)"),
}
_FACTS_HIDDEN = frozenset({"TimerSet", "TimersCleared", "NoticeShown", "PointsEarned", "PointsReversed"})


@dataclass
class Talk:
    """One program with its clock; `receive` is the core alone or the gateway."""

    database: Database
    register: Register
    receive: Callable[[Inbound], Awaitable[tuple[Reply, ...]]]
    turns: Turns
    names: dict[int, str]
    plates: dict[str, str] = field(default_factory=dict)  # label of a building → scene of its QR code
    now: datetime = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)
    said: int = 0
    last_fact: int = 0
    heard: dict[str, str] = field(default_factory=dict)  # what differs from run to run, under the name it has here

    async def run(self, script: str) -> str:
        """The transcript as it really went, in the same form."""
        out: list[str] = []
        for line in script.splitlines():
            match = _LINE.match(line)
            if line.startswith("#") or not line.strip():
                out.append(line)
            elif match and match[1] == "时间":
                out.append(line)
                out += await self._clock(match[2])
            elif match and match[1] in SPEAKERS:
                out.append(line)
                out += await self._say(match[1], match[2])
        return "\n".join(out).rstrip() + "\n"

    async def _clock(self, words: str) -> list[str]:
        self.now = datetime.strptime(words.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        for _ in range(20):  # a timer may set the next one
            if not await asyncio.to_thread(
                fire_due, self.database, self.turns, clockwork.fire, Policy(), self.now, 100
            ):
                break
        month = months.before(self.now)
        await asyncio.to_thread(
            settle_due, self.database, self.turns, clockwork.settle_month, Policy(), self.now, month
        )
        return await self._happened()

    async def _say(self, speaker: str, words: str) -> list[str]:
        self.said += 1
        self.now += timedelta(seconds=1)
        inbound = self._inbound(speaker, words)
        replies = await self.receive(inbound)
        lines: list[str] = []
        for reply in replies:
            lines += _indented("社区", self._named(reply.text))
            lines += [f"{INDENT}{n} {choice.label}" for n, choice in enumerate(reply.choices, 1)]
            if reply.link:
                lines.append(f"{INDENT}<{self._named(reply.link)}>")
        if not replies:
            lines.append("社区: (不回话)")
        return lines + await self._happened()

    def _named(self, text: str) -> str:
        """The text with names for the codes that differ from run to run; a line may say them back."""
        for name, pattern in _CODES.items():
            for match in pattern.finditer(text):
                self.heard[name] = match[1]
            text = pattern.sub(lambda match, name=name: match[0].replace(match[1], f"[{name}]"), text)
        return text

    def _on_now(self) -> int:
        """The activity whose screen one stands before: the one that starts nearest to now."""
        with self.database.reading() as conn:
            rows = conn.execute(select(activities.c.id, activities.c.starts)).all()
        return int(min(rows, key=lambda row: abs(row.starts - self.now)).id)

    def _inbound(self, speaker: str, words: str) -> Inbound:
        if "[签到码]" in words or "[签到图]" in words:
            number = self._on_now()
            words = words.replace("[签到码]", doorcodes.digits(number, self.now)[0])
            words = words.replace("[签到图]", f"[扫码 {doorcodes.token(number, self.now)}]")
        for name, code in self.heard.items():
            words = words.replace(f"[{name}]", code)
        sender = Sender("webchat", "-", SPEAKERS[speaker])
        base: dict[str, Any] = {"sender": sender, "key": f"k{self.said}", "at": self.now}
        media: list[Media] = []
        for kind, what in (("photo", "照片"), ("voice", "语音")):
            while f"[{what}]" in words:
                words = words.replace(f"[{what}]", "", 1).strip()
                media.append(Media(kind, f"file:{kind}{self.said}-{len(media)}.jpg"))  # type: ignore[arg-type]
        event = re.fullmatch(r"\[(关注|取消关注|扫码|菜单) ?(.*)\]", words)
        if event:
            name = {"关注": "follow", "取消关注": "unfollow", "扫码": "scan", "菜单": "menu"}[event[1]]
            key = self.plates.get(event[2], event[2])
            return Inbound(**base, event=name, event_key=key)
        button = re.fullmatch(r"\[按钮 (\S+) (\d+)\] ?(.*)", words)
        if button:
            key = f"{self._ticket(button[2])}:{button[1]}"
            return Inbound(**base, event="press", event_key=key, text=button[3], media=tuple(media))
        pin = re.fullmatch(r"\[定位 ([\d.]+),([\d.]+)(?: 差(\d+)米)?\]", words)
        if pin:
            return Inbound(**base, pin=Pin(float(pin[1]), float(pin[2]), accuracy=float(pin[3] or 0)))
        return Inbound(**base, text=words, media=tuple(media))

    def _ticket(self, short: str) -> int:
        from sqlalchemy import text

        with self.database.reading() as conn:
            found = conn.execute(text("SELECT id FROM tickets WHERE tail = :tail"), {"tail": short}).scalar()
        return int(found or 0)

    async def _happened(self) -> list[str]:
        facts, pushes = await asyncio.to_thread(self._drain)
        lines = [f"记录: {kind} {detail}".rstrip() for kind, detail in facts if kind not in _FACTS_HIDDEN]
        for out in pushes:
            lines += _indented(f"推送 {self.names.get(out.person, '?')}", self._named(out.text))
            lines += [f"{INDENT}[{choice.label}]" for choice in out.choices]
        return lines

    def _drain(self) -> tuple[list[tuple[str, str]], list[queue.Outgoing]]:
        from sqlalchemy import text

        with self.database.reading() as conn:
            rows = conn.execute(
                text("SELECT id, kind, body FROM facts WHERE id > :last ORDER BY id"), {"last": self.last_fact}
            ).all()
        facts = []
        for row in rows:
            self.last_fact = row.id
            facts.append((row.kind, _detail(json.loads(row.body))))
        pushes: list[queue.Outgoing] = []
        if broadcast.live(self.database):
            for _ in range(20):  # announcements: the timer that begins them, the audience, the sending, the end
                fire_due(self.database, self.turns, clockwork.fire, Policy(), self.now, 100)
                broadcast.step(self.database, self.turns, Policy(), self.now)
        while claimed := queue.claim(self.database, self.now + timedelta(days=1), 100, "talk", 60, quiet=False):
            pushes += claimed
            queue.sent(self.database, [out.id for out in claimed], "test", self.now)
        return facts, sorted(pushes, key=lambda out: out.id)


_SAID = ("code", "category", "level", "status", "why", "step", "how", "rating", "relation", "action", "rung", "act")


def _detail(body: dict[str, Any]) -> str:
    """The few fields a reader wants; ids of persons and tickets differ from run to run and are left out."""
    out = []
    for key in _SAID:
        if body.get(key) and not str(body[key]).endswith("="):  # the digest of something private
            out.append(f"{key}={body[key]}")
    for key in ("solved", "agreed", "kept"):
        if isinstance(body.get(key), bool):
            out.append(f"{key}={'是' if body[key] else '否'}")
        elif body.get(key):
            out.append(f"{key}={len(body[key])}件")
    return " ".join(out)


def _indented(head: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [f"{head}: {first}", *(INDENT + line for line in rest)]


def core(turns: Turns, register: Register, talk: list[Talk]) -> Callable[[Inbound], Awaitable[tuple[Reply, ...]]]:
    """The core alone: understand, one turn, its replies."""

    async def receive(inbound: Inbound) -> tuple[Reply, ...]:
        said = understand(inbound.text, register, now=inbound.at)
        done = await asyncio.wrap_future(turns.submit(inbound, said, talk[0].now))
        return done.replies

    return receive


def make_turns(database: Database) -> Turns:
    """One thread: timers due at the same moment are told in the order they are due."""
    return Turns(database, router.decide, Policy(), threads=1)


def scripts() -> list[Path]:
    return sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
