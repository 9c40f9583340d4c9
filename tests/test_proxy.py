"""deploy/Caddyfile in a real Caddy, two gateways behind it: nobody is turned away while one of them can listen."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.bench.process import free_port

CADDYFILE = Path(__file__).parent.parent / "deploy" / "Caddyfile"
CADDY = shutil.which("caddy")

pytestmark = pytest.mark.skipif(CADDY is None, reason="no caddy here (it comes with the extra test)")


class Gateway:
    """Answers messages with its name. `database`: whether /readyz finds one."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port, self.database = name, port, True

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/wechat", self._message)
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _message(self, request: web.Request) -> web.Response:
        return web.Response(text=f"{self.name} {len(await request.read())}")

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _ready(self, _: web.Request) -> web.Response:
        return web.Response(status=200 if self.database else 503)


class Street:
    """Two gateways behind the proxy; `say` posts messages to it and counts what became of them."""

    def __init__(self, gateways: list[Gateway], url: str, session: ClientSession) -> None:
        self.gateways, self._url, self._session = gateways, url, session

    async def say(self, count: int, at_once: int = 8) -> Counter[str]:
        found: Counter[str] = Counter()

        async def some() -> None:
            for _ in range(count // at_once):
                try:
                    async with self._session.post(f"{self._url}/wechat", data=b"<xml>words</xml>") as answer:
                        text = await answer.text()
                        found[text.partition(" ")[0] if answer.status == 200 else str(answer.status)] += 1
                except ClientError as error:
                    found[type(error).__name__] += 1

        await asyncio.gather(*(some() for _ in range(at_once)))
        return found

    async def known(self, wanted: set[str]) -> None:
        """Until the proxy sends messages to exactly these."""
        for _ in range(60):
            if set(await self.say(40)) == wanted:
                return
            await asyncio.sleep(0.2)
        pytest.fail(f"the proxy does not send to {wanted}")


@asynccontextmanager
async def street(folder: Path) -> AsyncIterator[Street]:
    gateways = [Gateway(name, free_port()) for name in ("one", "two")]
    url = f"http://127.0.0.1:{free_port()}"
    text = CADDYFILE.read_text(encoding="utf-8")
    for number, gateway in enumerate(gateways, 1):
        text = text.replace(f"gateway-{number}:8080", f"127.0.0.1:{gateway.port}")
        await gateway.start()
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text, encoding="utf-8")
    assert CADDY is not None
    with (folder / "log").open("wb") as out:
        caddy = await asyncio.create_subprocess_exec(
            CADDY, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile",
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "DOMAIN": url}, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        async with ClientSession(timeout=ClientTimeout(10)) as session:
            there = Street(gateways, url, session)
            await there.known({"one", "two"})
            yield there
    finally:
        caddy.terminate()
        await caddy.wait()
        for gateway in gateways:
            await gateway.stop()


async def test_one_gateway_gone_and_every_message_is_answered_by_the_other(tmp_path: Path) -> None:
    """A Caddy before 2.11.2 hands the other gateway an empty body, takes it for dead too, and answers 503 for 3 s."""
    async with street(tmp_path) as there:
        await there.gateways[0].stop()
        assert await there.say(400) == {"two": 400}
        await there.gateways[0].start()
        await there.known({"one", "two"})


async def test_a_database_that_is_away_takes_no_gateway_from_the_residents(tmp_path: Path) -> None:
    """The gateways write messages down meanwhile and say so; nobody is ready, and everybody is there."""
    async with street(tmp_path) as there:
        for gateway in there.gateways:
            gateway.database = False
        await asyncio.sleep(5)  # two looks of the proxy
        assert set(await there.say(80)) == {"one", "two"}
