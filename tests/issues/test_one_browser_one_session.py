"""Logging in by WeCom left the session that the browser had before open in the database, as a password did not."""

from __future__ import annotations

from handlers.types import Sender
from storage import identities, people, staff_sessions
from tests.bot.wecom.conftest import service
from tests.bot.wecom.kit import Service, begun_login
from tests.channels.wecom.kit import CORP

__all__ = ["service"]


async def test_what_the_browser_had_before_ends(service: Service) -> None:
    app = service.app
    with app.db.writing() as conn:
        desk = identities.person_of(conn, Sender("webchat", "-", "desk"))
        people.link_identity(conn, desk, Sender("wecom", CORP, "pengyuee"), app.clock())
    before = staff_sessions.open_for(app.db, desk, app.clock())
    assert staff_sessions.session(app.db, before, app.clock()) is not None
    service.api.logins = {"C1": {"errcode": 0, "userid": "PengYuee"}}
    query, _, cookie = await begun_login(service)
    async with service.browser.get(
        "/console/login/wecom/back", params={"code": "C1", "state": query["state"][0]}, allow_redirects=False,
        headers={"Cookie": f"jushe_wecom={cookie}; jushe={before}"},
    ) as answer:  # fmt: skip
        assert answer.status == 303 and "jushe=" in answer.headers["Set-Cookie"]
    assert staff_sessions.session(app.db, before, app.clock()) is None
