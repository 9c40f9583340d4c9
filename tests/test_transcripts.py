"""Every behaviour a person can see, compared whole: through the core, and through the gateway on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from bot.gateway import Gateway
from bot.metrics import Metrics
from bot.spool import Spool
from handlers.policy import Policy
from storage import sample
from storage.engine import Database
from storage.places import load_register
from tests.talk import Talk, core, make_turns, scripts


@pytest.fixture
async def talk(database: Database, tmp_path: Path, through: str) -> AsyncIterator[Talk]:
    sample.seed(database, now=Talk.now)
    with database.reading() as conn:
        register = load_register(conn)
        names = _names(conn)
        plates = {f"{row.estate}{row.building}{row.word}": f"g1.{row.qr}" for row in conn.execute(text(_PLATES))}
    turns = make_turns(database)
    holder: list[Talk] = []
    if through == "core":
        receive = core(turns, register, holder)
    else:
        gateway = Gateway(
            turns, Spool(tmp_path / "spool"), lambda: register, Policy(messages_per_minute=1000),
            Metrics(CollectorRegistry()), lambda: holder[0].now,
        )  # fmt: skip
        receive = gateway.receive
    holder.append(Talk(database, register, receive, turns, names, plates))
    yield holder[0]
    turns.close(5)


_PLATES = """
SELECT e.name AS estate, b.name AS building, e.word AS word, b.qr AS qr
FROM buildings b JOIN estates e ON e.id = b.estate
"""


def _names(conn: object) -> dict[int, str]:
    from sqlalchemy import select

    from storage.schema import persons

    rows = conn.execute(select(persons.c.id, persons.c.name)).all()  # type: ignore[attr-defined]
    return {row.id: row.name or "居民" for row in rows}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "script" in metafunc.fixturenames:
        metafunc.parametrize("script", scripts(), ids=lambda path: path.stem)


@pytest.fixture(params=["core", "gateway"])
def through(request: pytest.FixtureRequest, database: Database) -> str:
    if request.param == "core" and database.dialect == "postgresql":
        pytest.skip("the core alone needs no second database")
    return str(request.param)


@pytest.fixture
def expected(script: Path) -> str:
    return script.read_text(encoding="utf-8")


async def test_transcript(talk: Talk, expected: str, written: Callable[[str], bool]) -> None:
    happened = await talk.run(expected)
    assert written(happened) or happened == expected


@pytest.fixture
def written(script: Path, request: pytest.FixtureRequest) -> Callable[[str], bool]:
    """With --update the file is what really happened: to be read before it is committed."""

    def write(happened: str) -> bool:
        if request.config.getoption("--update"):
            script.write_text(happened, encoding="utf-8")
        return bool(request.config.getoption("--update"))

    return write
