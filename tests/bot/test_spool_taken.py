"""The spool of a host that is gone for good comes to another one: in order, once, whatever is damaged in it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.gateway import Gateway
from bot.metrics import Metrics
from bot.spool import Spool, opened
from bot.spool_taken import NotTaken, Taken, take
from handlers.policy import Policy
from handlers.router import decide
from handlers.types import Inbound, Sender
from nlp.register import EMPTY
from storage import crypto, schema
from storage.engine import Database
from storage.turns import Turns
from tests.commands import cli
from tests.storage.kit import rows

NOW = datetime(2026, 6, 8, tzinfo=UTC)
SECRET = "k" * 32


def message(number: int, *, days: float = 0.0) -> Inbound:
    at = NOW - timedelta(days=days) + timedelta(seconds=number)
    return Inbound(Sender("webchat", "-", "anna"), f"m:{number}", at, text=f"第{number}句")


@pytest.fixture
def dead(tmp_path: Path) -> Path:
    """The data directory of a host that died: of two processes, with a half line, a damaged one and an old one."""
    crypto.use(crypto.Keyring(SECRET))
    first, second = opened(tmp_path / "dead", "pfirst"), opened(tmp_path / "dead", "psecond")
    second.add(message(2), message(4))
    first.add(message(1), message(3))
    first.add(message(5), message(0, days=8))
    first.add(message(6), stuck=True)
    lines = first.path.read_bytes().split(b"\n")
    lines[2] = lines[2][:40] + b"\x00\xff" + lines[2][42:]  # message 5
    first.path.write_bytes(b"\n".join([*lines[:-1], b"half a li"]))
    first.close()
    second.close()
    return tmp_path / "dead"


def test_taken_once_and_in_order_by_whichever_lives(dead: Path, tmp_path: Path) -> None:
    living = opened(tmp_path / "here", "pliving")
    living.add(message(7))
    command = Spool(tmp_path / "here" / "spool" / "messages.jsonl")
    assert take(command, dead, NOW) == Taken(messages=4, broken=1, old=1, stuck=1)
    assert living.waiting() == [message(number) for number in (1, 2, 3, 4, 7)]
    assert living.stuck_count() == 3
    with pytest.raises(NotTaken, match="已经收过了"):
        take(command, dead, NOW)
    assert living.count() == 5


def test_nothing_is_touched_where_it_would_be_wrong(dead: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in (dead / "spool").iterdir()}
    with pytest.raises(NotTaken, match="这就是本机"):
        take(Spool(dead / "spool" / "messages.jsonl"), dead, NOW)
    here = Spool(tmp_path / "here" / "messages.jsonl")
    holder = opened(dead, "pfirst")
    with pytest.raises(NotTaken, match="还有进程在用"):
        take(here, dead, NOW)
    holder.close()
    crypto.use(crypto.Keyring("o" * 32))
    with pytest.raises(NotTaken, match="密钥不同"):
        take(here, dead / "spool", NOW)
    assert here.count() == here.stuck_count() == 0
    after = {path.name: path.read_bytes() for path in (dead / "spool").iterdir()}
    assert {name: after[name] for name in before if not name.endswith(".owner")} == {
        name: said for name, said in before.items() if not name.endswith(".owner")
    }


async def test_two_copies_of_the_same_disk_have_one_effect(dead: Path, tmp_path: Path, database: Database) -> None:
    shutil.copytree(dead, tmp_path / "copy")
    crypto.use(crypto.Keyring(SECRET))
    here = opened(tmp_path / "here", "pliving")
    turns = Turns(database, decide, Policy(), threads=1)
    door = Gateway(turns, here, lambda: EMPTY, Policy(), Metrics(), lambda: NOW)
    command = Spool(tmp_path / "here" / "spool" / "messages.jsonl")
    left: list[list[int]] = []
    for source in (dead, tmp_path / "copy"):
        assert take(command, source, NOW).messages == 4
        assert await door.replay() == 4
        left.append([row.id for row in rows(database, schema.outbox)])
    turns.close(20)
    assert [row.key for row in rows(database, schema.inbox)] == ["m:1", "m:2", "m:3", "m:4"]
    assert left[0] == left[1] != []


def test_the_command_says_what_it_did(dead: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUSHE_DATA_DIR", str(tmp_path / "here"))
    monkeypatch.setenv("JUSHE_SECRET_KEY", SECRET)
    Spool(dead / "spool" / "messages.jsonl").add(replace(message(9), at=datetime.now(UTC)))
    done = CliRunner().invoke(cli, ["spool", "--take", str(dead)])
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "收下 1 条，服务会在几秒内按先后处理。",
        "另存 2 条：1 条读不出来，1 条在那边就出错。",
        "另存 5 条太旧的：可能早已办过。要办的话运行 jushe spool --retry。",
        "等待 1 条，出错 7 条。",
    ]
    again = CliRunner().invoke(cli, ["spool", "--take", str(dead)])
    assert (again.exit_code, "已经收过了" in again.output) == (2, True)
