"""Every address of the console says what it needs; each role gets where it may, nowhere else; forms are our own."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from PIL import Image
from sqlalchemy import select
from yarl import URL

from bot import media
from bot.app import App
from bot.console import doors, navigation
from bot.console.doors import declared
from bot.console.rights import NAMES, RIGHTS, Right
from bot.console.scope import inside
from storage.sample_logins import LOGINS, PASSWORD
from storage.schema import activities, buildings, communities, estates, grids, households, micro_grids, persons, teams
from storage.sight import ADMINISTRATORS, StaffRole
from tests.bot.console_kit import HERE, browser, demo, signed_in, token_of
from tests.bot.test_console_queue import _open as open_ticket


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[App, str]]:
    """One sample community for every question that changes nothing."""
    async with demo(tmp_path_factory.mktemp("console")) as running:
        yield running


def routes(app: App) -> list[web.AbstractRoute]:
    """The console's routes, each once; a HEAD is its GET."""
    return [
        route
        for route in app.web.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/console") and route.method != "HEAD"
    ]


@pytest.mark.asyncio(loop_scope="module")
async def test_every_address_says_what_it_needs(shared: tuple[App, str]) -> None:
    found = routes(shared[0])
    assert len(found) > 10
    for route in found:
        assert route.resource is not None
        assert declared(route) is not None, f"{route.method} {route.resource.canonical} declares no right"
        if not isinstance(declared(route), Right):
            assert re.fullmatch(r"/console(/log(in|out).*)?", route.resource.canonical), "open to everybody"


@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_opens_without_a_log_in(shared: tuple[App, str]) -> None:
    app, url = shared
    async with browser() as nobody:
        for route in routes(app):
            if not isinstance(declared(route), Right):
                continue
            address = url + _example(route)
            async with nobody.request(route.method, address, headers=HERE, allow_redirects=False) as answer:
                assert answer.status in (303, 401), address
                assert answer.status == 401 or answer.headers["Location"].startswith("/console/login"), address


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("login", LOGINS)
async def test_each_role_gets_where_its_rights_lead(shared: tuple[App, str], login: str) -> None:
    app, url = shared
    role = LOGINS[login][0]
    async with browser() as session:
        await signed_in(session, url, login)
        for route in routes(app):
            right = declared(route)
            if not isinstance(right, Right) or route.resource.canonical == "/console/events":  # type: ignore[union-attr]
                continue
            headers = HERE if route.method == "POST" else {}
            async with session.request(
                route.method, url + _example(route), headers=headers, allow_redirects=False
            ) as answer:
                text, refused = await answer.text(), answer.status == 403
            where = f"{login} {route.method} {route.resource.canonical}"  # type: ignore[union-attr]
            if right not in RIGHTS[role]:
                assert refused and "您的岗位看不到这一页" in text, where
            elif route.method == "POST":
                assert refused and "是上次登录时打开的" in text, f"{where}: a form without its token"
            else:
                assert answer.status in (200, 303, 404), where
                assert not answer.headers.get("Location", "").startswith("/console/login"), where


def _example(route: web.AbstractRoute) -> str:
    """An address of the route, of things that are not there."""
    assert route.resource is not None
    return re.sub(r"\{[^}]+\}", "1", route.resource.canonical)


def test_the_three_administrators_share_nothing_but_looking() -> None:
    for right in (Right.SETTINGS_EDIT, Right.ACCOUNTS_EDIT, Right.ROLES_GRANT, Right.RULES_EDIT, Right.AUDIT_SEE):
        assert len([role for role in ADMINISTRATORS if right in RIGHTS[role]]) == 1
    for role in ADMINISTRATORS:
        assert not RIGHTS[role] & {Right.TICKETS_SEE, Right.PEOPLE_SEE, Right.UNMASK}
    assert Right.PEOPLE_SEE not in RIGHTS[StaffRole.UNIT], "a unit does not search residents"
    assert set(RIGHTS) == set(NAMES) == set(StaffRole) == {role for role, _, _ in LOGINS.values()}


def test_every_area_has_its_door() -> None:
    paths = [area.path for area in navigation.AREAS]
    assert len(paths) == len(set(paths))
    assert navigation.current("/console/tickets/5") == "/console/"
    assert navigation.current("/console/activities/5/poster") == "/console/activities"
    assert navigation.current("/console/me") == ""


@pytest.mark.asyncio(loop_scope="module")
async def test_a_form_needs_the_token_of_its_own_session(shared: tuple[App, str]) -> None:
    _, url = shared
    async with browser() as one, browser() as other:
        await signed_in(one, url, "demo")
        await signed_in(other, url, "street")
        mine, theirs = await token_of(one, url), await token_of(other, url)
        assert mine != theirs
        for given, headers, status in (
            ({"csrf": mine, "path": "/console/me"}, HERE, 303),
            ({"path": "/console/me"}, {**HERE, "X-CSRF": mine}, 303),
            ({"csrf": theirs}, HERE, 403),
            ({"csrf": ""}, HERE, 403),
            ({"csrf": "é"}, HERE, 403),
            ({"csrf": mine}, {"Sec-Fetch-Site": "cross-site"}, 403),
            ({"csrf": mine}, {"Origin": "https://elsewhere.example"}, 403),
            ({"csrf": mine}, {}, 403),
        ):
            async with one.post(f"{url}/console/large", data=given, headers=headers, allow_redirects=False) as answer:
                assert answer.status == status, (given, headers)
        async with one.get(f"{url}/console/me") as answer:
            assert 'class="bigger"' not in await answer.text()  # on, and off again


@pytest.mark.asyncio(loop_scope="module")
async def test_the_log_in_leads_back_to_the_page_but_never_elsewhere(shared: tuple[App, str]) -> None:
    _, url = shared
    async with browser() as session:
        async with session.get(f"{url}/console/activities?from=1", allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/console/login?next=%2Fconsole%2Factivities%3Ffrom%3D1"
        for wanted, then in (
            ("/console/activities", "/console/activities"), ("//elsewhere.example/console/", "/console/"),
            ("https://elsewhere.example/", "/console/"), ("/console//elsewhere.example", "/console/"),
            ("/console/../demo", "/console/"), ("/console/\\elsewhere", "/console/"), ("javascript:1", "/console/"),
        ):  # fmt: skip
            data = {"login": "demo", "password": PASSWORD, "next": wanted}
            async with session.post(f"{url}/console/login", data=data, headers=HERE, allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (303, then), wanted


@pytest.mark.parametrize("path", ["", "/", "/demo", "/console", "/console/x\r\nSet-Cookie: a=b", "/console/x?y=//z"])
def test_what_is_not_inside(path: str) -> None:
    assert inside(path) == ""


@pytest.mark.asyncio(loop_scope="module")
async def test_pages_carry_a_strict_policy_and_nothing_inline(shared: tuple[App, str]) -> None:
    _, url = shared
    async with browser() as session:
        await signed_in(session, url, "demo")
        for path in ("/console/", "/console/activities", "/console/me", "/console/tickets/1"):
            async with session.get(url + path) as answer:
                text, policy = await answer.text(), answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
            assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?://(?!127)", text), path


def test_the_templates_are_where_the_pages_look(tmp_path: Path) -> None:
    folder = Path(doors.__file__).parent / "templates"
    for path in folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|\|safe", text), path.name
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.S):
            assert "csrf" in form or "token()" in form or "/console/log" in form, (
                f"{path.name}: a form without its token"
            )


@pytest.mark.asyncio(loop_scope="module")
async def test_no_address_opens_what_is_anothers(shared: tuple[App, str]) -> None:
    """Every id of the other community in every address with an id: nothing of it is shown to this one's desk."""
    app, url = shared
    with app.db.reading() as conn:
        mine, other = conn.execute(select(communities.c.id).order_by(communities.c.code).limit(2)).scalars()
        tables = (micro_grids, grids, estates, buildings, households, activities, teams, persons)
        foreign = [
            conn.execute(select(table.c.id).where(table.c.community == other).limit(1)).scalar() for table in tables
        ]
    made = await open_ticket(app, "别社区的事", community=other)
    ids = [*(str(one) for one in foreign if one), str(made), "0", str(2**63 - 1), "9" * 30, "x", "%C2%B2", "..%2F1"]
    assert mine != other and len(ids) > 10
    async with browser() as session:
        await signed_in(session, url, "demo")
        for route in routes(app):
            assert route.resource is not None
            pattern = route.resource.canonical
            if route.method != "GET" or "{" not in pattern:
                continue
            for one in ids:
                address = URL(url + re.sub(r"\{[^}]+\}", one, pattern), encoded=True)
                async with session.get(address, allow_redirects=False) as answer:
                    text = await answer.text()
                assert answer.status in (303, 400, 403, 404), f"{address} {answer.status}"
                assert "别社区的事" not in text, address


@pytest.mark.asyncio(loop_scope="module")
async def test_a_photo_by_its_name_is_for_who_sees_tickets(shared: tuple[App, str]) -> None:
    app, url = shared
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "JPEG")
    name = await media.keep_photo(app, picture.getvalue())
    for login, status in (("demo", 200), ("leader", 200), ("system", 404), ("audit", 404), ("assessor", 404)):
        async with browser() as session:
            await signed_in(session, url, login)
            async with session.get(f"{url}/media/{name}") as answer:
                assert answer.status == status, login
