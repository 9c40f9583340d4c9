"""axe-core on every page that links lead to, in every role: nothing serious, none wider than a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from storage.sample_logins import LOGINS
from tests.browser.axe import findings
from tests.browser.conftest import PHONE, Program, Windows
from tests.browser.people import heard, log_in, phone, tap, write

pytestmark = pytest.mark.browser
MOST = 150  # pages; more would mean that links grow without end
PUBLIC = ("/", "/privacy", "/chat", "/demo", "/console/login")
_NUMBERS = re.compile(r"[0-9a-f]{16,}|\d+|(?<=/m/./)[^/]+")


def kind(path: str) -> str:
    """What a page is, whichever of its kind: numbers, keys and the query left out."""
    return _NUMBERS.sub("#", path.partition("?")[0].partition("#")[0])


def looked_at(context: BrowserContext, url: str, begin: list[str], seen: set[str]) -> list[str]:
    """Findings on every page that links lead to from these, one of each kind not seen yet."""
    page, waiting, found = context.new_page(), list(begin), []
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if kind(path) in seen:
            continue
        seen.add(kind(path))
        try:
            answer = page.goto(url + path)
        except PlaywrightError as error:
            if "Download is starting" in str(error):
                continue
            raise
        assert answer is not None and answer.status < 500, f"{path}: {answer.status if answer else 'nothing'}"
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        found += [f"{path}: {finding}" for finding in findings(page)]
        size = page.viewport_size
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path}: wider than a phone")
        if size:
            page.set_viewport_size(size)
        links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
        base = path.partition("?")[0]
        waiting += [base + link if link.startswith("?") else link for link in links if link.startswith(("/", "?"))]
    page.close()
    return found


def test_what_is_wrong_is_found(windows: Windows, shared: Program) -> None:
    page = windows.open(shared.url, "/privacy").page
    assert findings(page) == []
    page.eval_on_selector("main", "main => main.innerHTML = '<input><img src=\"data:,\"><p>这行字太淡</p>'")
    page.eval_on_selector("main p", "p => { p.style.color = '#ddd'; p.style.background = '#fff' }")
    assert {finding.partition(" ")[0] for finding in findings(page)} == {"color-contrast", "image-alt", "label"}


def test_every_page_of_every_role(lived: Program, windows: Windows) -> None:
    seen: set[str] = set()
    found = []
    for login in LOGINS:
        window = windows.open(lived.url, "/console/login", expected=("Failed to load resource",))
        log_in(window.page, lived.url, login)
        found += looked_at(window.context, lived.url, ["/console/", "/console/me"], seen)
    assert {"/console/", "/console/tickets/#", "/console/numbers", "/console/knowledge/#"} <= seen
    assert len(seen) < MOST
    assert not found, "\n".join(found)


def test_pages_for_residents(lived: Program, windows: Windows) -> None:
    window = windows.open(lived.url, "/demo", expected=("Failed to load resource",))
    resident, leader = phone(window.page, "resident"), phone(window.page, "leader")
    write(resident, "3幢2单元门禁坏了，刷卡没反应")
    heard(resident, "对吗")
    tap(resident, "对，报上去")
    heard(resident, "已受理")
    heard(leader, "门禁")
    tap(leader, "接单")
    heard(resident, "已接单")
    found = [f"the demo in use: {one}" for one in findings(window.page)]
    links = [
        str(pane.locator(".bubble a").filter(has_text=label).last.get_attribute("href"))
        for pane, label in ((resident, "看进度和照片"), (leader, "打开我的清单"))
    ]
    small = windows.open(lived.url, "/", PHONE, expected=("Failed to load resource",))
    seen: set[str] = {"/console/"}  # a log-in's
    found += looked_at(small.context, lived.url, [*PUBLIC, *links, "/console/?demo=1"], seen)
    assert {kind(link) for link in links} <= seen
    assert not found, "\n".join(found)
