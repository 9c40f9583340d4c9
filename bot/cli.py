"""The command `jushe`: which commands there are, and how each fails: one clear line, exit status 2."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.commands import archive, chat, data, doctor, hot, learn, model, numbers, ops, run, staff, teach, token, words
from bot.settings import SettingsError

cli = typer.Typer(
    name="jushe",
    help="居社通：居民与社区在聊天里说上话。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for part in (run, chat, words, teach, learn, model, hot, data, staff, doctor, ops, archive, numbers, token):
    part.register(cli)


def main() -> None:
    """Entry point of `jushe` and `python -m bot`."""
    try:
        status = cli(standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        _fail("已中断。")
    except SettingsError as error:
        _fail(*error.lines)
    except BrokenPipeError:
        sys.exit(2)
    except Exception as error:
        # What a wrong command line raises has this method, in every version of typer.
        if message := getattr(error, "format_message", None):
            _fail(message())
        if isinstance(error, SQLAlchemyError):
            _fail("数据库打不开或还没有建好。运行 jushe doctor 看看是哪里的问题。")
        if not isinstance(error, OSError | ValueError | RuntimeError):
            raise
        _fail(str(error) or type(error).__name__)
    sys.exit(status if isinstance(status, int) else 0)


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    sys.exit(2)
