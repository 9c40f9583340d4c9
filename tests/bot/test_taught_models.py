"""What the desk taught is heard: in versions, switched by a command, taken up by the program as it runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner

import nlp
from bot import app as parts
from bot.jobs import JOBS
from bot.learning import versions
from bot.learning.fit import learn
from bot.learning.models import write_model
from bot.settings import load
from handlers.types import Inbound, Sender
from nlp import local
from nlp.linear import BadModel, Model
from storage.engine import Database
from storage.ids import new_id
from storage.learning import taught
from storage.schema import examples
from tests.commands import cli
from tests.importing.street import NOW

LIFT, PIPE = "绿柜子那边怪怪的", "大白管子晃来晃去"
ENDS = ("", "了", "好几天了", "没人管", "吵死了", "谁来看看", "还是老样子", "白天晚上都是", "快来人", "又来了")
TAUGHT = [(f"{words}{end}", code) for words, code in ((LIFT, "0403"), (PIPE, "0302")) for end in ENDS for _ in "ab"]


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    local.use({})
    yield
    local.use({})


def model_of(rows: list[tuple[str, str]]) -> Model:
    return Model(learn([text for text, _ in rows], [label for _, label in rows]).learned)


def keep(db: Database, kind: str, rows: list[tuple[str, str]]) -> None:
    with db.writing() as conn:
        for at, (words, label) in enumerate(rows):
            values = {"id": new_id(), "what": kind, "ticket": at, "words": words, "was": "99", "label": label}
            conn.execute(insert(examples).values(values | {"person": 1, "at": NOW}))


def test_heard_only_where_the_shipped_reading_is_unsure_or_agrees() -> None:
    said = f"3幢2单元{LIFT}"
    lamp = nlp.understand("楼道灯坏了").issues[0]
    assert nlp.understand(said).category == ""
    local.use({"category": model_of([*TAUGHT, *((f"楼道灯坏了{end}", "0302") for end in ENDS)])})
    heard = nlp.understand(said)
    assert (heard.category, heard.issues[0].category) == ("0403", "0403")
    assert heard.issues[0].score >= local.TRUST
    assert nlp.understand("楼道灯坏了").issues[0] == lamp  # sure of itself, whatever was taught
    local.use({"category": model_of([*TAUGHT, *((f"楼道灯坏了{end}", "0201") for end in ENDS)])})
    assert nlp.understand("楼道灯坏了").issues[0].score >= lamp.score


def test_words_it_never_saw_and_danger_are_read_as_shipped() -> None:
    texts = ("3幢着火了快来人", "电梯里困了人", "明天有什么活动", "办结 0017 绿柜子那边怪怪的", "谢谢你")
    before = [nlp.understand(text) for text in texts]
    rows = [(f"{text}{end}", label) for text, label in ((texts[0], "0302"), (texts[1], "0302")) for end in ENDS]
    local.use({"category": model_of([*TAUGHT, *rows])})
    assert [nlp.understand(text) for text in texts] == before


def test_an_intent_is_corrected_the_same_way() -> None:
    consult = [(f"{LIFT}{end}", "consult") for end in ENDS]
    local.use({"intent": model_of([*consult, *((f"{PIPE}{end}", "complaint_service") for end in ENDS)])})
    assert nlp.understand(f"3幢2单元{LIFT}").intent == "consult"
    assert nlp.understand("楼道灯坏了").intent == "report_issue"
    assert nlp.understand("3幢着火了").intent == "emergency"
    local.use(
        {"intent": model_of([*((f"{LIFT}{end}", "emergency") for end in ENDS), *consult[:1], ("灯", "consult")])}
    )
    assert nlp.understand(LIFT).urgency == "normal"
    assert nlp.understand(LIFT).intent != "emergency"


def test_versions_follow_one_another(tmp_path: Path) -> None:
    learned = learn([text for text, _ in TAUGHT], [label for _, label in TAUGHT]).learned
    assert versions.mark(tmp_path) == "category-0 intent-0"
    assert versions.put(tmp_path, "category", learned) == "category-1"
    assert versions.put(tmp_path, "category", learned) == "category-2"
    assert versions.choose(tmp_path, "category-0") == "category-0"
    assert versions.load(tmp_path) == ({}, [])
    assert versions.put(tmp_path, "category", learned) == "category-3"
    assert [one.name for one in versions.versions(tmp_path) if one.used] == ["category-3", "intent-0"]
    for name in ("category-9", "intent-1", "../category-1", ""):
        with pytest.raises(ValueError, match="没有模型"):
            versions.choose(tmp_path, name)
    versions.file(tmp_path, "category", 3).write_bytes(b"PK\x03\x04")
    models, problems = versions.load(tmp_path)
    assert models == {}
    assert problems[0].startswith("category-3: ")
    write_model(versions.file(tmp_path, "intent", 1), learned)
    with pytest.raises(BadModel, match="不是意图的模型"):
        versions.choose(tmp_path, "intent-1")


async def test_the_running_program_takes_up_what_was_taught(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On both databases: corrections, `train --from-desk`, a tick of the job, another answer; and back again."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUSHE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUSHE_DATABASE_URL", database_url.replace("postgresql://", "postgresql+psycopg://"))
    monkeypatch.setenv("JUSHE_SECRET_KEY", "k" * 40)
    app = await parts.start(load(), demo=True, ticking=False)
    job = next(job for job in JOBS if job.name == "models")
    count = 0

    async def answer(name: str) -> str:
        nonlocal count
        count += 1
        sender = Sender("webchat", "-", name)
        replies = await app.gateway.receive(Inbound(sender, str(count), app.clock(), text=f"学府花园3幢2单元{LIFT}"))
        return "\n".join([reply.text + "".join(f" [{one.label}]" for one in reply.choices) for reply in replies])

    try:
        told = await answer("王秀英")
        assert "我没看明白" in told
        assert "停电/跳闸" not in told
        keep(app.db, "category", [(f"学府花园{at}幢{words}", code) for at, (words, code) in enumerate(TAUGHT, 1)])
        assert taught(app.db, "intent") == []
        assert await job.run(app) == 0
        trained = CliRunner().invoke(cli, ["train", "--from-desk"])
        assert trained.exit_code == 0, trained.output
        assert "已换上 category-1" in trained.output
        assert "改过的意图还太少" in trained.output
        assert await job.run(app) == 1
        assert await job.run(app) == 0
        assert "停电/跳闸" in await answer("李建国")
        assert nlp.understand(LIFT).category == "0403"
        assert CliRunner().invoke(cli, ["model", "use", "category-0"]).exit_code == 0
        assert await job.run(app) == 1
        assert nlp.understand(LIFT).category == ""
    finally:
        await app.stop()


def test_the_commands_name_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUSHE_DATA_DIR", str(tmp_path))
    run = CliRunner().invoke
    versions.put(tmp_path / "models", "category", learn(*map(list, zip(*TAUGHT, strict=True))).learned)
    told = run(cli, ["model", "list"]).output
    assert "* category-1" in told
    assert "* intent-0" in told
    rows = json.loads(run(cli, ["model", "list", "--json"]).stdout)
    assert [(row["name"], row["used"]) for row in rows if row["kind"] == "category"] == [
        ("category-0", False),
        ("category-1", True),
    ]
    assert "几秒内换上" in run(cli, ["model", "use", "category-0"]).output
    refused = run(cli, ["model", "use", "category-7"])
    assert refused.exit_code == 2
    assert "没有模型「category-7」。有：category-0、category-1、intent-0。" in refused.output
    assert "jushe model use" in run(cli, ["train", "--back"]).output
    assert "请用 --out" in run(cli, ["train", "x.csv"]).output


async def test_the_desk_says_what_was_meant(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On both databases: two corrections by chat are kept, the last counts, `train --from-desk` learns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUSHE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUSHE_DATABASE_URL", database_url.replace("postgresql://", "postgresql+psycopg://"))
    monkeypatch.setenv("JUSHE_SECRET_KEY", "k" * 40)
    app = await parts.start(load(), demo=True, ticking=False)
    talk = (
        ("resident", "学府花园3幢2单元楼道灯坏了"), ("resident", "对"), ("desk", "0001 不是报事，是投诉"),
        ("desk", "改意图 0001 别的"), ("resident", "改意图 0001 咨询"), ("desk", "改意图 0001 咨询。"),
        ("desk", "0001 不是漏水是渗水"),
    )  # fmt: skip
    try:
        told = []
        for at, (name, words) in enumerate(talk):
            inbound = Inbound(Sender("webchat", "-", name), str(at), app.clock(), text=words)
            told.append("".join(reply.text for reply in await app.gateway.receive(inbound)))
        assert "0001记为「投诉」" in told[2]
        assert "0001是哪一种" in told[3]
        assert "0001记为「咨询」" in told[5]
        with app.db.reading() as conn:
            kept = conn.execute(select(examples.c.what, examples.c.was, examples.c.label)).all()
        assert [tuple(row) for row in kept] == [
            ("intent", "report_issue", "complaint_service"),
            ("intent", "report_issue", "consult"),
        ]
        assert taught(app.db, "intent") == [(talk[0][1], "consult")]
        assert (
            nlp.matter(talk[0][1], app.register) == "楼道灯坏了"
        )  # learned from, and asked about, without the address
        assert taught(app.db) == []
        rows = [(f"{LIFT}{end}", "consult") for end in ENDS] + [(f"{PIPE}{end}", "complaint_service") for end in ENDS]
        keep(app.db, "intent", [*rows, *((f"又来{text}", label) for text, label in rows)])
        assert nlp.understand(LIFT).intent != "consult"
        trained = CliRunner().invoke(cli, ["train", "--from-desk", "--json"])
        assert json.loads(trained.stdout)["intent"]["name"] == "intent-1"
        assert await app.refresh_taught()
        assert nlp.understand(LIFT).intent == "consult"
    finally:
        await app.stop()
