"""People and places through the console: who answers for what, holes, other communities' ids, script in names."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from aiohttp import ClientSession
from sqlalchemy import select

from bot import app as parts
from bot.app import App
from bot.jobs import JOBS
from bot.server import listen
from bot.settings import load
from handlers.types import Role
from storage import people
from storage.schema import (
    buildings,
    communities,
    estates,
    facts,
    grids,
    homes,
    households,
    micro_grids,
    outbox,
    persons,
    posts,
)  # fmt: skip
from tests.bot.console_kit import HERE, browser, signed_in, token_of
from tests.demo import demo_in

PHONE = "13800001234"


@pytest_asyncio.fixture
async def shared(tmp_path: Path) -> AsyncIterator[tuple[App, str]]:
    app = await parts.start(load(data_dir=demo_in(tmp_path / "people")), demo=True, ticking=False)
    runner, port = await listen(app, "127.0.0.1", 0)
    yield app, f"http://127.0.0.1:{port}"
    app.topics.close()
    await runner.cleanup()
    await app.stop()


def ids(app: App, community: str) -> dict[str, int]:
    """One of each of a community."""
    with app.db.reading() as conn:
        home = conn.execute(select(communities.c.id).where(communities.c.name == community)).scalar_one()
        found = {"communities": home}
        for name, table in (
            ("grids", grids), ("micro", micro_grids), ("estates", estates), ("buildings", buildings),
            ("houses", households),
        ):  # fmt: skip
            wanted = select(table.c.id).where(table.c.community == home).order_by(table.c.id)
            found[name] = conn.execute(wanted).scalars().first() or 0
    return found


async def get(session: ClientSession, url: str, path: str) -> tuple[int, str]:
    async with session.get(url + path) as answer:
        return answer.status, await answer.text()


async def send(session: ClientSession, url: str, path: str, **given: str) -> tuple[int, str]:
    data = {"csrf": await token_of(session, url), **given}
    async with session.post(url + path, data=data, headers=HERE) as answer:
        return answer.status, await answer.text()


async def test_who_answers_for_a_place_and_the_grids_holes(shared: tuple[App, str]) -> None:
    app, url = shared
    async with browser() as session:
        await signed_in(session, url, "demo")
        status, text = await get(session, url, "/console/people?q=学府花园3幢2单元")
        assert status == 200 and "学府花园3幢2单元" in text and "苏建华" in text and "董红梅" in text
        assert "没看出是哪里" in (await get(session, url, "/console/people?q=枫桦景苑一期3号"))[1], (
            "another community's"
        )
        assert "没有登记这个手机号" in (await get(session, url, f"/console/people?q={PHONE}"))[1]
        with app.db.writing() as conn:
            cast = conn.execute(select(homes.c.person)).scalars().first()
            index = people.phone_indexes(PHONE)[0]
            named = {"name": "<script>alert(1)</script>", "phone": PHONE, "phone_index": index}
            conn.execute(persons.update().where(persons.c.id == cast).values(**named))
            conn.execute(
                posts.update().where(posts.c.role == "leader").values(until=app.clock() - timedelta(days=1))
            )  # fmt: skip
        status, text = await get(session, url, f"/console/people?q={PHONE}")
        assert "学府花园3幢2单元302室" in text and "&lt;****" in text and "<script>alert" not in text
        place = re.search(r"/console/people/buildings/\d+", text)
        assert place is not None
        status, text = await get(session, url, place[0])
        assert status == 200 and "138****1234" in text and PHONE not in text and "<script>alert" not in text
        where = dict(re.findall(r'name="(person|household|building)" value="(\d+)"', text))
        assert "请写理由" in (await send(session, url, "/console/people/homes/show", **where, reason="看"))[1]
        status, text = await send(session, url, "/console/people/homes/show", **where, reason="上门核对")
        assert status == 200 and PHONE in text and "<script>alert" not in text
        other = {**where, "person": "1"}
        assert (await send(session, url, "/console/people/homes/show", **other, reason="上门核对"))[0] == 404
        with app.db.reading() as conn:
            noted = conn.execute(select(facts).where(facts.c.kind == "ContactSeen")).one()
        assert noted.actor and "上门核对" in noted.body and PHONE not in noted.body
        status, text = await get(session, url, "/console/people/gaps")
        assert status == 200 and "<small>480户</small>" in text and "学府花园3幢" in text


async def test_a_change_of_leader_and_moving_out(shared: tuple[App, str]) -> None:
    app, url = shared
    mine = ids(app, "学府社区")
    async with browser() as session:
        await signed_in(session, url, "demo")
        day = (app.clock() + timedelta(days=3)).date().isoformat()
        given = {"role": "leader", "scope": str(mine["micro"]), "name": "周新", "phone": PHONE, "tasks": "pass"}
        assert "请选生效日期" in (await send(session, url, "/console/people/posts", **given, day=""))[1]
        _, text = await send(session, url, "/console/people/posts", **{**given, "phone": "1"}, day=day)
        assert "11位手机号" in text and 'value="周新"' in text and 'value="1"' in text, "what was typed stays"
        nobody = {**given, "name": "", "phone": ""}
        assert "请勾上「先空着」" in (await send(session, url, "/console/people/posts", **nobody, day=day))[1]
        assert "由周新担任" in (await send(session, url, "/console/people/posts", **given, day=day))[1]
        status, text = await get(session, url, "/console/people")
        drop = re.search(r"/console/people/changes/\d+/drop", text)
        assert "已安排的变动" in text and drop is not None
        assert "已取消安排" in (await send(session, url, drop[0]))[1]
        today = app.clock().astimezone().date().isoformat()
        now = (app.clock() + timedelta(hours=8)).date().isoformat() or today
        assert "由周新担任" in (await send(session, url, "/console/people/posts", **given, day=now))[1]
        await next(job for job in JOBS if job.name == "timers").run(app)
        status, text = await get(session, url, f"/console/people/micro/{mine['micro']}")
        assert "周新" in text and "没认领" in text
        person = re.search(r'name="person" value="(\d+)"', text)
        assert person is not None
        at = {"person": person[1], "role": "leader", "scope": str(mine["micro"])}
        assert "请选请假的" in (await send(session, url, "/console/people/leave", **at, first="", last=now))[1]
        status, text = await send(session, url, "/console/people/leave", **at, first=now, last=now)
        assert "请假记下了" in text and "请假到" in text and "销假" in text
        assert "已销假" in (await send(session, url, "/console/people/leave", **at, end="1"))[1]
        status, text = await send(session, url, "/console/people/claim", person=person[1])
        assert status == 200 and re.search(r"\d{4} \d{4}", text) and "周新的认领码" in text
        with app.db.reading() as conn:
            home = conn.execute(select(homes).order_by(homes.c.id)).first()
            building = conn.execute(
                select(households.c.building).where(households.c.id == home.household)
            ).scalar_one()
        where = {"person": str(home.person), "household": str(home.household), "building": str(building)}
        assert "请选原因" in (await send(session, url, "/console/people/homes/end", **where, reason=""))[1]
        assert "已解除" in (await send(session, url, "/console/people/homes/end", **where, reason="moved"))[1]
        with app.db.reading() as conn:
            told = conn.execute(select(outbox.c.body).where(outbox.c.person == home.person)).scalars().all()
        assert any("登记解除了" in body for body in told)


async def test_another_communitys_ids_lead_nowhere(shared: tuple[App, str]) -> None:
    app, url = shared
    other = ids(app, "枫桦社区")
    with app.db.writing() as conn:
        stranger = people.add_person(conn, "外人", "", other["communities"], now=app.clock())
        people.add_home(conn, stranger, other["houses"], now=app.clock())
        people.add_post(conn, stranger, Role.LEADER, other["micro"], now=app.clock())
    async with browser() as session:
        await signed_in(session, url, "demo")
        for path in (
            "micro/{micro}", "grids/{grids}", "grids/{grids}/redraw", "estates/{estates}", "micro/x", "micro/-1",
            "estates/{estates}/plates", "buildings/{buildings}", "micro/" + "9" * 30,
        ):  # fmt: skip
            status, _ = await get(session, url, "/console/people/" + path.format(**other))
            assert status == 404, path
        day = app.clock().date().isoformat()
        for path, given in (
            ("posts", {"role": "leader", "scope": str(other["micro"]), "name": "周新", "phone": PHONE,
                       "tasks": "pass", "day": (app.clock() + timedelta(days=2)).date().isoformat()}),
            (f"grids/{other['grids']}/micro", {}), (f"grids/{other['grids']}/redraw", {"day": day}),
            (f"grids/{other['grids']}/redraw/confirm", {"day": day, "moves": "1:2:3"}),
            ("claim", {"person": str(stranger)}), ("changes/1/drop", {}),
            ("homes/end", {"person": str(stranger), "household": str(other["houses"]), "reason": "moved"}),
        ):  # fmt: skip
            status, text = await send(session, url, f"/console/people/{path}", **given)
            assert status == 404 or "不归您的社区管" in text or "没有登记在这一户" in text, path
        mine = ids(app, "学府社区")
        status, text = await send(
            session, url, f"/console/people/grids/{mine['grids']}/redraw/confirm",
            day=(app.clock() + timedelta(days=2)).date().isoformat(),
            moves=f"{other['houses']}:{other['micro']}:{mine['micro']}",
        )  # fmt: skip
        assert "不归您的社区管" in text
    with app.db.reading() as conn:
        still = conn.execute(select(homes.c.until).where(homes.c.person == stranger)).scalar()
    assert still is None
    async with browser() as leader:
        await signed_in(leader, url, "leader")
        assert (await get(leader, url, "/console/people"))[0] == 403


async def test_social_organisations(shared: tuple[App, str]) -> None:
    app, url = shared
    with app.db.reading() as conn:
        codes = dict(conn.execute(select(communities.c.name, communities.c.code)).all())
    async with browser() as session:
        await signed_in(session, url, "demo")
        status, text = await get(session, url, "/console/people/organisations")
        assert status == 200 and "学府社区银杏理发队" in text and "没有法人资格" in text
        new = {
            "community": codes["学府社区"],
            "name": "棋社",
            "kind": "文体娱乐",
            "services": "周五下棋",
            "public": "否",
        }
        where = "/console/people/organisations"
        status, text = await send(session, url, where, **{**new, "name": "学府业委会"})
        assert status == 422 and "不是社会组织" in text and 'value="周五下棋"' in text
        status, text = await send(session, url, where, **{**new, "community": codes["枫桦社区"]})
        assert status == 422 and "不在您管的社区里" in text
        status, text = await send(session, url, where, **new, leader="李好", phone="13800001234")
        assert status == 200 and "棋社" in text and "李*" in text and "138****1234" in text
        number = re.findall(r'/console/people/organisations/(\d+)">棋社', text)[0]
        status, text = await get(session, url, f"{where}/{number}")
        assert status == 200 and 'value="周五下棋"' in text and "要事先报社区" in text
        assert (await get(session, url, f"{where}/1"))[0] == 404
    async with browser() as leader:
        await signed_in(leader, url, "leader")
        assert (await get(leader, url, where))[0] == 403


async def test_the_plates_lead_to_the_chat_that_knows_the_building(shared: tuple[App, str]) -> None:
    app, url = shared
    mine = ids(app, "学府社区")
    async with browser() as session:
        await signed_in(session, url, "demo")
        status, text = await get(session, url, f"/console/people/estates/{mine['estates']}/plates")
        assert status == 200 and text.count('class="plate"') == 20 and "学府花园20幢" in text
        status, text = await get(session, url, "/chat?plate=abc-1")
        assert 'data-plate="abc-1"' in text
        status, text = await get(session, url, "/chat?plate=%22%3E%3Cscript%3E")
        assert 'data-plate=""' in text
