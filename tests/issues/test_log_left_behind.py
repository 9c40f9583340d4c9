"""A command run in the tests' own process set up the log for the tests after it, on a stream closed by then."""

from __future__ import annotations

import logging

import pytest
import structlog

from bot import logs

LOG = structlog.get_logger("left behind")


@pytest.mark.parametrize("sets_up", [True, False], ids=["who sets up the log", "who comes after"])
def test_the_log_is_as_it_was(sets_up: bool, capsys: pytest.CaptureFixture[str]) -> None:
    if sets_up:
        logs.set_up("INFO", "json")
    LOG.info("said", by="me")
    said = capsys.readouterr()
    assert "by" in (said.err if sets_up else said.out)
    assert "Logging error" not in said.err
    assert sets_up == any(
        isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter) for handler in logging.getLogger().handlers
    )
