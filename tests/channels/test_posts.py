"""Answers read from bytes however they come, and connections that are kept, ended or lost."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.tencent import posts
from bot.channels.tencent.http import Answer, Broken, answer
from bot.channels.tencent.posts import Posts, Unreached

OK = b"HTTP/1.1 200 OK\r\n"
PLAIN = OK + b"Content-Length: 2\r\n\r\n{}"
MOST = 100
ANSWERS = [
    (PLAIN, Answer(200, b"{}", True)),
    (OK + b"content-length:2 \r\nConnection: Close\r\n\r\n{}", Answer(200, b"{}", False)),
    (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", Answer(200, b"{}", False)),
    (b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN, Answer(200, b"{}", True)),
    (b"HTTP/1.1 204\r\n\r\n", Answer(204, b"", True)),
    (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", Answer(302, b"", True)),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n01;a=b\r\n}\r\n0\r\n\r\n", Answer(200, b"{}", True)),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n", Answer(200, b"{}", True)),
]
UNTIL_CLOSED = OK + b"Content-Type: text/plain\r\n\r\n{}"
TOO_MUCH = [
    OK + b"Content-Length: 101\r\n\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n65\r\n",
    OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    UNTIL_CLOSED + b"x" * 99,
]
WRONG = [
    b"SSH-2.0-x\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    OK + b"Content-Length: -2\r\n\r\n{}",
    OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
    OK + b"Content-Length : 2\r\n\r\n{}",
    OK + b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
    OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
    b"x" * 40_000,
]


@given(st.sampled_from(ANSWERS), st.data())
def test_an_answer_is_whole_with_its_last_byte(one: tuple[bytes, Answer], data: st.DataObject) -> None:
    said, expected = one
    cut = data.draw(st.integers(0, len(said) - 1))
    assert answer(said[:cut], MOST, ended=False) is None
    assert answer(said, MOST, ended=False) == expected
    with pytest.raises(Broken):
        answer(said[:cut], MOST, ended=True)


def test_without_a_length_the_end_of_the_connection_is_its_end() -> None:
    assert answer(UNTIL_CLOSED, MOST, ended=False) is None
    assert answer(UNTIL_CLOSED, MOST, ended=True) == Answer(200, b"{}", False)


def test_what_comes_after_an_answer_ends_the_connection() -> None:
    assert answer(PLAIN + b"HTTP", MOST, ended=False) == Answer(200, b"{}", False)


@pytest.mark.parametrize("said", TOO_MUCH)
def test_no_more_is_read_than_was_asked_for(said: bytes) -> None:
    assert answer(said, MOST, ended=False) == Answer(200, None, False)


@pytest.mark.parametrize("said", WRONG)
def test_what_is_no_answer(said: bytes) -> None:
    with pytest.raises(Broken):
        answer(said, MOST, ended=False)


class Place:
    """A server that says what it is told to, a list of pieces a question; b"" ends the connection."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[bytes] = []
        self.lines = 0
        self.told: list[list[bytes]] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.asked.append(head + await reader.readexactly(length))
                for piece in self.told.pop(0) if self.told else [PLAIN]:
                    if not piece:
                        return
                    writer.write(piece)
                    await asyncio.sleep(0.001)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def standing(tls: ssl.SSLContext | None = None) -> AsyncIterator[Place]:
    place = Place()
    server = await asyncio.start_server(place.take, "127.0.0.1", 0, ssl=tls)
    place.url = f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}/base"
    async with server:
        yield place


Made = Callable[..., Posts]


@pytest.fixture
async def made() -> AsyncIterator[Made]:
    several: list[Posts] = []

    def make(place: Place, total: float = 5.0, trust: ssl.SSLContext | None = None) -> Posts:
        several.append(Posts(place.url, total=total, connect=1.0, most=MOST, trust=trust))
        return several[-1]

    yield make
    for one in several:
        await one.close()


async def test_one_connection_serves_again_and_again(made: Made) -> None:
    async with standing() as place:
        mine = made(place)
        place.told = [[PLAIN[:9], PLAIN[9:]], [PLAIN]]
        for number in range(3):
            assert await mine.post("/x?a=1", b"%d" % number) == Answer(200, b"{}", True)
        assert place.lines == 1
        host = place.url.split("/")[2].encode()
        assert place.asked[2] == (
            b"POST /base/x?a=1 HTTP/1.1\r\nHost: " + host + b"\r\nUser-Agent: jushe\r\nAccept: */*\r\n"
            b"Accept-Encoding: identity\r\nContent-Type: application/json; charset=utf-8\r\n"
            b"Content-Length: 1\r\n\r\n2"
        )
        await asyncio.gather(*(mine.post("/x", b"") for _ in range(3)))
        assert place.lines == 3


async def test_no_more_connections_than_allowed(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "MOST", 2)
    async with standing() as place:
        mine = made(place)
        await asyncio.gather(*(mine.post("/x", b"") for _ in range(7)))
        assert (len(place.asked), place.lines) == (7, 2)


@pytest.mark.parametrize("told", [[b""], [PLAIN[:20], b""], [b"HELLO\r\n\r\n"]])
async def test_a_lost_answer_costs_its_connection_only(made: Made, told: list[bytes]) -> None:
    async with standing() as place:
        mine = made(place)
        place.told = [[PLAIN], told]
        await mine.post("/x", b"")
        with pytest.raises(Broken):
            await mine.post("/x", b"")
        assert (await mine.post("/x", b"")).body == b"{}"
        assert (len(place.asked), place.lines) == (3, 2)  # nothing was asked twice


async def test_a_connection_with_more_in_it_than_was_asked_for_is_left(made: Made) -> None:
    async with standing() as place:
        mine = made(place)
        place.told = [[PLAIN, OK + b"Content-Length: 1\r\n\r\n7"], [PLAIN, b""]]
        assert (await mine.post("/x", b"")).body == b"{}"
        await asyncio.sleep(0.02)
        assert (await mine.post("/x", b"")).body == b"{}"
        await asyncio.sleep(0.02)  # the server closes an idle one
        assert (await mine.post("/x", b"")).body == b"{}"
        assert place.lines == 3


async def test_too_late_or_no_longer_wanted(made: Made) -> None:
    async with standing() as place:
        mine = made(place, total=0.4)
        place.told = [[PLAIN[:20]], [PLAIN[:20]]]
        with pytest.raises(TimeoutError):
            await mine.post("/x", b"")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await mine.post("/x", b"")
        assert (await mine.post("/x", b"")).body == b"{}"
        assert place.lines == 3


async def test_idle_connections_are_ended(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "KEEP", 0.03)
    async with standing() as place:
        mine = made(place)
        await mine.post("/x", b"")
        await asyncio.sleep(0.1)
        assert not mine._idle
        await mine.post("/x", b"")
        assert place.lines == 2


async def test_who_is_not_who_he_says_is_told_nothing(made: Made, tmp_path: Path) -> None:
    here, trusting = _certified(tmp_path)
    async with standing(here) as place:
        with pytest.raises(Unreached):
            await made(place).post("/x", b"secret")
        assert not place.asked
        assert (await made(place, trust=trusting).post("/x", b"")).body == b"{}"


def _certified(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context for 127.0.0.1, and that of somebody who knows its certificate."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    shown, kept = folder / "shown.pem", folder / "kept.pem"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    kept.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(shown, kept)
    return here, ssl.create_default_context(cafile=str(shown))
