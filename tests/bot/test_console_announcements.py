"""Announcements in the console over real HTTP: written, shown, sent, stopped; nothing lost, nothing of others."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar
from sqlalchemy import insert, select

from bot import app as parts
from bot import links
from bot.app import App
from bot.server import listen
from bot.settings import load
from handlers import clockwork
from storage import broadcast, queue, schema, timers
from storage.sample_logins import LOGIN
from tests.bot.console_kit import HERE, signed_in
from tests.demo import demo_in

SCRIPT = "<script>alert(1)</script>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[App, str]]:
    app = await parts.start(load(data_dir=demo_in(tmp_path_factory.mktemp("announce"))), demo=True, ticking=False)
    runner, port = await listen(app, "127.0.0.1", 0)
    yield app, f"http://127.0.0.1:{port}"
    app.topics.close()
    await runner.cleanup()
    await app.stop()


class Clerk:
    """A signed-in person with a browser."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self.session = session
        self.url = url + "/console/announcements"

    async def get(self, path: str = "") -> tuple[int, str]:
        async with self.session.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, fields: list[tuple[str, str]]) -> tuple[int, str, str]:
        """(status, text, where it led)"""
        _, page = await self.get("/new")
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
        assert found
        data = [("csrf", found[1]), *fields]
        async with self.session.post(self.url + path, data=data, headers=HERE) as answer:
            return answer.status, await answer.text(), answer.url.path


@pytest_asyncio.fixture(loop_scope="module")
async def clerk(shared: tuple[App, str]) -> AsyncIterator[Clerk]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        await signed_in(session, shared[1], LOGIN)
        yield Clerk(session, shared[1])


def building(app: App) -> str:
    """学府花园3幢 as the form gives it."""
    b, e = schema.buildings.c, schema.estates.c
    with app.db.reading() as conn:
        wanted = select(b.id).join(schema.estates, e.id == b.estate).where(e.name == "学府花园", b.name == "3")
        return f"building:{conn.execute(wanted).scalar_one()}"


def tick(app: App) -> None:
    for _ in range(6):
        timers.fire_due(app.db, app.turns, clockwork.fire, app.policy, app.clock(), 50)
        broadcast.step(app.db, app.turns, app.policy, app.clock())


async def tock(app: App) -> None:
    await asyncio.to_thread(tick, app)


@pytest.mark.asyncio(loop_scope="module")
async def test_from_the_form_to_the_residents(shared: tuple[App, str], clerk: Clerk) -> None:
    app, _ = shared
    fields = [
        ("title", f"停水 {SCRIPT}"),
        ("words", f"明天停水\n{SCRIPT}"),
        ("places", building(app)),
        ("kind", "auto"),
    ]
    status, page, _ = await clerk.post("/new", [*fields, ("do", "preview")])
    assert status == 200 and "<b>2</b> 人会在名单里" in page and "王*、陈*" in page
    assert "王秀英" not in page and SCRIPT not in page and "提交发送" in page

    status, page, where = await clerk.post("/new", [*fields, ("do", "submit")])
    assert status == 200 and "好，马上就发。" in page and SCRIPT not in page
    number = where.rpartition("/")[2]
    await tock(app)
    status, page = await clerk.get(f"/{number}")
    assert "正在发" in page and "data-going" in page
    sent = queue.claim(app.db, app.clock(), 10, "test", 60, quiet=False)
    assert {row.text for row in sent if row.kind == "announce"} == {
        f"【重要通知】停水 {SCRIPT}\n明天停水\n{SCRIPT}\n——学府社区"
    }
    queue.failed(app.db, sent[0].id, "43004", app.clock())
    queue.sent(app.db, [row.id for row in sent[1:]], "webchat", app.clock())
    await tock(app)
    status, page = await clerk.get(f"/{number}")
    assert "已发完" in page and "没送到 1人：取消了关注" in page and "没送到的再发一次" in page
    for who, opens in ((sent[1].person, 200), (sent[0].person, 404), (5, 404)):
        path = links.made(app.key, links.ANNOUNCEMENT, int(number), who, app.clock(), 30)
        async with clerk.session.get(clerk.url.partition("/console")[0] + path) as answer:
            page = await answer.text()
            assert answer.status == opens and SCRIPT not in page and ("明天停水" in page) == (opens == 200)
    assert re.search("<b>1</b><span>已读</span>", (await clerk.get(f"/{number}"))[1])
    status, page = await clerk.get(f"/{number}/people?state=failed")
    assert "取消了关注" in page and "学府花园3幢" in page and re.search(r"(王|陈)\*", page)
    assert (await clerk.get(f"/{number}/part"))[0] == 200
    _, page, _ = await clerk.post(f"/{number}", [("act", "resend")])
    assert "没送到的再发一次。" in page
    await tock(app)
    due = queue.claim(app.db, app.clock(), 20, "test", 60, quiet=False)
    (again,) = [row for row in due if row.kind == "announce"]
    queue.failed(app.db, again.id, "timeout", app.clock())
    queue.sent(app.db, [row.id for row in due if row is not again], "webchat", app.clock())
    await tock(app)
    status, page = await clerk.get(f"/{number}")
    assert "不知道到没到 1人：平台没有答复" in page and "没送到的再发一次" not in page
    assert "再发时末尾会写：（如果这条已经收到过，请不用理会。）" in page
    assert "不知道到没到 1" in (await clerk.get())[1]
    status, page = await clerk.get(f"/{number}/people?state=unsure")
    assert "平台没有答复" in page and re.search(r"(王|陈)\*", page)
    _, page, _ = await clerk.post(f"/{number}", [("act", "repeat")])
    assert "不知道到没到的再发一次，写明可能收到过。" in page
    _, page, _ = await clerk.post(f"/{number}", [("act", "pause")])
    assert "暂停了，没发出去的都停下。" in page
    _, page, _ = await clerk.post(f"/{number}", [("act", "cancel")])
    assert "取消了，没发出去的不再发。" in page
    _, page, _ = await clerk.post(f"/{number}", [("act", "start")])
    assert "没有这个按钮。" in page


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_wrong_is_said_and_nothing_is_lost(shared: tuple[App, str], clerk: Clerk) -> None:
    fields = [("title", "周末义诊"), ("words", "周日上午在北门"), ("kind", "news"), ("roles", "owner")]
    status, page, _ = await clerk.post("/new", [*fields, ("do", "submit")])
    assert status == 422 and "请选发给谁" in page
    assert 'value="周末义诊"' in page and "周日上午在北门</textarea>" in page
    assert re.search(r'value="owner" checked', page)
    place = ("places", building(shared[0]))
    for more, said in (
        (("words", "长" * 501), "内容有501个字，最多500个字。"), (("at", "2020-01-01T08:00"), "定的时间已经过了。"),
        (("at", "明天"), "定的时间已经过了。"), (("title", ""), "请写标题。"),
    ):  # fmt: skip
        status, page, _ = await clerk.post("/new", [*fields, place, more, ("do", "submit")])
        assert status == 422 and said in page, said


@pytest.mark.asyncio(loop_scope="module")
async def test_a_kept_audience_a_draft_and_a_second_version(shared: tuple[App, str], clerk: Clerk) -> None:
    app, _ = shared
    fields = [("title", "义诊"), ("words", "周日上午"), ("places", building(app)), ("roles", "owner")]
    status, page, _ = await clerk.post("/new", [*fields, ("keep_as", "三幢业主"), ("do", "keep")])
    assert status == 200 and "三幢业主" in page
    kept = re.search(r'<option value="(\d+)"[^>]*>三幢业主', (await clerk.get("/new"))[1])
    assert kept
    status, page, where = await clerk.post("/new", [*fields[:2], ("kept", kept[1]), ("do", "save")])
    assert "草稿" in page and "学府花园3幢（业主）" in page
    number = where.rpartition("/")[2]
    assert 'value="义诊"' in (await clerk.get(f"/{number}/edit"))[1]
    changed = [("title", "义诊改期"), *fields[1:], ("do", "save")]
    assert "义诊改期" in (await clerk.post(f"/{number}/edit", changed))[1]
    _, page, _ = await clerk.post(f"/{number}", [("act", "try")])
    assert "发给您自己了" in page
    tried = queue.claim(app.db, app.clock(), 20, "try", 60, quiet=False)
    assert "【通知】义诊改期\n周日上午\n——学府社区" in {row.text for row in tried}


@pytest.mark.asyncio(loop_scope="module")
async def test_another_community_is_not_there_and_cannot_be_written_to(shared: tuple[App, str], clerk: Clerk) -> None:
    app, _ = shared
    with app.db.writing() as conn:
        other = conn.execute(
            select(schema.communities.c.id).where(schema.communities.c.name == "枫桦社区")
        ).scalar_one()
        conn.execute(
            insert(schema.announcements),
            [{
                "id": 77, "number": 77, "community": other, "by": 1, "second": 0, "title": "别处", "words": "别处",
                "kind": "news", "muster": False, "drill": False, "roles": [], "state": "draft", "people": 0,
                "upto": 0, "created": app.clock(),
            }],
        )  # fmt: skip
        conn.execute(insert(schema.announcement_places), [{"announcement": 77, "area": "community", "place": other}])
    for path in ("/77", "/77/part", "/77/people", "/77/edit", "/999"):
        assert (await clerk.get(path))[0] == 404, path
    _, page = await clerk.get()
    assert "别处" not in page
    fields = [("title", "停水"), ("words", "停水"), ("places", f"community:{other}"), ("do", "submit")]
    status, page, _ = await clerk.post("/new", fields)
    assert status == 422 and "选的范围不归您管，不能发。" in page
    with app.db.reading() as conn:
        state = conn.execute(select(schema.announcements.c.state).where(schema.announcements.c.id == 77)).scalar()
    await clerk.post("/77", [("act", "cancel")])
    assert state == "draft"
