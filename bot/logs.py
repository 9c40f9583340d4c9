"""Log lines, as text or JSON; masks what looks like a person's data even if somebody logs it by mistake."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import Literal

import structlog
from sqlalchemy.exc import DBAPIError
from structlog.types import EventDict, Processor, WrappedLogger

from nlp import pii

_WHY = 160  # characters of a driver's first line
_OPENID = re.compile(r"(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])")


def mask(text: str) -> str:
    """`text` with telephones, identity numbers and OpenIDs replaced by ***."""
    return pii.mask(_OPENID.sub("***", text))


def _masked(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = mask(value)
    return event


def where(error: BaseException) -> str:
    """Type and place of an error, innermost two frames: its message may hold a person's words, so it stays out.

    Of a connection to the database that did not come about it is told: nobody has said anything there yet.
    """
    frames = traceback.extract_tb(error.__traceback__)[-2:]
    places = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    why = ""
    if isinstance(error, DBAPIError) and error.statement is None:
        why = next(iter(str(error.orig).strip().splitlines()), "")[:_WHY]
    return f"{type(error).__name__} at {places or 'unknown'}" + (f": {why}" if why else "")


def set_up(level: str = "INFO", form: Literal["text", "json"] = "text") -> None:
    """One handler on standard error for structlog's and the standard library's loggers alike."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _masked,
                last,
            ],
        )
    )
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old.formatter, structlog.stdlib.ProcessorFormatter):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for noisy in ("apscheduler", "alembic", "sqlalchemy", "jieba", "PIL", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))


def started(address: str, port: int) -> None:
    """The line by which a collector knows that a process is up."""
    structlog.get_logger("server").info("started", address=address, port=port)
