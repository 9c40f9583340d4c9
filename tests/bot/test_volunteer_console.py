"""An organiser's and a reviewer's day in the console, over real HTTP: sign-ups, points, shop, teams, photos."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from aiohttp import ClientSession, CookieJar, FormData
from sqlalchemy import insert, select, update

from bot.app import App
from bot.server import listen
from handlers.points.facts import PointsEarned
from handlers.types import Inbound, Outcome, Role, Sender
from storage import identities, ledger_audit, people
from storage.sample_logins import LOGIN, PASSWORD
from storage.schema import activities, communities, logins, posts
from tests.bot.test_webchat import photo

HERE = {"Sec-Fetch-Site": "same-origin"}
NOTICE = {
    "name": "护河", "kind": "环境清洁", "about": "捡河边垃圾，做宣传", "from": "09:00", "to": "11:00",
    "place": "南门", "posts": "捡拾2人，宣传1人", "conditions": "身体健康", "danger": "没有",
    "risks": "路滑，发雨鞋", "children": "可以",
    "insurance": "社区统一投保", "question": "衣服尺码", "approve": "1", "fence": "200", "pin": "30.63,120.56",
}  # fmt: skip


class Desk:
    """A clerk at the console; `say` is what residents write meanwhile."""

    def __init__(self, app: App, session: ClientSession, url: str) -> None:
        self.app, self.session, self.url, self.count = app, session, url, 0

    async def say(self, user: str, text: str) -> str:
        self.count += 1
        inbound = Inbound(Sender("webchat", "-", user), f"v{self.count}", self.app.clock(), text=text)
        return "\n".join(reply.text + reply.link for reply in await self.app.gateway.receive(inbound))

    async def log_in(self, login: str = LOGIN) -> None:
        data = {"login": login, "password": PASSWORD}
        async with self.session.post("/console/login", data=data, headers=HERE) as answer:
            assert answer.status == 200

    async def page(self, path: str, status: int = 200) -> str:
        async with self.session.get(path) as answer:
            assert answer.status == status, path
            return await answer.text()

    async def read(self, path: str, status: int = 200) -> str:
        return _text(await self.page(path, status))

    async def click(self, path: str, page: str = "", status: int = 200, **form: str) -> str:
        """Post a form of `page` (with its token) and read where it leads."""
        async with self.session.post(
            path, data={"csrf": await self.token(page or path), **form}, headers=HERE
        ) as answer:
            assert answer.status == status, (path, form, answer.status)
            return _text(await answer.text())

    async def token(self, path: str) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', await self.page(path))
        assert found is not None
        return found[1]

    def person(self, user: str) -> int:
        with self.app.db.reading() as conn:
            return identities.person_of(conn, Sender("webchat", "-", user))


def _text(page: str) -> str:
    page = re.sub(r"<(head|style)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
async def desk(demo: App) -> AsyncIterator[Desk]:
    runner, port = await listen(demo, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{port}"
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as session:
        made = Desk(demo, session, url)
        await made.log_in()
        yield made
    await runner.cleanup()


async def test_an_activity_from_opening_to_hours(desk: Desk) -> None:
    new = "/console/activities/new"
    day = f"{(datetime.now(UTC) + timedelta(days=3)):%Y-%m-%d}"
    wrong = await desk.click(
        new, status=422, name="护河", about="捡", danger="有", day="2020-01-01", **{"from": "9", "to": "8"}
    )
    for words in ("做什么？一两句话", "请填日期", "没有保单不能发布", "要几个人"):
        assert words in wrong
    assert 'value="护河"' in await _form(desk, new, name="护河")  # nothing is lost
    done = await desk.click(new, day=day, **NOTICE)
    assert "发布好了：护河" in done
    assert "已经发布过了" in await desk.click(new, status=422, day=day, **NOTICE)  # a second click
    with desk.app.db.reading() as conn:
        row = conn.execute(select(activities).where(activities.c.name == "护河")).one()
    one = f"/console/activities/{row.id}"
    assert (row.fence, row.question, row.approve) == (200, "衣服尺码", True)

    await desk.say("resident", "报名护河")
    await desk.say("resident", "捡拾")
    await desk.say("resident", "满了")
    assert "看一下" in await desk.say("resident", "L码")
    page = await desk.read(one)
    assert "王秀英" in page and "等负责人通过" in page and "答：L码" in page
    signup = _hidden(await desk.page(one), "signup")
    assert "不存在" not in await desk.click(f"{one}/do", one, do="approve", signup=signup)
    assert "已报上" in await desk.read(one)
    assert "刚刚有变化" in await desk.click(f"{one}/do", one, do="approve", signup=signup)  # somebody was quicker
    assert "发给报名的1位了" in await desk.click(f"{one}/do", one, do="tell", words="带好雨衣")
    later = {"starts": f"{day}T10:00", "ends": f"{day}T12:00", "place": "北门"}
    assert "时间改到" in await desk.click(f"{one}/do", one, do="change", **later)
    assert "没有改动" in await desk.click(f"{one}/do", one, do="change", **later)
    assert "自动开下一期" in await desk.click(f"{one}/do", one, do="repeat", on="1")
    assert "还没结束" in await desk.click(f"{one}/do", one, do="close")

    with desk.app.db.writing() as conn:  # three days go by
        at = datetime.now(UTC)
        past = {"starts": at - timedelta(hours=3), "ends": at - timedelta(hours=1)}
        conn.execute(update(activities).where(activities.c.id == row.id).values(**past))
    local = desk.app.clock() + timedelta(hours=8 - 3)
    came = {"signup": signup, "step": "came", "at": f"{local:%Y-%m-%dT%H:%M}", "why": "手机没电"}
    assert "还要另一个人证明" in await desk.click(f"{one}/do", one, do="makeup", **came)
    assert "要另一个人证明" in await desk.read(one)  # not by who asked
    assert "好了" in await desk.click(f"{one}/do", one, do="close")
    assert "没来" in await desk.read(one)
    assert "时长已经记过了" in await desk.click(f"{one}/do", one, do="close")

    data = FormData({"csrf": await desk.token(one), "person": str(desk.person("neighbour"))})
    data.add_field("photo", base64.b64decode(photo()), filename="a.jpg", content_type="image/jpeg")
    async with desk.session.post(f"{one}/photo", data=data, headers=HERE) as answer:
        assert "只能选报了名的人" in _text(await answer.text())
    data = FormData({"csrf": await desk.token(one), "nobody": "1"})
    data.add_field("photo", base64.b64decode(photo()), filename="a.jpg", content_type="image/jpeg")
    async with desk.session.post(f"{one}/photo", data=data, headers=HERE) as answer:
        assert "照片收好了" in await answer.text()
    notice = await desk.page(f"/m/activity/{row.id}")
    address = re.search(r'src="(/media/[^"]+)"', notice)
    assert address is not None
    async with (
        ClientSession() as stranger,
        stranger.get(desk.url + unescape(address[1])) as got,
    ):
        assert got.status == 200
    number = _hidden(await desk.page(one), "photo")
    assert "拿下来了" in await desk.click(f"{one}/do", one, do="unphoto", photo=number)
    assert "/media/" not in await desk.page(f"/m/activity/{row.id}")


async def _form(desk: Desk, path: str, **form: str) -> str:
    async with desk.session.post(path, data={"csrf": await desk.token(path), **form}, headers=HERE) as answer:
        return await answer.text()


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'type="hidden" name="{name}" value="(\d+)"', page)
    assert found is not None, name
    return found[1]


async def test_another_communitys_activity_is_not_there(desk: Desk) -> None:
    with desk.app.db.writing() as conn:
        row = conn.execute(select(activities).where(activities.c.name == "清洁家园")).one()
        mine = select(posts.c.scope).where(posts.c.person == desk.person("desk"))
        other = conn.execute(select(communities.c.id).where(communities.c.id.not_in(mine))).scalars().first()
        conn.execute(update(activities).where(activities.c.id == row.id).values(community=other))
    for path in ("", "/checkin", "/poster"):
        await desk.page(f"/console/activities/{row.id}{path}", 404)
    cancel = {"do": "cancel", "why": "不办了"}
    await desk.click(f"/console/activities/{row.id}/do", "/console/activities", 404, **cancel)
    with desk.app.db.reading() as conn:
        state = select(activities.c.status).where(activities.c.id == row.id)
        assert conn.execute(state).scalar_one() == "open"


async def test_points_rules_shop_and_a_second_person(desk: Desk) -> None:
    resident = desk.person("resident")
    with desk.app.db.reading() as conn:
        where = (
            conn.execute(select(posts.c.scope).where(posts.c.person == desk.person("desk"))).scalars().first() or 0
        )
    facts = tuple(
        PointsEarned(900 + n, resident, where, "DZ01", 1, 16, f"DZ01:hours:{n}:{resident}", flag="sample" * (n == 0))
        for n in range(2)
    )
    await asyncio.wrap_future(desk.app.turns.run(lambda read: Outcome(facts=facts), desk.app.clock(), "test"))
    points, shop = "/console/points", "/console/shop"
    page = await desk.read(points)
    assert "随机抽查" in page and "苏建华" in page
    assert "写原因" in await desk.click(points, do="check", entry="900")
    assert "没有问题" in await desk.click(points, do="check", entry="900", yes="1")
    assert "已经查过了" in await desk.click(points, do="check", entry="900", yes="1")
    leader = str(desk.person("leader"))
    assert "履职合格" in await desk.click(points, do="duty", community=str(where), person=leader)
    assert "已经记过" in await desk.click(points, do="duty", community=str(where), person=leader)

    honour = {"who": "3幢2单元302", "rule": "DZ03", "points": "20", "why": "扶起摔倒的老人"}
    assert "已请另一位同志复核" in await desk.click(points, do="hand", **honour)
    assert "要另一位同志来定" in await desk.read(points)
    case = await _case(desk)
    assert "不能自己复核" in await desk.click(points, do="case", case=case, yes="1")
    kept = await _form(desk, points, do="hand", who="3幢2单元302", rule="FZ01", why="去")
    assert "请加一句说明" in kept and 'value="3幢2单元302"' in kept
    await _second(desk)
    assert "已经记上" in await desk.click(points, do="case", case=case, yes="1")
    assert "已经定了" in await desk.click(points, do="case", case=case, yes="1")

    rules = f"{points}/rules"
    lecture = {"code": "FZ01", "name": "听法治讲座", "points": "3", "month_cap": "4", "proof": "review", "open": "1"}
    assert "第2版" in await desk.click(rules, **lecture)
    farmed = {"name": "阅读文章", "field": "自治", "points": "1", "proof": "review", "open": "1"}
    assert "不算分" in await desk.click(rules, status=422, **farmed)
    prize = {"name": "有奖报隐患", "field": "有奖报送", "points": "8", "categories": "0701", "open": "1"}
    assert "YJ01" in await desk.click(rules, **prize)
    assert "没有这些分类" in await desk.click(rules, status=422, **{**prize, "categories": "9999"})

    assert "库存3" in await desk.click(shop, name="毛巾一条", points="10", more="3", open="1")
    assert "已经有" in await desk.click(shop, status=422, name="毛巾一条", points="10", more="3", open="1")
    item = re.search(r'name="item" value="(\d+)"[^§]*?value="毛巾一条"', await desk.page(shop))
    assert item is not None
    number = re.findall(r'name="item" value="(\d+)"', item[0])[-1]
    assert "0到10000" in await desk.click(shop, item=number, name="毛巾一条", points="10", more="-9", open="1")
    await desk.say("resident", "兑换毛巾一条")
    promised = await desk.say("resident", "确定换")
    code = re.search(r"/m/pick/(\d{8})", promised)
    assert code is not None
    assert code[1][:4] in await desk.read(f"/m/pick/{code[1]}")
    assert "毛巾一条" in await desk.read(f"{shop}/pickup?code={code[1]}")
    assert "核销了" in await desk.click(f"{shop}/pickup", shop, code=code[1])
    assert "已经用过" in await desk.read(f"{shop}/pickup?code={code[1]}")
    assert ledger_audit.findings(desk.app.db) == []


async def _case(desk: Desk) -> str:
    with desk.app.db.reading() as conn:
        found = conn.exec_driver_sql("SELECT id FROM point_cases ORDER BY id DESC").scalar()
    return str(found)


async def _second(desk: Desk) -> None:
    """Another clerk of the same community signs in."""
    with desk.app.db.writing() as conn:
        scope = (
            conn.execute(select(posts.c.scope).where(posts.c.person == desk.person("desk"))).scalars().first() or 0
        )
        hashed = conn.execute(select(logins.c.password).where(logins.c.login == LOGIN)).scalar_one()
        now = desk.app.clock()
        person = people.add_person(conn, "韩梅", "", scope, now=now)
        people.add_post(conn, person, Role.DESK, scope, now=now)
        values = {"login": "second", "person": person, "password": hashed, "role": "desk", "created": now}
        conn.execute(insert(logins).values(**values))
    await desk.log_in("second")


async def test_teams_and_a_month_in_public(desk: Desk) -> None:
    teams = "/console/activities/teams"
    await desk.say("resident", "成立护河志愿队，做河道清洁")
    page = await desk.page(teams)
    assert "护河志愿队" in page
    number = _hidden(page, "team")
    assert "已经告诉队长" in await desk.click(teams, do="team", team=number, yes="1")
    await desk.say("resident", "志愿队备案")
    for words in ("邻里互助", "社区活动室", "没有经费"):
        await desk.say("resident", words)
    assert "不予备案 队名 原因" in await desk.click(teams, do="file", team=number, yes="1", number="1")
    assert "梧社备2026-009" in await desk.click(teams, do="file", team=number, yes="1", number="梧社备2026-009")
    assert "现在没有公示的星级申请" in await desk.read(f"/open/stars/{await _community(desk)}")
    await desk.page("/open/points/1/2026-05", 404)
    await desk.page("/m/star/XJ20260101AAAAAAAA", 404)
    await desk.page("/m/pick/123", 404)


async def _community(desk: Desk) -> int:
    with desk.app.db.reading() as conn:
        mine = select(posts.c.scope).where(posts.c.person == desk.person("desk"))
        return conn.execute(mine).scalars().first() or 0
