"""The floor of the stack: a bare aiohttp handler that answers `success`; run as a process with a port."""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web


async def success(_: web.Request) -> web.Response:
    return web.Response(text="success")


async def main(port: int) -> None:
    app = web.Application()
    app.router.add_post("/wechat", success)
    app.router.add_get("/readyz", success)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
