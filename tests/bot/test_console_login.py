"""Log-ins over real HTTP: no planted session, the second step, sessions ended, a form kept over an expired log-in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import pytest_asyncio
from aiohttp import ClientSession
from sqlalchemy import select, update
from yarl import URL

from bot.app import App
from storage import staff_codes
from storage.sample_logins import PASSWORD
from storage.schema import drafts, facts, logins
from tests.bot.console_kit import HERE, browser, demo, see, send, signed_in, token_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **much: float) -> None:
        self.now += timedelta(**much)


CLOCK = Clock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[App, str]]:
    async with demo(tmp_path_factory.mktemp("login"), clock=CLOCK) as running:
        yield running


async def _post(session: ClientSession, address: str, data: dict[str, str], **headers: str) -> tuple[int, str, str]:
    """Status, where it leads, text."""
    async with session.post(address, data=data, headers={**HERE, **headers}, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


def _cookie(session: ClientSession, url: str) -> str:
    return session.cookie_jar.filter_cookies(URL(url))["jushe"].value


async def test_a_planted_cookie_becomes_no_session(shared: tuple[App, str]) -> None:
    _, url = shared
    async with browser() as victim, browser() as attacker:
        await signed_in(attacker, url, "leader")
        planted = _cookie(attacker, url)
        victim.cookie_jar.update_cookies({"jushe": planted}, URL(url))
        await signed_in(victim, url)
        assert _cookie(victim, url) != planted
        assert "社区工作人员" in await see(victim, f"{url}/console/me")
        async with attacker.get(f"{url}/console/me", allow_redirects=False) as answer:
            assert answer.status == 303, "what the browser held before is over"
        made_up = "A" * 43
        victim.cookie_jar.update_cookies({"jushe": made_up}, URL(url))
        await signed_in(victim, url)
        assert _cookie(victim, url) != made_up


async def test_own_password(shared: tuple[App, str]) -> None:
    app, url = shared
    fresh = "another-horse-8"
    async with browser() as here, browser() as there:
        await signed_in(here, url, "assessor")
        await signed_in(there, url, "assessor")
        for old, new, again, said in (
            ("wrong", fresh, fresh, "现在的密码不对"), (PASSWORD, "short", "short", "至少10位"),
            (PASSWORD, fresh, fresh + "x", "两次写的新密码不一样"), (PASSWORD, PASSWORD, PASSWORD, "和现在的一样"),
        ):  # fmt: skip
            form = {"old": old, "new": new, "again": again}
            page = await send(here, url, "/console/me/password", form, 422)
            assert said in page and 'aria-invalid="true"' in page
            assert not any(f'value="{word}"' in page for word in (old, new, again)), "a password is not sent back"
        said = await send(here, url, "/console/me/password", {"old": PASSWORD, "new": fresh, "again": fresh})
        assert "密码改好了" in said
        await see(here, f"{url}/console/me")
        async with there.get(f"{url}/console/me", allow_redirects=False) as answer:
            assert answer.status == 303
        back = {"old": fresh, "new": PASSWORD, "again": PASSWORD}
        await send(here, url, "/console/me/password", back)
    with app.db.reading() as conn:
        kept = conn.execute(select(facts.c.body).where(facts.c.kind == "PasswordSet")).scalars().all()
    assert kept == ['{"login":"assessor"}'] * 2


async def test_sessions_are_listed_and_ended(shared: tuple[App, str]) -> None:
    _, url = shared
    async with browser() as here, browser() as phone, browser() as stranger:
        await signed_in(here, url, "grid")
        phone.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 14) Mobile MicroMessenger/8.0"
        await signed_in(phone, url, "grid")
        await signed_in(stranger, url, "street")
        page = await see(here, f"{url}/console/me")
        assert "手机 微信" in page and page.count('name="key"') == 1
        key = re.findall(r'name="key" value="([0-9a-f]{64})"', page)[0]
        await send(stranger, url, "/console/me/sessions", {"key": key})
        await see(phone, f"{url}/console/me")  # another's key ends nothing
        assert "已经退出" in await send(here, url, "/console/me/sessions", {"key": key})
        async with phone.get(f"{url}/console/me", allow_redirects=False) as answer:
            assert answer.status == 303
        await signed_in(phone, url, "grid")
        await send(here, url, "/console/me/sessions", {})
        async with phone.get(f"{url}/console/me", allow_redirects=False) as answer:
            assert answer.status == 303


async def test_the_second_step(shared: tuple[App, str]) -> None:
    app, url = shared
    form = {"login": "street", "password": PASSWORD, "next": "/console/me"}
    async with browser() as one:
        await signed_in(one, url, "street")
        page = await see(one, f"{url}/console/me/code")
        secret = re.search(r"<b>([A-Z2-7 ]{20,})</b>", page)
        assert secret is not None
        phone = pyotp.TOTP(secret[1].replace(" ", ""))
        assert "不对" in await send(one, url, "/console/me/code", {"code": "000000"}, 422)
        assert secret[1] in await see(one, f"{url}/console/me/code"), "the phone need not scan again"
        assert "开好了" in await send(one, url, "/console/me/code", {"code": phone.at(CLOCK.now)})
        with app.db.reading() as conn:
            stored = conn.exec_driver_sql("SELECT code_secret FROM logins WHERE login = 'street'").scalar()
        assert secret[1].replace(" ", "") not in str(stored), "sealed at rest"
    async with browser() as two:
        status, where, page = await _post(two, f"{url}/console/login", form)
        assert (status, where) == (200, "") and "再填一个动态码" in page
        async with two.get(f"{url}/console/me", allow_redirects=False) as answer:
            assert answer.status == 303, "the password alone opens nothing"
        proof = re.search(r'name="proof" value="([^"]+)"', page)
        assert proof is not None
        step = {"proof": proof[1], "code": phone.at(CLOCK.now), "next": "/console/me"}
        assert (await _post(two, f"{url}/console/login/code", step))[0] == 403, "a code is good once"
        CLOCK.passes(seconds=60)
        for wrong in ("", "12345", "abcdef", "１２３４５６"):
            assert (await _post(two, f"{url}/console/login/code", {**step, "code": wrong}))[0] == 403
        # five wrong ones locked it, and the right password did not count them back
        assert (await _post(two, f"{url}/console/login/code", {**step, "code": phone.at(CLOCK.now)}))[0] == 403
        CLOCK.passes(minutes=31)
        assert "等得太久" in (await _post(two, f"{url}/console/login/code", {**step, "proof": "made-up"}))[2]
        page = (await _post(two, f"{url}/console/login", form))[2]
        again = re.search(r'name="proof" value="([^"]+)"', page)
        assert again is not None
        right = {"proof": again[1], "code": phone.at(CLOCK.now), "next": "//elsewhere.example"}
        assert (await _post(two, f"{url}/console/login/code", right))[:2] == (303, "/console/")
        assert "还开着" in await send(two, url, "/console/me/code", {"off": "1", "password": "wrong"}, 422)
        assert "关掉了" in await send(two, url, "/console/me/code", {"off": "1", "password": PASSWORD})
    async with browser() as three:
        await signed_in(three, url, "street")


async def test_a_form_sent_after_the_log_in_ended_is_kept(shared: tuple[App, str]) -> None:
    app, url = shared
    words = "师傅明天上午九点到<b>"
    async with browser() as clerk, browser() as stranger:
        await signed_in(clerk, url)
        form = {"csrf": await token_of(clerk, url), "t": "1.1", "do": "reply", "words": words, "sure": "1"}
        CLOCK.passes(minutes=40)
        address = f"{url}/console/queue/act"
        page = f"{url}/console/?view=waiting"
        elsewhere = {**HERE, "Sec-Fetch-Site": "cross-site"}
        async with clerk.post(address, data=form, headers=elsewhere, allow_redirects=False) as answer:
            assert answer.status == 403
        status, where, _ = await _post(clerk, address, form, Referer=page)
        assert (status, where) == (303, "/console/login?next=%2Fconsole%2F%3Fview%3Dwaiting%26kept%3D1")
        assert "您填的内容还在" in await see(clerk, url + where)
        with app.db.reading() as conn:
            sealed = conn.exec_driver_sql("SELECT body FROM drafts").scalar()
            assert words not in str(sealed)
            assert "csrf" not in str(conn.execute(select(drafts.c.body)).scalar())
        await signed_in(stranger, url, "leader")
        assert words[:6] not in await see(stranger, f"{url}/console/?kept=1"), "nobody else's"

        await signed_in(clerk, url, then="/console/?view=waiting&kept=1")
        text = await see(clerk, f"{url}/console/?view=waiting&kept=1")
        assert "师傅明天上午九点到&lt;b&gt;" in text and "<b>\n" not in text
        assert 'action="/console/queue/act"' in text and "接着提交" in text
        await send(clerk, url, "/console/large", {"path": "/console/me"})
        assert "接着提交" not in await see(clerk, f"{url}/console/?kept=1"), "sent again, it is forgotten"

        await _post(clerk, f"{url}/console/logout", {})
        status, where, _ = await _post(stranger, address, {"csrf": "x", "words": words})
        assert status == 403
    async with browser() as nobody:
        nobody.cookie_jar.update_cookies({"jushe": "A" * 43}, URL(url))
        assert (await _post(nobody, address, form))[1] == "/console/login", "only of a session that was ours"


async def test_a_draft_ends_after_an_hour(shared: tuple[App, str]) -> None:
    _, url = shared
    async with browser() as clerk:
        await signed_in(clerk, url)
        CLOCK.passes(minutes=31)
        await _post(clerk, f"{url}/console/queue/act", {"words": "一小时前写的"})
        CLOCK.passes(minutes=61)
        await signed_in(clerk, url)
        assert "一小时前写的" not in await see(clerk, f"{url}/console/?kept=1")


async def test_a_password_of_somebody_elses_making_is_changed_first(shared: tuple[App, str]) -> None:
    app, url = shared
    with app.db.writing() as conn:
        conn.execute(update(logins).where(logins.c.login == "property").values(initial=True))
    async with browser() as one:
        await signed_in(one, url, "property")
        async with one.get(f"{url}/console/", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/console/me")
        word = "my-own-horse-77"
        await send(one, url, "/console/me/password", {"old": PASSWORD, "new": word, "again": word})
        assert "待办" in await see(one, f"{url}/console/")


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
async def test_codes_are_those_of_the_standard(shared: tuple[App, str], seconds: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1, the last six of eight digits."""
    app, _ = shared
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890"
    with app.db.writing() as conn:
        values = {"code_secret": secret, "code_on": False, "code_step": 0}
        conn.execute(update(logins).where(logins.c.login == "security").values(**values))
    at = datetime.fromtimestamp(seconds, UTC)
    assert not staff_codes.confirm(app.db, "security", code, at + timedelta(seconds=90))
    assert staff_codes.confirm(app.db, "security", code, at)
    with app.db.writing() as conn:
        staff_codes.turn_off(conn, "security")
