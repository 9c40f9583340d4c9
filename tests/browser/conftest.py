"""A real browser in front of the real program; what the browser complains of is collected and must be nothing."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import months
from tests.demo import demo_in

ROOT = Path(__file__).parent.parent.parent
OUT = Path(__file__).parent / "out"
DESKTOP, PHONE = (1440, 900), (390, 844)
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",  # a microphone that beeps, and is allowed
]  # fmt: skip
WORDS = "words.bin"
_words: list[bytes] = []
_START = 60.0  # seconds; the machine may be busy with other tests
expect.set_options(timeout=15_000)  # milliseconds; the same reason


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", action="store_true", help="also write the README's picture to docs/demo.png")


@dataclass
class Program:
    """The program as a process of its own."""

    url: str
    process: subprocess.Popen[str]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def start(folder: Path, *args: str, **environment: str) -> Program:
    """Run `python -m bot ARGS` on a free port until it says that it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder.mkdir(parents=True, exist_ok=True)
    if _words:  # what the first program made of the dictionary, so that each start does not make it again
        (folder / WORDS).write_bytes(_words[0])
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JUSHE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *args, "--port", str(port), "--data", str(folder)],
        cwd=ROOT, env={**clean, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    url, end = f"http://127.0.0.1:{port}", time.monotonic() + _START
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    if not _words and (folder / WORDS).exists():
                        _words.append((folder / WORDS).read_bytes())
                    return Program(url, process)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            pass
        time.sleep(0.1)
    process.kill()
    said = process.communicate()[0]
    raise AssertionError(f"the program did not become ready:\n{said}")


def _stopped(program: Program) -> None:
    code = program.stop()
    assert program.process.stdout is not None
    with program.process.stdout as stdout:
        said = stdout.read()
    assert code == 0, said


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Program]:
    """The sample community, fresh for each test."""
    program = start(demo_in(tmp_path / "demo"), "demo")
    yield program
    _stopped(program)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One sample community for all tests that report nothing."""
    program = start(tmp_path_factory.mktemp("shared"), "demo")
    yield program
    _stopped(program)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The demo after two months of an invented life."""
    folder = tmp_path_factory.mktemp("lived")
    months.made(demo_in(folder), 60)
    program = start(folder, "demo")
    yield program
    _stopped(program)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Program]:
    """The service as a community would run it, with the web chat switched on and an empty database."""
    program = start(tmp_path / "serve", "serve", JUSHE_WEBCHAT="true")
    yield program
    _stopped(program)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module: while it lives its event loop runs, and no test that needs a loop of its own may come between."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine: install the system's chromium package to run the browser tests")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield chromium
        chromium.close()


HOSTS_CHANGED = "net::ERR_NETWORK_CHANGED"  # hosts of another test came or went meanwhile (tests/faults/network.py)


@dataclass
class Window:
    """A browser window of its own, with everything it complained of."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()  # parts of complaints that a test provokes itself

    def watch(self, page: Page, host: str) -> None:
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", lambda asked: self._asked(asked.url, host))

    def _said(self, kind: str, text: str) -> None:
        # A violation of the content security policy is said on the console too.
        if kind in ("error", "warning") and not any(part in text for part in (*self.expected, HOSTS_CHANGED)):
            self.complaints.append(f"{kind}: {text}")

    def _asked(self, url: str, host: str) -> None:
        if not url.startswith((host, "data:", "blob:")):
            self.complaints.append(f"left the host: {url}")


class Windows:
    """Opens windows and, at the end of the test, asserts that none of them complained."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.all: list[Window] = []

    def open(self, url: str, path: str, size: tuple[int, int] = DESKTOP, *, expected: tuple[str, ...] = ()) -> Window:
        width, height = size
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai",
            has_touch=width < 600, is_mobile=width < 600, device_scale_factor=2 if width < 600 else 1,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        window = Window(context, context.new_page(), expected=expected)
        window.watch(window.page, url)
        self.all.append(window)
        window.page.goto(url + path)
        return window


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    opened = Windows(browser)
    yield opened
    complaints = [complaint for window in opened.all for complaint in window.complaints]
    for window in opened.all:
        window.context.close()
    assert complaints == []


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Iterator[object]:
    """shot(page, name): a picture for people to look at."""
    OUT.mkdir(exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.wait_for_timeout(400)  # until what slides in has arrived
        page.screenshot(path=OUT / f"{name}.png")
        if name == "readme" and request.config.getoption("--screenshots"):
            page.screenshot(path=ROOT / "docs" / "demo.png")

    yield take
