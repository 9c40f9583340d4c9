"""Fetching a file from an address that a platform gave: which hosts, how large, never a machine inside."""

from __future__ import annotations

import errno
import ipaddress
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

FILE_MOST = 10 * 1024 * 1024
ALLOWED_SUFFIXES = (".qpic.cn", ".qlogo.cn")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
TIMEOUT = aiohttp.ClientTimeout(total=8, connect=3)


class FetchRefused(Exception):
    """`reason` is a fixed code, safe to log; nothing of the address is in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetched:
    data: bytes
    content_type: str


def is_public(address: str) -> bool:
    """Whether an IP address, in any of its forms, belongs to the open internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and (ip in _NAT64 or ip.teredo is not None):
            return False
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


def public_socket(info: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
    """A socket for one resolved address. Raises OSError for an inner one.

    The last step before connecting: IP literals and names that resolve differently the second time pass here too.
    """
    family, kind, proto, _, address = info
    if not is_public(str(address[0])):
        raise PermissionError(errno.EACCES, "address refused")
    return socket.socket(family, kind, proto)


class Fetcher:
    """Gets files from the platform's picture hosts and from `own_host` (host[:port] of the API base).

    `local`: the API base is on this machine or network, as in tests; only then may addresses be inner ones.
    """

    def __init__(self, own_host: str, *, local: bool = False) -> None:
        self._own = own_host.lower()
        connector = aiohttp.TCPConnector() if local else aiohttp.TCPConnector(socket_factory=public_socket)
        self._session = aiohttp.ClientSession(connector=connector, timeout=TIMEOUT, auto_decompress=False)

    async def get(self, url: str) -> Fetched:
        """Raises FetchRefused (a rule), aiohttp.ClientError or TimeoutError (the network)."""
        self._check(url)
        async with self._session.get(url, allow_redirects=False, headers={"Accept-Encoding": "identity"}) as answer:
            if answer.status != 200:
                raise FetchRefused("status")
            return Fetched(await body_of(answer), answer.content_type)

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError as error:
            raise FetchRefused("url") from error
        if parts.scheme not in ("http", "https") or parts.username is not None or parts.password is not None:
            raise FetchRefused("url")
        if parts.netloc.lower() == self._own:
            return
        if not host.isascii() or not host.endswith(ALLOWED_SUFFIXES) or port not in (None, 80, 443):
            raise FetchRefused("host")

    async def close(self) -> None:
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def body_of(answer: aiohttp.ClientResponse, most: int = FILE_MOST) -> bytes:
    """The body, read no further than `most` bytes. Raises FetchRefused("size") or ("encoding")."""
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FetchRefused("encoding")
    if (answer.content_length or 0) > most:
        raise FetchRefused("size")
    data = bytearray()
    async for piece in answer.content.iter_chunked(64 * 1024):
        data += piece
        if len(data) > most:
            raise FetchRefused("size")
    return bytes(data)


def is_local(host: str) -> bool:
    """Whether a host is written as localhost or as an inner address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return not is_public(host)
