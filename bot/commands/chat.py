"""`jushe chat`: talk with the sample community in a terminal; can write the talk down as a transcript test."""

from __future__ import annotations

import asyncio
import io
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from PIL import Image

from bot import logs
from bot.channels.webchat import REFUSED
from bot.commands.script import SPEAKERS, Script, speaker
from bot.gateway import Late
from bot.images import BadMedia
from bot.media import keep_photo, keep_voice
from bot.settings import Settings, load
from handlers.tickets.clock import SHANGHAI
from handlers.types import Inbound, Media, Pin, Sender
from storage import identities, land
from storage.ids import new_id
from storage.queue import Outgoing

if TYPE_CHECKING:
    from bot.app import App

_EVENTS = {"关注": "follow", "取消关注": "unfollow", "扫码": "scan", "菜单": "menu"}
_EVENT = re.compile(r"\[(关注|取消关注|扫码|菜单) ?(.*)\]")
_PIN = re.compile(r"\[定位 (-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?: 差(\d+)米)?\]")
_FILE = re.compile(r"\[(照片|语音) ?([^\]]*)\]")
_SILENCE = b"#!AMR\n" + (b"\x04" + bytes(12)) * 50  # a second in which nobody speaks, as a phone records it
HELP = (
    "直接写话，回车发送。换个人说：@leader 接单，也可写 @微网格长 接单。\n"
    "也可以发：[关注] [取消关注] [扫码 学府花园5幢] [照片] [照片 文件名] [语音] [语音 文件名] [定位 30.63,120.56]\n"
    "按 Ctrl+D 结束。"
)


def register(cli: typer.Typer) -> None:
    cli.command("chat", help="在终端里和示例社区说话；@leader 接单 换人说；--record 记成对话测试。")(chat)


def chat(
    who: Annotated[str, typer.Option("--as", help="先用谁的名义：" + "、".join(SPEAKERS))] = "resident",
    record: Annotated[Path | None, typer.Option("--record", help="把对话记成文件")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="数据目录；不写则每次都是新的")] = None,
) -> None:
    """Reads standard input line by line, so it works with a pipe as well."""
    person = speaker(who)
    if person is None:
        raise typer.BadParameter(f"没有这个人：{who}。可选：{'、'.join(SPEAKERS)}")
    with _folder(data) as folder:
        settings = load(data_dir=folder, database_url="", log_level="WARNING")
        logs.set_up(settings.log_level, settings.log_format)
        asyncio.run(_talk(settings, person, record))


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="jushe-chat-") as made:
        yield Path(made)


async def _talk(settings: Settings, person: str, record: Path | None) -> None:
    from bot import app as parts  # --help answers without the whole program
    from bot.channels.terminal import Terminal

    talk, pushes = new_id(), list[Outgoing]()  # the same words tomorrow are another message
    app = await parts.start(settings, demo=True, terminal=Terminal(pushes.append), ticking=False)
    piped = not sys.stdin.isatty()
    if not piped:
        typer.echo(HELP)
    with ExitStack() as stack:
        file = stack.enter_context(record.open("w", encoding="utf-8")) if record else None
        script = Script(file, app.clock().astimezone(SHANGHAI), echo=piped)
        try:
            for number in range(1, sys.maxsize):
                line = await asyncio.to_thread(_read, "" if piped else f"{SPEAKERS[person]}: ")
                if line is None:
                    break
                person, words = _addressed(line.strip(), person)
                if words:
                    script.said(person, words, app.clock().astimezone(SHANGHAI))
                    await _turn(app, script, Sender("terminal", "-", person), f"{talk}.{number}", words, pushes)
        finally:
            await app.stop()


async def _turn(app: App, script: Script, sender: Sender, key: str, words: str, pushes: list[Outgoing]) -> None:
    """One line, its answer, and whatever was pushed to anybody because of it."""
    try:
        inbound = await _inbound(app, sender, key, words)
    except OSError as error:
        typer.echo(f"（没发：打不开文件 {error.filename}）")
        return
    except BadMedia as error:
        typer.echo(f"（没发：{REFUSED.get(str(error), error)}）")
        return
    try:
        script.answered(await app.gateway.receive(inbound))
    except Late:
        await app.gateway.settle(60)  # the answer follows as a push
    await app.outbox.settle()
    for out in sorted(pushes, key=lambda out: out.id):
        script.pushed(await asyncio.to_thread(_name, app, out.person) or "居民", out)
    pushes.clear()


def _name(app: App, person: int) -> str:
    with app.db.reading() as conn:
        return identities.name_of(conn, person)


def _read(prompt: str) -> str | None:
    if not prompt:
        return sys.stdin.readline() or None
    try:
        return input(prompt)
    except EOFError:
        typer.echo()
        return None


def _addressed(line: str, person: str) -> tuple[str, str]:
    """「@leader 接单」 → leader, 接单; from then on the leader is speaking."""
    found = re.match(r"[@＠](\S+)\s*(.*)", line)
    user = speaker(found[1]) if found else None
    return (user, found[2]) if found and user else (person, line)


async def _inbound(app: App, sender: Sender, key: str, words: str) -> Inbound:
    """The line as a message; [关注], [照片 文件], [语音 文件], [定位 …] stand for what a phone would send."""
    at = app.clock()
    if event := _EVENT.fullmatch(words):
        plate = await asyncio.to_thread(_plate, app, event[2])
        return Inbound(sender, key, at, event=_EVENTS[event[1]], event_key=plate)
    if pin := _PIN.fullmatch(words):
        return Inbound(sender, key, at, pin=Pin(float(pin[1]), float(pin[2]), accuracy=float(pin[3] or 0)))
    files = [await _file(app, found[1], found[2].strip()) for found in _FILE.finditer(words)]
    return Inbound(sender, key, at, text=_FILE.sub("", words).strip(), media=tuple(files))


def _plate(app: App, words: str) -> str:
    """学府花园5幢 → the scene of its door plate; anything else stays."""
    with app.db.reading() as conn:
        for community in {estate.community for estate in app.register.estates}:
            for estate, building, scene in land.building_codes(conn, community):
                if estate + building == words:
                    return scene
    return words


async def _file(app: App, kind: str, path: str) -> Media:
    """The file named; a small grey picture or a silent second where only [照片] or [语音] was written."""
    data = await asyncio.to_thread(Path(path).read_bytes) if path else b""
    if kind == "语音":
        return Media("voice", f"file:{await keep_voice(app, data or _SILENCE)}")
    return Media("photo", f"file:{await keep_photo(app, data or _grey())}")


def _grey() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "lightgrey").save(out, "JPEG")
    return out.getvalue()
