"""Three administrators who cannot do one another's half; the log they leave; names and phones for a reason only."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.app import App
from storage import chain, people
from storage.sample_logins import PASSWORD
from storage.schema import communities, facts, logins, persons
from tests.bot.console_kit import HERE, browser, demo, see, send, signed_in
from tests.bot.test_console_queue import _open as open_ticket

pytestmark = pytest.mark.asyncio(loop_scope="module")
SCRIPT = "<script>alert('1')</script>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[App, str]]:
    async with demo(tmp_path_factory.mktemp("accounts")) as running:
        yield running


def _community(app: App, number: int = 0) -> tuple[int, str]:
    with app.db.reading() as conn:
        rows = conn.execute(select(communities.c.id, communities.c.code).order_by(communities.c.code)).all()
    return rows[number].id, rows[number].code


async def _try(url: str, login: str, password: str) -> int:
    async with browser() as one:
        data = {"login": login, "password": password}
        async with one.post(f"{url}/console/login", data=data, headers=HERE, allow_redirects=False) as answer:
            return answer.status


async def test_all_that_is_wrong_with_a_new_account_is_said_at_once(shared: tuple[App, str]) -> None:
    _, url = shared
    async with browser() as system:
        await signed_in(system, url, "system")
        new = {"login": "Zhang San", "name": "", "phone": "123", "role": "desk"}
        page = await send(system, url, "/console/accounts", new, 422)
        assert page.count('class="fault"') == 3 and 'value="Zhang San"' in page


async def test_one_adds_the_other_grants(shared: tuple[App, str]) -> None:
    app, url = shared
    new = {"login": "liuyan", "name": "刘燕", "phone": "", "role": "desk", "place": _community(app)[1], "code": ""}
    async with browser() as system, browser() as security:
        await signed_in(system, url, "system")
        await signed_in(security, url, "security")
        page = await send(system, url, "/console/accounts", new, 200)
        word = re.search(r"初始密码</dt><dd><b>([^<]+)</b>", page)
        assert word is not None and "认领" in page
        assert word[1] not in await see(system, f"{url}/console/accounts"), "shown once"
        assert await _try(url, "liuyan", word[1]) == 403, "no role yet, no way in"
        assert "还没有同意" in await send(system, url, "/console/accounts/liuyan", {"do": "start"})
        await send(system, url, "/console/accounts/liuyan/role", {"do": "grant"}, 403)
        await send(security, url, "/console/accounts", new, 403)
        await send(security, url, "/console/accounts/liuyan", {"do": "start"}, 403)
        assert "已同意社区工作人员" in await send(security, url, "/console/accounts/liuyan/role", {"do": "grant"})
        assert "没有在等" in await send(security, url, "/console/accounts/liuyan/role", {"do": "grant"})
        assert await _try(url, "liuyan", word[1]) == 303

        assert "等安全管理员同意" in await send(
            system, url, "/console/accounts/liuyan", {"do": "role", "role": "leader"}
        )
        assert "没有同意微网格长" in await send(security, url, "/console/accounts/liuyan/role", {"do": "refuse"})
        said = await send(system, url, "/console/accounts/liuyan", {"do": "stop"})
        assert "已停用" in said and await _try(url, "liuyan", word[1]) == 403
        assert "已启用" in await send(system, url, "/console/accounts/liuyan", {"do": "start"})
        page = await send(system, url, "/console/accounts/liuyan", {"do": "password"}, 200)
        fresh = re.search(r"初始密码</dt><dd><b>([^<]+)</b>", page)
        assert fresh is not None and fresh[1] != word[1]
        assert await _try(url, "liuyan", word[1]) == 403 and await _try(url, "liuyan", fresh[1]) == 303
        assert "自己的账号" in await send(system, url, "/console/accounts/system", {"do": "password"})
        assert "自己的账号" in await send(security, url, "/console/accounts/security/role", {"do": "grant"})
        assert "没有这个账号" in await send(system, url, "/console/accounts/nobody", {"do": "stop"})
    with app.db.reading() as conn:
        kinds = (
            conn.execute(select(facts.c.kind).where(facts.c.via == "console").order_by(facts.c.id)).scalars().all()
        )
        bodies = " ".join(conn.execute(select(facts.c.body)).scalars())
    done = ["StaffAdded", "RoleGranted", "RoleAsked", "RoleRefused", "LoginDisabled", "LoginEnabled", "PasswordReset"]
    assert [kind for kind in kinds if kind != "LoggedIn"] == done
    assert word[1] not in bodies and fresh[1] not in bodies


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"login": "demo"}, "已经有了"), ({"login": "x"}, "登录名"), ({"name": ""}, "请填姓名"),
        ({"phone": "12"}, "手机"), ({"role": "emperor"}, "没有岗位"), ({"place": ""}, "请写在哪个社区"),
        ({"place": "999999999999"}, "没有编码是"),
        ({"role": "leader", "code": "1"}, "没有编码是"), ({"role": "unit", "code": "WY-001"}, "请先用"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_new_account(shared: tuple[App, str], change: dict[str, str], said: str) -> None:
    app, url = shared
    good = {"login": "newone", "name": "新人", "phone": "", "role": "desk", "place": _community(app)[1], "code": ""}
    async with browser() as system:
        await signed_in(system, url, "system")
        page = await send(system, url, "/console/accounts", {**good, **change}, 422)
        assert said in page and 'aria-invalid="true"' in page
        assert change.get("name") == "" or 'value="新人"' in page, "what was right is still there"


async def test_the_three_may_not_be_one_person(shared: tuple[App, str]) -> None:
    app, url = shared
    async with browser() as system, browser() as security:
        await signed_in(system, url, "system")
        await signed_in(security, url, "security")
        with app.db.writing() as conn:
            person = conn.execute(select(logins.c.person).where(logins.c.login == "demo")).scalar_one()
            people_role = {"login": "demotwo", "person": person, "password": "x", "created": app.clock()}
            conn.execute(logins.insert().values(**people_role, role="grid", failures=0))
        said = await send(system, url, "/console/accounts/demo", {"do": "role", "role": "audit"})
        assert "要分开" in said
        with app.db.writing() as conn:
            conn.execute(update(logins).where(logins.c.login == "demo").values(asked="audit"))
        assert "要分开" in await send(security, url, "/console/accounts/demo/role", {"do": "grant"})
        with app.db.reading() as conn:
            assert conn.execute(select(logins.c.role).where(logins.c.login == "demo")).scalar_one() == "desk"
        await send(security, url, "/console/accounts/demo/role", {"do": "refuse"})


async def test_a_name_and_phone_for_a_reason_only(shared: tuple[App, str]) -> None:
    app, url = shared
    mine, _ = _community(app)
    other, _ = _community(app, 1)
    with app.db.writing() as conn:
        reporter = people.add_person(conn, "赵六一", "13712345678", mine, now=app.clock())
    shown = await open_ticket(app, reporter=reporter, community=mine)
    hidden = await open_ticket(app, reporter=reporter, community=mine, anonymous=True)
    theirs = await open_ticket(app, reporter=reporter, community=other)
    reason = {"reason": f"上门前打电话{SCRIPT}"}
    async with browser() as clerk, browser() as leader:
        await signed_in(clerk, url)
        await signed_in(leader, url, "leader")
        page = await see(clerk, f"{url}/console/contact/{shown}")
        assert "赵六一" not in page and "13712345678" not in page
        assert "会记入日志" in await send(clerk, url, f"/console/contact/{shown}", {"reason": "看"}, 422)
        page = await send(clerk, url, f"/console/contact/{shown}", reason, 200)
        assert "赵六一" in page and "13712345678" in page
        assert "赵六一" not in await see(clerk, f"{url}/console/contact/{shown}"), "once for each reason"
        page = await send(clerk, url, f"/console/contact/{hidden}", reason, 200)
        assert "赵六一" not in page and "匿名" in page
        for ticket in (theirs, 999999, "x", "²"):
            await send(clerk, url, f"/console/contact/{ticket}", reason, 404)
            await see(clerk, f"{url}/console/contact/{ticket}", 404)
        await see(leader, f"{url}/console/contact/{shown}", 403)
        await send(leader, url, f"/console/contact/{shown}", reason, 403)
    with app.db.reading() as conn:
        kept = conn.execute(select(facts.c.body).where(facts.c.kind == "ContactSeen")).scalars().all()
    assert len(kept) == 1 and "上门前打电话" in kept[0] and "13712345678" not in kept[0]


async def test_the_auditor_finds_who_did_what(shared: tuple[App, str]) -> None:
    app, url = shared
    ticket = await open_ticket(app)
    with app.db.reading() as conn:
        name = conn.execute(
            select(persons.c.name).join(logins, logins.c.person == persons.c.id).where(logins.c.login == "demo")
        ).scalar_one()
    async with browser() as clerk, browser() as auditor:
        await signed_in(clerk, url)
        await signed_in(auditor, url, "audit")
        page = await see(auditor, f"{url}/console/audit")
        assert "居民报事" in page or "报事" in page
        assert "登录" in page and "<script>alert" not in page
        page = await see(auditor, f"{url}/console/audit?who=demo&kind=LoggedIn")
        assert name in page and "第三方" not in page and page.count("<td>登录</td>") >= 1
        assert "没有这个登录名" in await see(auditor, f"{url}/console/audit?who=nobody")
        assert f"20261126{ticket:04d}" in await see(auditor, f"{url}/console/audit?ticket=20261126{ticket:04d}")
        assert "没有这个编号" in await see(auditor, f"{url}/console/audit?ticket=1")
        assert "不能晚于" in await see(auditor, f"{url}/console/audit?since=2026-12-01&until=2026-11-01")
        for odd in (
            "since=x&until=9999-99-99",
            "after=x",
            "kind=%27%22",
            "via=%00",
            "since=2001-01-01&until=2001-01-02",
        ):
            await see(auditor, f"{url}/console/audit?{odd}")
        await see(clerk, f"{url}/console/audit", 403)

        while chain.seal(app.db):
            pass
        said = await send(auditor, url, "/console/audit/check", {})
        assert re.fullmatch(r"核对了\d+条，都没有被改过。", said)
        with app.db.writing() as conn:
            first = conn.execute(select(facts.c.id).where(facts.c.position == 3)).scalar_one()
            body = conn.execute(select(facts.c.body).where(facts.c.id == first)).scalar_one()
            conn.execute(update(facts).where(facts.c.id == first).values(body="{}"))
        assert "第3条对不上" in await send(auditor, url, "/console/audit/check", {})
        with app.db.writing() as conn:
            conn.execute(update(facts).where(facts.c.id == first).values(body=body))
    assert await _try(url, "audit", PASSWORD) == 303
