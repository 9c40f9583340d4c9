"""The system's administrator brought in a table of staff, or gave a first password anew, and was the auditor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.schema import communities, logins
from tests.bot.console_kit import HERE, browser, demo, send, signed_in
from tests.bot.test_console_tables import hand_in, table
from tests.bot.test_console_tables import send as handed


@pytest.mark.asyncio
async def test_whoever_makes_an_account_gives_it_no_power(tmp_path: Path) -> None:
    async with demo(tmp_path) as (app, url), browser() as system, browser() as security:
        with app.db.reading() as conn:
            code = conn.execute(select(communities.c.code).order_by(communities.c.code)).scalars().first()
        await signed_in(system, url, "system")
        await signed_in(security, url, "security")
        rows = [
            ["姓名", "手机号", "社区编码", "登录名", "岗位"],
            ["孙审", "13800000077", code, "sunshen", "审计管理员"],
        ]
        _, page = await hand_in(system, url, "staff", table(rows))
        name = re.search(r'name="name" value="([0-9a-f]{32}\.csv)"', page)
        assert name is not None
        _, body, _ = await handed(system, url, "/console/tables/staff/confirm", name=name[1])
        page = body.decode()
        word = re.search(r"<td>sunshen</td><td>([^<]+)</td>", page)
        assert word is not None and "等安全管理员同意" in page
        given = {"login": "sunshen", "password": word[1]}
        login = f"{url}/console/login"
        async with browser() as one, one.post(login, data=given, headers=HERE) as answer:
            assert answer.status == 403, "no role yet, no way in"
        assert "已同意审计管理员" in await send(security, url, "/console/accounts/sunshen/role", {"do": "grant"})
        async with browser() as one, one.post(login, data=given, headers=HERE) as answer:
            assert "请先把初始密码改成自己的" in await answer.text()

        with app.db.reading() as conn:
            before = conn.execute(select(logins.c.password).where(logins.c.login == "security")).scalar_one()
        assert "jushe staff password" in await send(system, url, "/console/accounts/security", {"do": "password"})
        with app.db.reading() as conn:
            assert conn.execute(select(logins.c.password).where(logins.c.login == "security")).scalar_one() == before
