"""Each alarm is told once when it begins and once when it is over, by whichever process sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import delete, insert, select

from bot import alarms, checks, measures
from bot import app as parts
from bot.alarms import RULES, Alarms, Rule
from bot.app import App
from bot.checks import Soon, Wrong
from bot.settings import load
from storage import sample, schema, watch
from storage.ids import new_id
from tests.demo import demo_in


@pytest.fixture
async def still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    """The demo without its clockwork, somebody on duty."""
    monkeypatch.chdir(tmp_path)
    app = await parts.start(load(data_dir=demo_in(tmp_path / "data"), duty=sample.LOGIN), demo=True, ticking=False)
    yield app
    await app.stop()


@dataclass
class Gauge:
    """A measure that says what it is told to."""

    value: float = 0.0

    async def __call__(self, _: App) -> float:
        return self.value


def told(app: App) -> list[str]:
    with app.db.reading() as conn:
        rows = conn.execute(select(schema.outbox).where(schema.outbox.c.kind == "system")).mappings().all()
    return [watch_text(row["body"]) for row in rows]


def watch_text(body: str) -> str:
    from storage.outgoing import orjson

    return str(orjson.loads(body)["text"])


async def test_told_once_held_back_at_first_and_told_when_over(still: App) -> None:
    gauge = Gauge()
    rule = Rule("disk", "磁盘", gauge, 5, 0.05, "只剩{0:.0f}了。", here=True)
    here, there = Alarms((rule,)), Alarms((rule,))
    assert await here.look(still) == 0
    gauge.value = 6
    assert await here.look(still) == 1
    assert told(still) == []  # not yet long enough
    await asyncio.sleep(0.06)
    for one in (here, there, here):
        await one.look(still)
    await asyncio.sleep(0.06)
    await there.look(still)
    assert told(still) == ["[系统] 磁盘：只剩6了。"]
    assert 'jushe_alarm{alarm="disk"} 1.0' in still.metrics.text().decode()
    gauge.value = 0
    for one in (there, here):
        await one.look(still)
    assert told(still)[1:] in (["[系统] 磁盘：好了。"], ["[系统] 磁盘：好了。"] * 2)
    assert watch.alarms_on(still.db) == {}


async def test_one_that_goes_on_is_told_again_after_half_a_day(still: App) -> None:
    rule = Rule("x", "某事", Gauge(1), 0, 0, "有。", here=True)
    await Alarms((rule,)).look(still)
    now = still.clock()
    still.clock = lambda: now + timedelta(hours=13)
    await Alarms((rule,)).look(still)
    assert told(still) == ["[系统] 某事：有。"] * 2


async def test_without_the_database_the_webhook_is_told_once(still: App, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    async def robot(request: web.Request) -> web.Response:
        heard.append((await request.json())["text"]["content"])
        return web.json_response({"errcode": 0})

    site = web.Application()
    site.router.add_post("/robot", robot)
    runner = web.AppRunner(site)
    await runner.setup()
    place = web.TCPSite(runner, "127.0.0.1", 0)
    await place.start()
    port = runner.addresses[0][1]
    still.settings = load(data_dir=still.settings.data_dir, alarm_webhook=f"http://127.0.0.1:{port}/robot")

    def away(*_: object) -> None:
        raise OSError("away")

    with monkeypatch.context() as patch:
        for name in ("alarms_on", "raise_alarm", "people_of"):
            patch.setattr(watch, name, away)
        patch.setattr(still.db, "check", away)
        seen = Alarms(tuple(replace(rule, hold=0) for rule in RULES if rule.name in ("database", "backlog")))
        assert [await seen.look(still) for _ in range(3)] == [1, 1, 1]
    await seen.look(still)
    await runner.cleanup()
    assert heard == [f"居社通 {alarms.HOST} [系统] 数据库：连不上。消息先存在本机，不会丢。请查数据库和网络。",
                     f"居社通 {alarms.HOST} [系统] 数据库：好了。"]  # fmt: skip


async def test_every_rule_can_be_measured_and_is_quiet_in_a_sound_house(still: App) -> None:
    values = {rule.name: await rule.measure(still) for rule in RULES}
    on = [rule.name for rule in RULES if values[rule.name] > rule.over and rule.name != "disk"]
    assert on == []
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.words.format(1.0)


SEEN = (  # a row of the outbox, and which rules must see it
    ({"code": "40164", "state": "waiting"}, {"token", "backlog"}),
    ({"code": "45009", "state": "waiting"}, {"quota", "backlog"}),
    ({"state": "sending"}, {"stuck"}),
    ({"state": "failed", "code": "window"}, set()),
)
LINES = {"token": "平台令牌和额度", "quota": "平台令牌和额度", "backlog": "积压", "stuck": "卡住的行"}


async def test_rows_that_need_somebody_are_seen_by_the_alarms_and_by_the_doctor(still: App) -> None:
    old = still.clock() - timedelta(hours=2)
    values = {"id": new_id(), "person": 1, "kind": "task", "rank": 0, "body": "{}", "created": old, "next_at": old}
    for row, expected in SEEN:
        with still.db.writing() as conn:
            conn.execute(delete(schema.outbox))
            conn.execute(insert(schema.outbox).values(**values, lease=old, **row))
        seen = {rule.name for rule in RULES if rule.name in LINES and await rule.measure(still) > rule.over}
        assert seen == expected
        wrong = set()
        for name, check in checks.checks(still.db, still.settings, still.clock()):
            try:
                check()
            except (Wrong, Soon):
                wrong.add(name)
        assert wrong & set(LINES.values()) == {LINES[name] for name in seen}


def test_errors_are_counted_within_a_window() -> None:
    window = measures.Window()
    assert [window.grown(at, value) for at, value in ((0, 5), (100, 7), (301, 9), (700, 9))] == [0, 2, 2, 0]


async def test_a_storm_is_measured_and_an_announcements_failures_are_no_alarm(still: App) -> None:
    await measures.storms(still)
    still.metrics.pushes.labels("announced:window").inc(500)
    assert await measures.storms(still) == 0 and await measures.undelivered(still) == 0
    still.metrics.pushes.labels("failed:storm").inc(3)
    assert await measures.storms(still) == 3
    assert any(rule.measure is measures.storms and rule.over == 0 for rule in RULES)
