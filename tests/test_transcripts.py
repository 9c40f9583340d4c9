"""Every behaviour a person can see, compared whole: through the core, and through the gateway on each database."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select

import nlp
from bot.gateway import Gateway
from bot.metrics import Metrics
from bot.spool import Spool
from handlers.policy import Policy
from storage.engine import Database, open_database
from storage.places import load_register
from storage.schema import buildings, estates, persons
from tests.conftest import SECRET
from tests.talk import Talk, core, make_turns, scripts

_numbers = itertools.count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "script" in metafunc.fixturenames:
        metafunc.parametrize("script", scripts(), ids=lambda path: path.stem)


@pytest.fixture(scope="module", autouse=True)
def _words(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The program loads them when it starts; here the first question would wait for them."""
    nlp.warm(str(tmp_path_factory.getbasetemp()))


@pytest.fixture
def core_town(sqlite_sample: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "town.db"
    shutil.copyfile(sqlite_sample, path)
    db = open_database(f"sqlite:///{path}", SECRET)
    yield db
    db.close()


@pytest.fixture
def expected(script: Path) -> str:
    return script.read_text(encoding="utf-8")


@pytest.fixture
def written(script: Path, request: pytest.FixtureRequest) -> Callable[[str], bool]:
    """With --update the file is what really happened: to be read before it is committed."""

    def write(happened: str) -> bool:
        if request.config.getoption("--update"):
            script.write_text(happened, encoding="utf-8")
        return bool(request.config.getoption("--update"))

    return write


def _talk(db: Database, spool: Path | None) -> Talk:
    with db.reading() as conn:
        register = load_register(conn)
        names = {row.id: row.name or "居民" for row in conn.execute(select(persons.c.id, persons.c.name))}
        plated = select(estates.c.name, estates.c.word, buildings.c.name.label("building"), buildings.c.qr)
        rows = conn.execute(plated.join(estates, estates.c.id == buildings.c.estate)).all()
    plates = {f"{row.name}{row.building}{row.word}": f"g1.{row.qr}" for row in rows}
    turns = make_turns(db)
    holder: list[Talk] = []
    if spool is None:
        receive = core(turns, register, holder)
    else:
        policy, metrics = Policy(messages_per_minute=1000), Metrics(CollectorRegistry())
        gateway = Gateway(turns, Spool(spool), lambda: register, policy, metrics, lambda: holder[0].now)
        receive = gateway.receive
    holder.append(Talk(db, register, receive, turns, names, plates))
    return holder[0]


async def test_through_the_core(core_town: Database, expected: str, written: Callable[[str], bool]) -> None:
    talk = _talk(core_town, None)
    try:
        happened = await talk.run(expected)
    finally:
        talk.turns.close(5)
    assert written(happened) or happened == expected


async def test_through_the_gateway(sampled: Database, expected: str, tmp_path: Path) -> None:
    talk = _talk(sampled, tmp_path / "spool")
    try:
        happened = await talk.run(expected)
    finally:
        talk.turns.close(5)
    assert happened == expected
