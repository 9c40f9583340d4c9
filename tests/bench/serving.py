"""The program as a bench has it served, and what it says of its messages."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.bench import messages, town
from tests.bench.process import Server, free_port


def serve(
    place: town.Town, folder: Path, api: str, core: int, command: list[str] | None = None,
    more: dict[str, str] | None = None,
) -> Server:  # fmt: skip
    """On a core and a port of its own. `more`: settings beside the usual ones.

    `command`, or BENCH_COMMAND in the environment: what runs instead of this program.
    """
    port = free_port()
    settings = messages.settings(api) | {
        "JUSHE_DATABASE_URL": place.url, "JUSHE_SECRET_KEY": place.key, "JUSHE_DATA_DIR": str(folder / "data"),
        "JUSHE_PORT": str(port), **(more or {}),
    }  # fmt: skip
    command = command or os.environ.get("BENCH_COMMAND", "-m bot").split()
    return Server.start([*command, "serve"], folder, port=port, settings=settings, core=core)


def own_count(server: Server) -> dict[str, float]:
    """What the server says became of its messages: held_back, spooled or bug spoil the measurement."""
    _, text = server.get("/metrics")
    found = re.findall(r'^jushe_messages_total\{channel="wechat",outcome="(\w+)"\} (\S+)$', text, re.MULTILINE)
    return {name: float(value) for name, value in found}
