"""An organiser's day in the console, over real HTTP: sign-ups, hours, photos, teams, a month in public."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from html import unescape

from aiohttp import ClientSession, FormData
from sqlalchemy import select, update

from storage.schema import activities, communities, posts
from tests.bot.test_webchat import photo
from tests.bot.volunteers.kit import HERE, NOTICE, Desk, filled, hidden, text_of


async def test_an_activity_from_opening_to_hours(desk: Desk) -> None:
    new = "/console/activities/new"
    day = f"{(datetime.now(UTC) + timedelta(days=3)):%Y-%m-%d}"
    wrong = await desk.click(
        new, status=422, name="护河", about="捡", danger="有", day="2020-01-01", **{"from": "9", "to": "8"}
    )
    for words in ("做什么？一两句话", "请填日期", "没有保单不能发布", "要几个人"):
        assert words in wrong
    assert 'value="护河"' in await filled(desk, new, name="护河")  # nothing is lost
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
    signup = hidden(await desk.page(one), "signup")
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
        assert "只能选报了名的人" in text_of(await answer.text())
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
    number = hidden(await desk.page(one), "photo")
    assert "拿下来了" in await desk.click(f"{one}/do", one, do="unphoto", photo=number)
    assert "/media/" not in await desk.page(f"/m/activity/{row.id}")


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


async def test_teams_and_a_month_in_public(desk: Desk) -> None:
    teams = "/console/activities/teams"
    await desk.say("resident", "成立护河志愿队，做河道清洁")
    page = await desk.page(teams)
    assert "护河志愿队" in page
    number = hidden(page, "team")
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
