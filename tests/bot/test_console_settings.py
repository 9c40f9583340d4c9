"""Settings through the console: each change is checked like an import and stands in the log with who made it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest_asyncio
from aiohttp import ClientSession
from sqlalchemy import insert, select

from bot import app as parts
from bot.app import App
from bot.console.settings_accounts import ABOUT
from bot.jobs import JOBS
from bot.server import listen
from bot.settings import load
from handlers.types import Role
from storage.ids import new_id
from storage.outgoing import body
from storage.schema import communities, duty_hours, facts, holidays, limits, outbox, persons, posts, tickets, units
from storage.staff import list_logins
from tests.bot.console_kit import HERE, browser, signed_in, token_of
from tests.demo import demo_in


@pytest_asyncio.fixture
async def shared(tmp_path: Path) -> AsyncIterator[tuple[App, str]]:
    app = await parts.start(load(data_dir=demo_in(tmp_path / "settings")), demo=True, ticking=False)
    runner, port = await listen(app, "127.0.0.1", 0)
    yield app, f"http://127.0.0.1:{port}"
    app.topics.close()
    await runner.cleanup()
    await app.stop()


async def get(session: ClientSession, url: str, path: str) -> str:
    async with session.get(f"{url}/console/settings{path}") as answer:
        assert answer.status == 200, path
        return await answer.text()


async def send(session: ClientSession, url: str, path: str, **given: str) -> tuple[int, str]:
    data = {"csrf": await token_of(session, url), **given}
    async with session.post(f"{url}/console/settings{path}", data=data, headers=HERE) as answer:
        return answer.status, await answer.text()


def changes(app: App) -> list[tuple[str, str, str, str]]:
    """(what, key, before, after), each by the system administrator through the console."""
    with app.db.reading() as conn:
        system = next(row.person for row in list_logins(conn) if row.login == "system")
        found = conn.execute(select(facts).where(facts.c.kind == "SettingChanged").order_by(facts.c.id)).all()
    assert all((fact.actor, fact.via) == (system, "console") for fact in found)
    said = [orjson.loads(fact.body) for fact in found]
    return [(one["what"], one["key"], one["before"], one["after"]) for one in said]


async def test_categories_limits_hours_and_days(shared: tuple[App, str]) -> None:
    app, url = shared
    async with browser() as session:
        await signed_in(session, url, "system")
        row = {"name": "楼道灯", "lead": "市政", "assist": "供电、<b>", "level": "T1", "std_code": "", "photo": "1"}
        status, text = await send(session, url, "/categories/0201", **row)
        assert status == 422 and "不认识的单位类别" in text and "&lt;b&gt;" in text and 'value="楼道灯"' in text
        status, text = await send(session, url, "/categories/0201", **{**row, "assist": "供电"})
        assert status == 200 and "0201 改好了" in text and "楼道灯，市政，协办供电，T1，办结要照片" in text
        assert (await send(session, url, "/categories/9999", **row))[0] == 404
        home = await get(session, url, "")
        assert "系统管理员" in home and "分类 0201" in home

        with app.db.reading() as conn:
            here = conn.execute(select(communities.c.id).where(communities.c.name == "学府社区")).scalar_one()
        one = {"community": str(here), "of": "T2", "clock": "整体", "timing": "工作时间", "counting": "单次"}
        status, text = await send(session, url, "/limits", **one, length="两天半")
        assert status == 422 and 'value="两天半"' in text
        status, text = await send(session, url, "/limits", **one, length="2天")
        assert status == 200 and "本社区定的" in text and "2天" in text
        assert "本社区定的" not in await get(session, url, "/limits")
        assert (await send(session, url, "/limits", **{**one, "community": "77"}, length="2天"))[0] == 404
        await send(session, url, "/limits", **one, reset="1")
        periods = {"community": "", "day": "weekend", "begin0": "09:00", "end0": "11:00"}
        assert "改好了" in (await send(session, url, "/hours", **periods))[1]
        assert "要晚于开始" in (await send(session, url, "/hours", **{**periods, "end0": "08:00"}))[1]
        with app.db.reading() as conn:
            found = conn.execute(select(duty_hours.c.begin).where(duty_hours.c.day == "weekend")).scalars()
            assert list(found) == ["09:00"]
            assert not conn.execute(select(limits)).all()
        assert "恢复成上一级" in (await send(session, url, "/hours", community="", day="weekend"))[1]

        status, text = await send(session, url, "/calendar", day="2026-06-06", works="上班", name="补班")
        assert status == 200 and 'title="补班"' in text and "6月6日 上班" in text
        assert "还没有" in text and "调休安排" in text, "the next year is not published yet"
        status, text = await send(session, url, "/calendar", day="6月", works="上班", name="<i>补班")
        assert status == 422 and "<i>" not in text
        await send(session, url, "/calendar", day="2026-06-06", works="按国家公布")
        with app.db.reading() as conn:
            assert not conn.execute(select(holidays)).all()
        assert changes(app) == [
            ("categories", "0201", "楼道灯/路灯，物业，协办市政、供电，T2", "楼道灯，市政，协办供电，T1，办结要照片"),
            ("limits", f"{here}/T2/整体", "", "2天工作时间"), ("limits", f"{here}/T2/整体", "2天工作时间", ""),
            ("hours", "0/weekend", "", "09:00–11:00"), ("hours", "0/weekend", "09:00–11:00", ""),
            ("holidays", "2026-06-06", "", "上班 补班"), ("holidays", "2026-06-06", "上班 补班", ""),
        ]  # fmt: skip
    async with browser() as desk:
        await signed_in(desk, url, "demo")
        for path in ("", "/categories", "/limits", "/calendar", "/units", "/accounts", "/jobs", "/messages"):
            async with desk.get(f"{url}/console/settings{path}") as answer:
                assert answer.status == 403, path


async def test_units_and_their_people(shared: tuple[App, str]) -> None:
    app, url = shared
    async with browser() as session:
        await signed_in(session, url, "system")
        new = {"code": "WY-NEW", "name": "新物业", "kind": "物业", "phone": "", "scope": "没有的小区"}
        status, text = await send(session, url, "/units", **new)
        assert status == 422 and "没有这个小区" in text and 'value="新物业"' in text
        status, text = await send(session, url, "/units", **{**new, "scope": "学府花园"})
        assert status == 200 and "新物业已记下" in text
        with app.db.reading() as conn:
            unit = conn.execute(select(units.c.id).where(units.c.code == "WY-NEW")).scalar_one()
        person = {"name": "周工", "phone": "13800001234", "role": "负责人"}
        assert (await send(session, url, f"/units/{unit}/members", **{**person, "phone": "1"}))[0] == 422
        status, text = await send(session, url, f"/units/{unit}/members", **person)
        assert status == 200 and "周工已加入新物业" in text and "138****1234" in text
        with app.db.reading() as conn:
            who = conn.execute(select(posts.c.person).where(posts.c.scope == unit)).scalar_one()
            area = re.search(r'name="area" value="(\d+)"', text)
        assert area is not None
        await _ticket(app, who, unit)
        assert "手上还有1件" in (await send(session, url, f"/units/{unit}/leave", person=str(who)))[1]
        with app.db.writing() as conn:
            conn.execute(tickets.update().values(status="已办结"))
        assert "退出：周*" in (await send(session, url, f"/units/{unit}/leave", person=str(who)))[1]
        assert "已经没有了" in (await send(session, url, f"/units/{unit}/leave", person=str(who)))[1]
        assert "不再服务：学府花园" in (await send(session, url, f"/units/{unit}/area", area=area[1]))[1]
        with app.db.reading() as conn:
            assert conn.execute(
                select(posts.c.until).where(posts.c.role == Role.HEAD, posts.c.person == who)
            ).scalar()
        assert [(what, after) for what, _, _, after in changes(app)] == [
            ("units", "新物业，物业，学府花园"), ("members", "加入：周*，负责人"), ("members", "退出：周*"),
            ("units", "不再服务：学府花园"),
        ]  # fmt: skip


async def _ticket(app: App, owner: int, unit: int) -> None:
    now = app.clock()
    with app.db.writing() as conn:
        conn.execute(
            insert(tickets).values(
                id=new_id(), code="202606010001", tail="0001", category="0201", level="T2", urgency="normal",
                kind="求助", status="处置中", place="{}", words="灯", summary="灯", reporter=1, owner=owner,
                unit=unit, source="webchat", opened=now, changed=now,
            )
        )  # fmt: skip


async def test_the_log_of_messages_is_masked_and_sends_again(shared: tuple[App, str]) -> None:
    app, url = shared
    now = app.clock()
    with app.db.writing() as conn:
        who = conn.execute(select(persons.c.id).where(persons.c.name.is_not(None))).scalars().first()
        conn.execute(persons.update().where(persons.c.id == who).values(name="<u>王五"))
        for number, (state, code) in enumerate((("failed", "45015"), ("failed", "stale"), ("sent", None))):
            conn.execute(
                insert(outbox).values(
                    id=new_id(), person=who, kind="task", rank=2, state=state, code=code, created=now, next_at=now,
                    attempts=6, body=body(f"13800001234您的事{number}由张伟接单了，他住3幢"),
                )
            )  # fmt: skip
    async with browser() as session:
        await signed_in(session, url, "system")
        text = await get(session, url, "/messages?state=failed")
        assert text.count('name="id"') == 2 and "超过 48 小时未互动" in text and "等得太久" in text
        assert "13800001234" not in text and "张伟" not in text and "<u>" not in text and "王五" not in text
        assert (await get(session, url, "/messages?code=45015")).count('name="id"') == 1
        assert "没有这样的消息" in await get(session, url, "/messages?kind=%3Cscript%3E&days=x&before=-1")
        assert "超过 48 小时未互动" in await get(session, url, "/accounts")
        assert "没有可以重发的" in (await send(session, url, "/messages", id="x"))[1]
        with app.db.reading() as conn:
            ids = {row.code: str(row.id) for row in conn.execute(select(outbox))}
        status, text = await send(session, url, "/messages", id=ids["45015"], kept="state=failed&days=7")
        assert status == 200 and "1条已放回去重发" in text and text.count('name="id"') == 1
        assert "没有可以重发的" in (await send(session, url, "/messages", id=ids[None]))[1], "it was sent"
        with app.db.reading() as conn:
            row = conn.execute(select(outbox).where(outbox.c.id == int(ids["45015"]))).one()
            assert (row.state, row.attempts, row.code) == ("waiting", 0, None)
            assert row.next_at <= app.clock() + timedelta(seconds=1)
            assert conn.execute(select(facts).where(facts.c.kind == "MessagesResent")).one().actor
        await app.jobs.run(app, JOBS[0])
        text = await get(session, url, "/jobs")
        assert "没有要做的" in text and "还没跑过" in text and ABOUT["timers"] in text
        assert all(f"<td>{job.name}</td>" in text for job in JOBS)
