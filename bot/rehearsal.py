"""A backup tried out beside the living database: put back, brought to this version, read and audited, thrown away."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot import backups
from bot.backups import BackupFailed
from storage import chain, ledger_audit, volunteer_audit
from storage.chain import ChainBroken
from storage.crypto import CannotOpen
from storage.engine import Database, open_database
from storage.migrations import NewerDatabase
from storage.schema import facts, inbox, persons, tickets

_SAMPLE = 50  # sealed values of a table that are opened


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a backup that can be put back."""

    tickets: int
    messages: int
    facts: int
    sealed: int  # of the facts, in the chain

    @property
    def words(self) -> str:
        return (
            f"{self.tickets} 张工单、{self.messages} 条消息、{self.facts} 条记录（记录链 {self.sealed} 条没有被改过）"
        )


def rehearse(file: Path, url: str, secret: str, previous: tuple[str, ...] = ()) -> Found:
    """Put `file` back into a database of its own and look at it; the living one is not touched.

    Raises BackupFailed: it cannot be put back, was written by a newer program, the key does not open it, the chain
    of records is broken, or points and hours do not add up.
    """
    with _beside(url) as beside:
        backups.load(file, beside)
        db = open_database(beside, secret, previous)
        try:
            db.migrate()
            return _looked_at(db)
        except NewerDatabase:
            raise BackupFailed("备份是更新版本的程序写的，请先升级 jushe") from None
        except CannotOpen:
            raise BackupFailed("备份里的个人信息读不出来：密钥不是备份时的那个") from None
        except ChainBroken as broken:
            raise BackupFailed(f"备份里的记录链在第 {broken.position} 条断了") from None
        finally:
            db.close()


def _looked_at(db: Database) -> Found:
    with db.reading() as conn:  # the key first: under another one nothing else can be right
        for table, column in ((persons, persons.c.name), (inbox, inbox.c.replies)):
            conn.execute(select(column).select_from(table).limit(_SAMPLE)).all()
    sealed = chain.verify(db)
    if wrong := [*ledger_audit.findings(db), *volunteer_audit.findings(db)]:
        raise BackupFailed(f"备份里的账对不上：{wrong[0]}")
    with db.reading() as conn:
        counts = [
            conn.execute(select(func.count()).select_from(table)).scalar_one() for table in (tickets, inbox, facts)
        ]
    return Found(counts[0], counts[1], counts[2], sealed)


@contextmanager
def _beside(url: str) -> Iterator[str]:
    """The address of an empty database that is gone afterwards."""
    if url.startswith("sqlite"):
        with tempfile.TemporaryDirectory(prefix="jushe-rehearsal-") as folder:
            yield f"sqlite:///{Path(folder) / 'jushe.db'}"
        return
    name = f"jushe_rehearsal_{secrets.token_hex(4)}"
    _statement(url, f"CREATE DATABASE {name}")
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        _statement(url, f"DROP DATABASE {name} WITH (FORCE)")


def _statement(url: str, words: str) -> None:
    from sqlalchemy import create_engine  # a plain connection: these statements stand in no transaction

    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as conn:
            conn.execute(text(words))
    except DBAPIError as error:
        raise BackupFailed(
            f"试恢复要建一个临时数据库，没有成功（{type(error.orig).__name__}）。请给数据库用户 CREATEDB 权限"
        ) from None
    finally:
        engine.dispose()
