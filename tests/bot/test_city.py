"""A whole city's register: 「3幢2单元」 stands in many estates, and the person's own settles it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import start
from bot.settings import Settings
from handlers.types import Inbound, Sender


@pytest.mark.parametrize(("user", "known"), [("resident", True), ("newcomer", False)])
async def test_a_building_number_that_many_estates_have(tmp_path: Path, user: str, known: bool) -> None:
    app = await start(Settings(data_dir=tmp_path), demo=True, households=12_000, ticking=False)
    try:
        holding = app.register.holding["3"]
        assert len(holding) > 8
        inbound = Inbound(Sender("webchat", "-", user), "1", app.clock(), "3幢2单元楼道灯坏了")
        text = "\n".join(reply.text for reply in await app.gateway.receive(inbound))
        assert ("地点：学府花园3幢2单元" in text) is known
        assert ("在哪里" in text) is not known
    finally:
        await app.stop()
