"""What a clerk does from the list: at once, to several, beside a colleague; what nobody gets to see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from bot.app import App
from handlers.tickets.facts import TicketOpened
from handlers.tickets.rules import Status
from handlers.types import Outcome
from nlp.types import Place
from storage import people, staff
from storage.sample_logins import PASSWORD
from storage.schema import communities, facts, logins, persons, tickets
from tests.bot.console_kit import browser, demo, see, send, signed_in

SCRIPT = "<script>alert('1')</script>"
pytestmark = pytest.mark.asyncio(loop_scope="module")
_numbers = iter(range(1, 1000))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[App, str]]:
    async with demo(tmp_path_factory.mktemp("queue")) as running:
        yield running


def _communities(app: App) -> tuple[int, int]:
    """The demo clerk's, and another one."""
    with app.db.reading() as conn:
        mine, other = conn.execute(select(communities.c.id).order_by(communities.c.code).limit(2)).scalars()
    return int(mine), int(other)


def _person_of(app: App, login: str) -> int:
    with app.db.reading() as conn:
        return int(conn.execute(select(logins.c.person).where(logins.c.login == login)).scalar_one())


async def _open(app: App, words: str = "楼道灯坏了", *, community: int = 0, **more: Any) -> int:
    number = next(_numbers)
    community = community or _communities(app)[0]
    place = Place(community=community, label=more.pop("label", "学府花园3幢"))
    values: dict[str, Any] = {
        "owner": 0, "status": Status.TO_DISPATCH, "category": "0201", "level": "T2", "reporter": 1, **more,
    }  # fmt: skip
    opened = TicketOpened(
        ticket=number, code=f"20261126{number:04d}", community=community, micro_grid=0, urgency="normal", kind="求助",
        place=place, words=words, summary=words, source="wechat", accept_by=None,
        due=app.clock() + timedelta(days=3), **values,
    )  # fmt: skip
    await asyncio.wrap_future(app.turns.run(lambda read: Outcome(facts=(opened,)), app.clock(), "test"))
    return number


def _row(app: App, ticket: int) -> Any:
    with app.db.reading() as conn:
        return conn.execute(select(tickets).where(tickets.c.id == ticket)).one()


def _mark(page: str, ticket: int) -> str:
    found = re.search(rf'name="t" value="({ticket}\.\d+)"', page)
    assert found is not None, ticket
    return found[1]


async def test_taken_at_once_from_the_row(shared: tuple[App, str]) -> None:
    app, url = shared
    ticket = await _open(app)
    async with browser() as clerk:
        await signed_in(clerk, url)
        page = await see(clerk, url + "/console/")
        form = {"t": _mark(page, ticket), "do": "accept", "sure": "1", "back": "/console/?view=waiting"}
        said = await send(clerk, url, "/console/queue/act", form)
        assert "接" in said
    assert (_row(app, ticket).status, _row(app, ticket).owner) == ("处置中", _person_of(app, "demo"))
    with app.db.reading() as conn:
        kept = conn.execute(select(facts.c.via, facts.c.actor).where(facts.c.ticket == ticket)).all()
    assert ("console", _person_of(app, "demo")) in [tuple(row) for row in kept]


async def test_several_are_looked_at_first_then_done(shared: tuple[App, str]) -> None:
    app, url = shared
    first, second = await _open(app), await _open(app, "路灯不亮")
    done = await _open(app, "早办完了", status=Status.DONE)
    leader = _person_of(app, "leader")
    async with browser() as clerk:
        await signed_in(clerk, url)
        page = await see(clerk, url + "/console/?view=all")
        picked = [("t", _mark(page, one)) for one in (first, second, done)]
        look = await send(clerk, url, "/console/queue/act", [*picked, ("do", "dispatch")], 200)
        assert "派单：3件" in look and look.count("checked") == 2 and look.count("disabled") == 1
        assert "待派单" in look and "待接单" in look
        assert _row(app, first).status == "待派单", "nothing has happened yet"

        nobody = await send(clerk, url, "/console/queue/act", [*picked[:2], ("do", "dispatch"), ("sure", "1")], 422)
        assert "请选交给谁" in nobody
        form = [*picked[:2], ("do", "dispatch"), ("to", f"p{leader}"), ("words", "请今天看"), ("sure", "1")]
        assert await send(clerk, url, "/console/queue/act", form) == f"2件已派单：{first:04d}、{second:04d}。"
    assert {(_row(app, one).status, _row(app, one).owner) for one in (first, second)} == {("待接单", leader)}


async def test_what_a_colleague_did_meanwhile_is_shown_and_nothing_is_lost(shared: tuple[App, str]) -> None:
    app, url = shared
    ticket = await _open(app)
    with app.db.writing() as conn:
        person = people.add_person(conn, "何同事", "", 0, now=app.clock())
        people.add_post(conn, person, people.Role.DESK, _communities(app)[0], now=app.clock())
        staff.add_login(conn, "colleague", PASSWORD, person, now=app.clock())
    async with browser() as one, browser() as other:
        await signed_in(one, url)
        await signed_in(other, url, "colleague")
        old = _mark(await see(one, url + "/console/"), ticket)
        theirs = {"t": _mark(await see(other, url + "/console/"), ticket), "do": "accept", "sure": "1"}
        await send(other, url, "/console/queue/act", theirs)

        mine = {"t": old, "do": "reply", "words": "师傅明天上午到", "sure": "1"}
        page = await send(one, url, "/console/queue/act", mine, 409)
        assert "有变化，没有办" in page and "何同事接单" in page and "师傅明天上午到" in page
        sent = select(func.count()).where(facts.c.ticket == ticket, facts.c.kind == "DeskReplied")
        with app.db.reading() as conn:
            assert conn.execute(sent).scalar() == 0
        await send(one, url, "/console/queue/act", {**mine, "t": _mark(page, ticket)})
        with app.db.reading() as conn:
            assert conn.execute(sent).scalar() == 1

        again = await send(one, url, "/console/queue/act", {"t": old, "do": "accept", "sure": "1"}, 409)
        assert "已经" in again or "处置中" in again
        assert _row(app, ticket).owner == person


async def test_a_double_click_is_one(shared: tuple[App, str]) -> None:
    app, url = shared
    ticket = await _open(app)
    async with browser() as clerk:
        await signed_in(clerk, url)
        form = {"t": _mark(await see(clerk, url + "/console/"), ticket), "do": "accept", "sure": "1"}
        await send(clerk, url, "/console/queue/act", form)
        await send(clerk, url, "/console/queue/act", form, 409)
    with app.db.reading() as conn:
        taken = select(func.count()).where(facts.c.ticket == ticket, facts.c.kind == "TicketAccepted")
        assert conn.execute(taken).scalar() == 1


async def test_another_communitys_tickets_and_people_are_out_of_reach(shared: tuple[App, str]) -> None:
    app, url = shared
    theirs = await _open(app, "别社区的事", community=_communities(app)[1])
    mine = await _open(app, "本社区的事")
    seen = re.sub(r"\D", "", str(int(_row(app, theirs).changed.timestamp() * 1_000_000)))
    with app.db.reading() as conn:
        stranger = conn.execute(
            select(persons.c.id).where(persons.c.community == _communities(app)[1]).limit(1)
        ).scalar_one()
    async with browser() as clerk:
        await signed_in(clerk, url)
        assert "别社区的事" not in await see(clerk, url + "/console/?view=all")
        await see(clerk, f"{url}/console/tickets/{theirs}", 404)
        form = {"t": f"{theirs}.{seen}", "do": "accept"}
        assert await send(clerk, url, "/console/queue/act", form) == "这些工单现在不归您管了。"
        page = await send(clerk, url, "/console/queue/act", {**form, "sure": "1"}, 409)
        assert "别社区的事" not in page
        assert _row(app, theirs).status == "待派单"
        mark = _mark(await see(clerk, url + "/console/?view=all"), mine)
        for target in (f"p{stranger}", "u1", "p0", "x5", f"p{10**18}"):
            given = {"t": mark, "do": "dispatch", "to": target, "sure": "1"}
            page = await send(clerk, url, "/console/queue/act", given, 422)
            assert "名单里选" in page or "请选交给谁" in page, target
        assert _row(app, mine).owner == 0


async def test_roles_do_from_the_list_only_what_is_theirs(shared: tuple[App, str]) -> None:
    app, url = shared
    leader = _person_of(app, "leader")
    ticket = await _open(app, status=Status.TO_ACCEPT, owner=leader)
    async with browser() as one:
        await signed_in(one, url, "leader")
        page = await see(one, url + "/console/")
        assert "data-accept" in page and "data-reply" not in page and 'value="dispatch"' not in page
        mark = _mark(page, ticket)
        assert "请先选要办什么" in await send(one, url, "/console/queue/act", {"t": mark, "do": "dispatch"})
        await send(one, url, "/console/queue/act", {"t": mark, "do": "accept", "sure": "1"})
    assert _row(app, ticket).status == "处置中"


@pytest.mark.parametrize(
    "form", [{}, {"do": "accept"}, {"do": "accept", "t": "x"}, {"do": "accept", "t": f"{10**18}.1"}]
)
async def test_forms_that_make_no_sense_say_so(shared: tuple[App, str], form: dict[str, str]) -> None:
    _, url = shared
    async with browser() as clerk:
        await signed_in(clerk, url)
        assert await send(clerk, url, "/console/queue/act", {**form, "back": "//elsewhere.example/"})


async def test_what_residents_write_is_never_markup(shared: tuple[App, str]) -> None:
    app, url = shared
    with app.db.writing() as conn:
        reporter = people.add_person(conn, SCRIPT, "", 0, now=app.clock())
    ticket = await _open(app, SCRIPT, label=f"学府花园{SCRIPT}", reporter=reporter, owner=reporter)
    async with browser() as clerk:
        await signed_in(clerk, url)
        page = await see(clerk, url + "/console/?view=all")
        look = await send(clerk, url, "/console/queue/act", {"t": _mark(page, ticket), "do": "accept"}, 200)
        kept = {"t": _mark(page, ticket), "do": "reply", "words": SCRIPT}
        bulk = await send(clerk, url, "/console/queue/act", kept, 200)
        for text in (page, look, bulk, await see(clerk, f"{url}/console/tickets/{ticket}")):
            assert "<script>alert" not in text
            assert "&lt;script&gt;alert" in text


async def test_a_sensitive_matter_is_not_told_in_lists(shared: tuple[App, str]) -> None:
    app, url = shared
    await _open(app, "被丈夫打了想报警", category="1207", label="学府花园9幢1单元101室")
    async with browser() as clerk:
        await signed_in(clerk, url)
        for path in ("/console/?view=all", "/console/queue/rows?view=all"):
            page = await see(clerk, url + path)
            assert "敏感事项" in page and "丈夫" not in page and "9幢1单元" not in page
