"""The jobs: photos of a platform, photos of erased people, runs that are recorded, logs that tell nothing."""

from __future__ import annotations

import asyncio
import io
import logging
import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from PIL import Image
from sqlalchemy import insert, select, update

from bot import app as parts
from bot import logs, media
from bot.app import App
from bot.channels.base import SendFailed
from bot.images import place
from bot.jobs import JOBS
from bot.settings import load
from bot.ticking import Job, Jobs
from storage import jobs, places, schema
from storage.ids import new_id
from tests.bot.sounds import amr
from tests.demo import demo_in


@pytest.fixture
async def still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """The demo without its clockwork: a test runs each job itself."""
    monkeypatch.chdir(tmp_path)
    return await parts.start(load(data_dir=demo_in(tmp_path / "data")), demo=True, ticking=False)


@dataclass
class Source:
    """A platform that holds photos."""

    answers: list[bytes | Exception] = field(default_factory=list)
    content_type: str = "image/jpeg"
    asked: list[str] = field(default_factory=list)

    async def fetch_media(self, ref: str) -> tuple[bytes, str]:
        self.asked.append(ref)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer, self.content_type


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "green").save(out, "PNG")
    return out.getvalue()


def wanted(app: App, ref: str = "wechat:M1", kind: str = "photo") -> int:
    row = new_id()
    with app.db.writing() as conn:
        conn.execute(
            insert(schema.media).values(
                id=row, ticket=1, person=1, kind=kind, ref=ref, state="wanted", next_at=app.clock(), at=app.clock()
            )
        )
    return row


def state(app: App, row: int) -> tuple[str, str | None, int]:
    with app.db.reading() as conn:
        found = conn.execute(
            select(schema.media.c.state, schema.media.c.file, schema.media.c.attempts).where(schema.media.c.id == row)
        ).one()
    return found.state, found.file, found.attempts


async def test_a_photo_is_fetched_after_two_failures(still: App) -> None:
    source = Source([SendFailed("-1", retry=True), TimeoutError(), photo()])
    still.media_sources["wechat"] = source
    row, now = wanted(still), still.clock()
    for step in range(3):
        assert await media.fetch(still, now + timedelta(hours=step)) == (step == 2)
    name = state(still, row)[1]
    assert state(still, row)[0] == "stored"
    assert name is not None
    assert place(still.media_folder, name).read_bytes()[:2] == b"\xff\xd8"
    assert source.asked == ["M1"] * 3
    await still.stop()


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([SendFailed("40007")], "photo"),
        ([b"<html>"], "photo"),
        ([b"#!AMR" * 600_000], "voice"),
        ([SendFailed("-1", retry=True)] * 6, "photo"),
    ],
)
async def test_what_cannot_be_had_is_lost_and_no_more_asked_for(
    still: App, answers: list[bytes | Exception], kind: str
) -> None:
    source = Source(list(answers), "audio/amr" if kind == "voice" else "image/jpeg")
    still.media_sources["wechat"] = source
    row, now = wanted(still, kind=kind), still.clock()
    for step in range(10):
        await media.fetch(still, now + timedelta(hours=3 * step))
    assert state(still, row)[0] == "lost"
    assert len(source.asked) == len(answers)
    await still.stop()


@pytest.mark.parametrize(
    ("given", "content_type", "ending", "begins"),
    [(amr(1), "audio/amr", "mp3", b"\xff"), (b"frames of speex", "voice/speex", "speex", b"frames")],
    ids=["heard in every browser", "kept as it came"],
)
async def test_a_voice_of_a_platform(
    still: App, given: bytes, content_type: str, ending: str, begins: bytes
) -> None:  # fmt: skip
    still.media_sources["wechat"] = Source([given], content_type)
    row = wanted(still, kind="voice")
    await media.fetch(still, still.clock())
    stored, name, _ = state(still, row)
    assert stored == "stored"
    assert name is not None
    assert name.endswith(f".{ending}")
    assert place(still.media_folder, name).read_bytes().startswith(begins)
    await still.stop()


async def test_photos_of_the_erased_leave_the_disk_unless_another_ticket_shows_them(still: App) -> None:
    still.media_sources["wechat"] = Source([photo(), photo()])
    rows = wanted(still), wanted(still)
    await media.fetch(still, still.clock())
    name = state(still, rows[0])[1]
    assert name == state(still, rows[1])[1]
    assert name is not None
    for row, there in zip(rows, (True, False), strict=True):
        with still.db.writing() as conn:
            conn.execute(update(schema.media).where(schema.media.c.id == row).values(state="erased"))
        await asyncio.to_thread(media.forget_erased, still)
        assert place(still.media_folder, name).exists() is there
        assert state(still, row)[1] is None
    await still.stop()


async def test_photos_that_became_part_of_nothing_are_swept_after_two_days(still: App) -> None:
    old, new = await media.keep_photo(still, photo()), None
    out = io.BytesIO()
    Image.new("RGB", (41, 40), "blue").save(out, "PNG")
    new = await media.keep_photo(still, out.getvalue())
    at = (still.clock() - timedelta(days=3)).timestamp()
    os.utime(place(still.media_folder, old), (at, at))
    assert await asyncio.to_thread(media.forget_unused, still, still.clock()) == 1
    assert not place(still.media_folder, old).exists()
    assert place(still.media_folder, new).exists()
    await still.stop()


async def test_every_job_runs_and_is_recorded(still: App) -> None:
    table = Jobs(JOBS)
    for job in JOBS:
        await table.run(still, job)
    rows = jobs.last(still.db)
    assert {row.name for row in rows} == {job.name for job in JOBS}
    assert all(row.ok for row in rows), rows
    await still.stop()


async def test_a_failing_job_is_told_and_comes_again(still: App, caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_: App) -> int:
        raise ValueError("王秀英 13800001111")

    with caplog.at_level(logging.DEBUG):
        await Jobs(JOBS).run(still, Job("timers", 1, broken))
    [row] = [row for row in jobs.last(still.db) if row.name == "timers"]
    assert (row.ok, row.result.partition(" ")[0]) == (False, "ValueError")
    assert "王秀英" not in caplog.text + row.result
    assert 'jushe_job_ok{job="timers"} 0.0' in still.metrics.text().decode()
    await still.stop()


async def test_a_changed_register_is_read_again(still: App) -> None:
    before = still.register
    assert await still.refresh_register() is False
    with still.db.writing() as conn:
        conn.execute(update(schema.estates).values(aliases=["新名"]))
        places.bump_version(conn)
    assert await still.refresh_register() is True
    assert still.register is not before
    assert still.register.estates[0].aliases == ("新名",)
    await still.stop()


def test_the_log_masks_what_should_never_have_been_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    structlog.get_logger("t").info("phone 13800001111", user="oia2TjjewbmiOUlr6X-1crbLOvLw", ticket=202606010001)
    logging.getLogger("other").warning("id %s", "330483194905051234")
    out = capsys.readouterr().err
    assert "13800001111" not in out
    assert "oia2Tjj" not in out
    assert "194905" not in out
    assert "202606010001" in out
    assert out.count("***") == 3
