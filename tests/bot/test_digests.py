"""Digests and reminders end to end: at set times, once, to whom they concern, only when there is something to say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import app as parts
from bot.app import App
from bot.jobs import JOBS
from bot.settings import load
from handlers.policy import Policy
from handlers.tickets import digest
from handlers.tickets.clock import SHANGHAI
from handlers.types import Inbound, Sender
from storage import identities, queue
from storage.schema import facts, outbox

RUN = {job.name: job.run for job in JOBS}


@dataclass
class Day:
    app: App
    time: list[datetime]
    count: int = 0

    def at(self, words: str) -> None:
        self.time[0] = datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)

    async def say(self, user: str, text: str) -> None:
        self.count += 1
        inbound = Inbound(Sender("webchat", "-", user), f"d{self.count}", self.app.clock(), text=text)
        await self.app.gateway.receive(inbound)

    async def tick(self) -> None:
        """A minute of the clockwork: the digests' job, then what is due, then the pushes."""
        await RUN["digests"](self.app)
        for _ in range(5):
            if not await RUN["timers"](self.app):
                break
        await self.app.outbox.settle()

    def told(self, kind: str, user: str) -> list[str]:
        with self.app.db.reading() as conn:
            person = identities.person_of(conn, Sender("webchat", "-", user))
        return [out.text for out in queue.waiting_for(self.app.db, person, 0, 500) if out.kind == kind]

    def log(self) -> int:
        with self.app.db.reading() as conn:
            return len(conn.execute(select(facts.c.id)).all())

    def all(self, kind: str) -> int:
        with self.app.db.reading() as conn:
            return len(conn.execute(select(outbox.c.id).where(outbox.c.kind == kind)).all())


@pytest.fixture
async def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Day]:
    monkeypatch.chdir(tmp_path)
    time = [datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)]
    app = await parts.start(load(data_dir=tmp_path / "data"), demo=True, clock=lambda: time[0], ticking=False)
    made = Day(app, time)
    await made.say("resident", "3幢2单元楼道灯坏了")
    await made.say("resident", "对")
    await app.outbox.settle()
    yield made
    await app.stop()


async def test_supervisors_get_counts_and_the_most_pressing_once(day: Day) -> None:
    day.at("2026-06-01 12:00")
    await day.tick()
    assert day.all("digest") == 0  # not a set time
    day.at("2026-06-01 16:36")
    for _ in range(3):
        await day.tick()
    [words] = day.told("digest", "desk")
    assert words.startswith(
        "今天到现在：\n学府社区在办1件，其中没人接1件。\n最急的：\n0001 楼道灯坏了（学府花园3幢2单元）"
    )
    assert words.endswith("一天里新报1件，办好0件。")
    assert day.all("digest") == 4  # the two of this community's desk, the two of the street; nobody else
    day.at("2026-06-02 08:06")
    await day.tick()
    assert day.told("digest", "desk")[-1].startswith("早上好。")
    assert day.all("digest") == 8


async def test_a_set_time_long_past_is_left_out(day: Day) -> None:
    day.at("2026-06-01 18:40")
    await day.tick()
    assert day.all("digest") == 0


async def test_on_a_holiday_only_danger_is_worth_it(day: Day) -> None:
    day.at("2026-06-06 08:06")  # a Saturday
    await day.tick()
    assert day.all("digest") == 0
    log = day.log()
    for minute in range(7, 12):
        day.at(f"2026-06-06 08:{minute:02}")
        await day.tick()
    assert day.log() == log, "asked once at a set time: nothing is written for it minute after minute"
    day.at("2026-06-06 10:06")
    await day.say("neighbour", "学府花园4幢1单元有煤气味，很浓")
    await day.tick()
    assert day.all("digest") == 0
    day.at("2026-06-06 16:36")
    await day.tick()
    assert "紧急1件" in day.told("digest", "desk")[-1]


async def test_only_the_unread_are_reminded(day: Day) -> None:
    day.at("2026-06-01 09:30")
    await day.say("leader", "接单")  # has seen the first
    day.at("2026-06-01 11:00")
    await day.say("resident", "3幢楼下垃圾堆了没人收")
    await day.say("resident", "对")
    await day.app.outbox.settle()
    day.at("2026-06-01 11:36")
    for _ in range(2):
        await day.tick()
    [words] = day.told("reminder", "leader")
    assert words.startswith("您有1件还没看：\n0002 楼下垃圾堆了没人收（学府花园3幢）待接单，6月4日")
    assert words.endswith("说「我的待办」，或者打开清单。")
    await day.say("leader", "我的待办")  # now it is read
    day.at("2026-06-01 17:36")
    await day.tick()
    assert len(day.told("reminder", "leader")) == 1


async def test_who_has_answered_is_left_alone(day: Day) -> None:
    day.at("2026-06-01 10:00")
    await day.say("leader", "接单")
    day.at("2026-06-01 11:36")
    await day.tick()
    assert day.all("reminder") == 0


@pytest.mark.parametrize(
    ("at", "wanted"),
    [
        ("08:04", ""), ("08:05", "08:05"), ("10:04", "08:05"), ("10:05", ""), ("16:35", "16:35"), ("18:34", "16:35"),
        ("18:35", ""), ("00:30", ""),
    ],
)  # fmt: skip
def test_the_slot(at: str, wanted: str) -> None:
    now = datetime.strptime(f"2026-06-01 {at}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    found = digest.slot(digest.DIGEST, now, Policy())
    assert (f"{found:%H:%M}" if found else "") == wanted


async def test_at_night_a_pressing_task_goes_out_and_an_ordinary_one_waits(day: Day) -> None:
    from dataclasses import replace

    from bot.outbox import quiet

    day.at("2026-06-01 23:00")
    policy = replace(day.app.policy, quiet_from_hour=22, quiet_to_hour=7)
    await day.say("resident", "3幢楼下垃圾堆了没人收")
    await day.say("resident", "对")
    await day.say("neighbour", "学府花园4幢1单元水管爆了，水流到楼道了")
    await day.say("neighbour", "对")
    now = day.app.clock()
    assert quiet(now, policy)
    sent = queue.claim(day.app.db, now, 50, "me", 60, quiet=True)
    assert sent and all("水" in out.text for out in sent if out.kind == "task")
    assert not any("垃圾" in out.text for out in sent)
