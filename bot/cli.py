"""The command `jushe`: which commands there are, and how each fails: one clear line, exit status 2."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.settings import SettingsError

# Which module holds which commands: only the module of the command that is asked for is loaded, so that the service
# does not carry what trains models or writes spreadsheets.
PARTS: dict[str, tuple[str, ...]] = {
    "run": ("demo", "serve", "migrate"), "chat": ("chat",), "words": ("understand",), "teach": ("teach",),
    "learn": ("train", "eval"), "model": ("model",), "hot": ("hot",), "data": ("import", "export"),
    "staff": ("staff", "leaders"), "doctor": ("doctor",),
    "ops": ("backup", "restore", "rekey", "spool", "qrcode", "menu"), "archive": ("archive",),
    "numbers": ("numbers",), "token": ("token",),
}  # fmt: skip


def program(command: str = "") -> typer.Typer:
    """The command line with the part that holds `command`; with all of them when none does."""
    cli = typer.Typer(
        name="jushe",
        help="居社通：居民与社区在聊天里说上话。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    cli.callback()(_nothing)  # a program with a single command would lose that command's name
    for part in [part for part, commands in PARTS.items() if command in commands] or PARTS:
        import_module(f"bot.commands.{part}").register(cli)
    return cli


def _nothing() -> None:
    pass


def main() -> None:
    """Entry point of `jushe` and `python -m bot`."""
    try:
        status = program(*sys.argv[1:2])(standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        _fail("已中断。")
    except SettingsError as error:
        _fail(*error.lines)
    except BrokenPipeError:
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - told, or raised again
        # What a wrong command line raises has this method, in every version of typer.
        if message := getattr(error, "format_message", None):
            _fail(message())
        _told(error)
    sys.exit(status if isinstance(status, int) else 0)


def _told(error: Exception) -> NoReturn:
    """One line for what an operator can put right; what is our own mistake keeps its traceback."""
    from bot.troubles import trouble  # loaded only when something is wrong
    from storage.crypto import CannotOpen
    from storage.migrations import NewerDatabase

    if isinstance(error, DBAPIError):
        _fail(f"数据库：{trouble(error)}。")
    if isinstance(error, NewerDatabase | CannotOpen):
        _fail(trouble(error))
    if isinstance(error, SQLAlchemyError):
        _fail("数据库打不开或还没有建好。运行 jushe doctor 看看是哪里的问题。")
    if not isinstance(error, OSError | ValueError | RuntimeError):
        raise error
    named = isinstance(error, OSError) and error.errno is not None
    _fail(trouble(error) if named else str(error) or type(error).__name__)


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    sys.exit(2)
