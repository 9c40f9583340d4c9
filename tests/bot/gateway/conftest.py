"""Turns that answer when told to, and a spool in the test's own folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.spool import Spool
from storage import crypto
from tests.bot.gateway.kit import FakeTurns


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> FakeTurns:
    monkeypatch.setattr("bot.promises.REST", 0.0)
    crypto.use(crypto.Keyring("k" * 32))
    return FakeTurns()


@pytest.fixture
def spool(tmp_path: Path, turns: FakeTurns) -> Spool:
    return Spool(tmp_path / "messages.jsonl")
