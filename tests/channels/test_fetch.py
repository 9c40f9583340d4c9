"""The safe fetcher: allowed hosts, no way inside, no redirects, no flood (reliability.md T10)."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.channels.tencent.fetch import FILE_MOST, Fetcher, FetchRefused, is_local, is_public, public_socket

INNER = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "fd00::1",
    "ff02::1", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:db8::1", "①②⑦.⓪.⓪.①", "0x7f.1", "",
]  # fmt: skip


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_get_no_socket(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(OSError, match="address refused"):
        public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)))


def test_public_addresses_do() -> None:
    assert is_public("8.8.8.8") and is_public("2400:3200::1") and is_public("::ffff:8.8.8.8")
    public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))).close()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://[::1]/", "http://evil.example/", "http://qpic.cn.evil.example/a",
        "http://evilqpic.cn/", "http://mmbiz.qpic.cn:8080/", "http://mmbiz.qpic.cn@127.0.0.1/", "ftp://mmbiz.qpic.cn/",
        "file:///etc/hostname", "http://u:p@mmbiz.qpic.cn/", "http://mmbiz。qpic.cn:x/", "//mmbiz.qpic.cn/", "", "http://[",
        "http://api.weixin.qq.com:8443/",
    ],
)  # fmt: skip
async def test_other_addresses_are_not_asked(url: str) -> None:
    async with Fetcher("api.weixin.qq.com") as fetcher:
        with pytest.raises(FetchRefused) as refused:
            await fetcher.get(url)
        assert refused.value.reason in ("host", "url")


class _Rebinding(aiohttp.abc.AbstractResolver):
    """An allowed name whose address is inside."""

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[object]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": family, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        return None


async def test_an_allowed_name_that_points_inside_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiohttp.connector.DefaultResolver", lambda *_, **__: _Rebinding())
    async with Fetcher("api.weixin.qq.com") as fetcher:
        with pytest.raises(aiohttp.ClientConnectorError, match="address refused"):
            await fetcher.get("http://mmbiz.qpic.cn/a")


async def test_an_own_host_inside_is_reached_only_when_meant() -> None:
    async with _server() as base, Fetcher(base.removeprefix("http://")) as strict:
        with pytest.raises(aiohttp.ClientConnectorError, match="address refused"):
            await strict.get(base + "/photo")
    assert is_local("127.0.0.1") and is_local("localhost") and not is_local("api.weixin.qq.com")


@asynccontextmanager
async def _server() -> AsyncIterator[str]:
    async def photo(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/photo":
                return web.Response(body=b"\xff\xd8photo", content_type="image/jpeg")
            case "/away":
                raise web.HTTPFound("http://127.0.0.1:1/")
            case "/large":
                return web.Response(body=b"x", headers={"Content-Length": str(FILE_MOST + 1)})
            case "/packed":
                return web.Response(body=b"x", headers={"Content-Encoding": "gzip"})
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(FILE_MOST // 1_000_000 + 2):
            await answer.write(bytes(1_000_000))
        return answer

    app = web.Application()
    app.router.add_get("/{path}", photo)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_photos_come_and_floods_do_not() -> None:
    async with _server() as base, Fetcher(base.removeprefix("http://"), local=True) as fetcher:
        got = await fetcher.get(base + "/photo")
        assert (got.data, got.content_type) == (b"\xff\xd8photo", "image/jpeg")
        for path, reason in (("/away", "status"), ("/large", "size"), ("/endless", "size"), ("/packed", "encoding")):
            with pytest.raises(FetchRefused) as refused:
                await fetcher.get(base + path)
            assert refused.value.reason == reason
