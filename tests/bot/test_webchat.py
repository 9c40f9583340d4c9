"""The web chat over real HTTP, the headers and limits of every page, the machines' pages."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from PIL import Image

from bot import app as parts
from bot import media
from bot.app import App
from bot.channels.webchat import new_user
from bot.channels.webchat_told import Told
from bot.server import listen
from bot.settings import load
from storage.queue import Outgoing


def photo(side: int = 300) -> str:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CanaryPhone"
    Image.new("RGB", (side, side), "yellow").save(out, "JPEG", exif=exif)
    return base64.b64encode(out.getvalue()).decode()


class Phone:
    """Somebody who writes."""

    def __init__(self, browser: ClientSession, user: str) -> None:
        self.browser = browser
        self.user = user
        self.count = 0

    async def __call__(self, **body: Any) -> list[dict[str, Any]]:
        self.count += 1
        data = {"user": self.user, "id": f"{self.user[:8]}{self.count}"} | body
        async with self.browser.post("/webchat/messages", json=data) as answer:
            assert answer.status == 200, await answer.text()
            replies: list[dict[str, Any]] = (await answer.json())["replies"]
            return replies


async def pushes(browser: ClientSession, user: str, count: int, last: str = "") -> list[dict[str, Any]]:
    """The next pushes of a stream."""
    found: list[dict[str, Any]] = []
    headers = {"Last-Event-ID": last} if last else {}
    async with asyncio.timeout(10), browser.get("/webchat/events", params={"user": user}, headers=headers) as stream:
        assert stream.content_type == "text/event-stream"
        async for line in stream.content:
            if line.startswith(b"data: "):
                found.append(json.loads(line[6:]))
                if len(found) == count:
                    break
    return found


async def test_the_main_job(browser: ClientSession, demo: App) -> None:
    resident, leader = Phone(browser, "resident"), Phone(browser, "leader")
    said = await resident(text="3幢2单元楼道灯坏了")
    assert said[-1]["choices"], said
    await resident(text=said[-1]["choices"][0]["say"])
    [task] = await pushes(browser, "leader", 1)
    assert "楼道灯" in task["text"]
    assert {"label", "say"} == set(task["choices"][0])
    await leader(text="接单")
    await leader(text="办结 已换灯泡")
    await leader(photo="data:image/jpeg;base64," + photo())
    told = await pushes(browser, "resident", 2)
    assert "已换灯泡" in told[-1]["text"]
    with demo.db.reading() as conn:
        names = conn.exec_driver_sql("SELECT file FROM media WHERE state = 'stored'").scalars().all()
    assert names
    async with browser.get(media.link(demo, names[0])) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert b"CanaryPhone" not in await answer.read()
    for wrong in (
        f"/media/{names[0]}",
        f"/media/{names[0]}?t=x",
        media.link(demo, "0" * 64 + ".jpg"),
        "/media/..%2fx",
    ):
        async with browser.get(wrong) as answer:
            assert answer.status == 404


async def test_a_stream_gives_what_was_missed_and_nothing_twice(browser: ClientSession) -> None:
    resident = Phone(browser, "resident")
    await resident(text="3幢2单元楼道灯坏了")
    await resident(text="对")
    [first] = await pushes(browser, "leader", 1)
    again = await pushes(browser, "leader", 1, last=str(int(first["id"]) - 1))
    assert again == [first]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await pushes(browser, "leader", 1, last=first["id"])


async def test_copies_get_the_same_answer(browser: ClientSession, demo: App) -> None:
    body = {"user": "resident", "id": "same", "text": "3幢2单元楼道灯坏了"}

    async def send() -> bytes:
        async with browser.post("/webchat/messages", json=body) as answer:
            return await answer.read()

    answers = await asyncio.gather(*(send() for _ in range(5)))
    answers.append(await send())
    assert len(set(answers)) == 1
    with demo.db.reading() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM inbox").scalar() == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "正文不是 JSON"),
        ("[]", "正文应是一个 JSON 对象"),
        ('{"user":"resident","id":"1"}', "要有一个"),
        ('{"user":"resident","id":"1","text":"a","event":"follow"}', "也只能有一个"),
        ('{"user":"resident","id":"1","text":5}', "text 应是"),
        ('{"user":"resident","id":"1","text":"\\u0000 "}', "text 是空的"),
        (json.dumps({"user": "resident", "id": "1", "text": "x" * 2001}), "text 应是 1–2000 个字符"),
        ('{"user":"resident","text":"a"}', "id 应是"),
        ('{"user":"resident","id":"a b","text":"a"}', "id 只能用"),
        ('{"id":"1","text":"a"}', "user 应是"),
        ('{"user":"resident","id":"1","text":"a","admin":true}', "没有这个字段：admin"),
        ('{"user":"resident","id":"1","event":"grant"}', "event 只能是"),
        ('{"user":"resident","id":"1","photo":"%%%"}', "photo 应是"),
        ('{"user":"resident","id":"1","photo":"PHN2Zz4="}', "这个文件不是照片"),
        ('{"user":"resident","id":"1","voice":7}', "voice 应是"),
        ('{"user":"resident","id":"1","voice":"PHN2Zz4="}', "这段语音听不了"),
        ('{"user":"resident","id":"1","place":{"lat":91,"lon":0}}', "lat 应在"),
        ('{"user":"resident","id":"1","place":{"lat":NaN,"lon":0}}', "正文不是 JSON"),
        ('{"user":"resident","id":"1","place":{"lat":true,"lon":0}}', "lat 应在"),
        ('{"user":"resident","id":"1","place":"here"}', "place 应是"),
    ],
)
async def test_wrong_bodies_are_told_what_is_wrong(browser: ClientSession, body: str, words: str) -> None:
    headers = {"Content-Type": "application/json"}
    async with browser.post("/webchat/messages", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert words in await answer.text()


async def test_limits_and_forms_of_requests(browser: ClientSession) -> None:
    message = {"user": "resident", "id": "1", "text": "a"}
    async with browser.post("/webchat/messages", data=json.dumps(message)) as answer:
        assert answer.status == 415  # a form of another site cannot send JSON
    async with browser.post("/webchat/messages", json=message, headers={"Content-Encoding": "gzip"}) as answer:
        assert answer.status == 415
    large = io.BytesIO(json.dumps(message | {"photo": "A" * (9 * 1024 * 1024)}).encode())
    async with browser.post("/webchat/messages", data=large, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 413
    long = io.BytesIO(json.dumps(message | {"text": "", "voice": "A" * (3 * 1024 * 1024)}).encode())
    async with browser.post("/webchat/messages", data=long, headers={"Content-Type": "application/json"}) as answer:
        assert (answer.status, await answer.text()) == (400, "语音太长，请分几段说。")
    async with browser.get("/webchat/events", params={"user": "no body!"}) as answer:
        assert answer.status == 403


async def test_every_answer_is_dressed(browser: ClientSession) -> None:
    for path in ("/healthz", "/readyz", "/absent", "/webchat/events?user=resident"):
        async with browser.get(path) as answer:
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Server"] == "jushe"
            assert "microphone=()" in answer.headers["Permissions-Policy"]
            assert "geolocation=()" in answer.headers["Permissions-Policy"]


async def test_machines_pages(browser: ClientSession) -> None:
    async with browser.get("/readyz") as answer:
        body = await answer.json()
        assert (answer.status, body["ready"]) == (200, True)
        assert set(body["checks"]) == {"database", "outbox", "spool"}
    async with browser.get("/metrics") as answer:
        assert "jushe_job_ok" in await answer.text()
    async with browser.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}) as answer:
        assert answer.status == 403


async def test_a_lost_database_is_not_ready(
    browser: ClientSession, demo: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OSError("refused")

    monkeypatch.setattr(demo.db, "check", away)
    async with browser.get("/readyz") as answer:
        assert answer.status == 503
        assert (await answer.json())["checks"]["database"]["ok"] is False


async def test_in_service_only_our_own_tokens_speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = await parts.start(load(data_dir=tmp_path / "data", webchat=True))
    runner, port = await listen(app, "127.0.0.1", 0)
    async with ClientSession(f"http://127.0.0.1:{port}") as browser:
        token = new_user(app)
        assert await Phone(browser, token)(text="你好")
        forged = token[:-2] + ("a" if token[-2] != "a" else "b") + token[-1]  # two bits of the last one mean nothing
        for user in ("resident", forged, new_user(app).split(".")[0]):
            async with browser.post("/webchat/messages", json={"user": user, "id": "1", "text": "a"}) as answer:
                assert answer.status == 403
    await runner.cleanup()
    await app.stop()


async def test_in_service_the_web_chat_is_off_unless_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = await parts.start(load(data_dir=tmp_path / "data"))
    runner, port = await listen(app, "127.0.0.1", 0)
    async with (
        ClientSession(f"http://127.0.0.1:{port}") as browser,
        browser.post("/webchat/messages", json={"user": "resident", "id": "1", "text": "a"}) as answer,
    ):
        assert answer.status == 404
    await runner.cleanup()
    await app.stop()


def row(number: int, state: str) -> Outgoing:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return Outgoing(number, 7, None, f"p{number}", (), "task", 2, 0, (), 1, at, None, 0, state)


def test_a_push_held_overnight_is_told_though_a_later_one_went_first() -> None:
    told = Told(0)
    assert [out.id for out in told.news([row(1, "waiting"), row(2, "sent")], 99)] == [2]
    assert told.after == 0
    assert [out.id for out in told.news([row(1, "sent"), row(2, "sent"), row(3, "sent")], 99)] == [1, 3]
    assert told.after == 3
    assert told.news([], 99) == []


def test_a_lower_id_may_still_appear_for_a_while() -> None:
    told = Told(0)
    assert [out.id for out in told.news([row(5, "sent")], 3)] == [5]
    assert told.after == 3
    assert [out.id for out in told.news([row(4, "sent"), row(5, "sent")], 9)] == [4]
    assert told.after == 5
