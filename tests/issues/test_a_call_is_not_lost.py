"""A report from a call whose turn took too long was a page of 「对不起，出了点问题」 without what had been typed."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from bot.console import phoned
from tests.bot.desk import town
from tests.bot.test_console_desk import form_of, once_of


@pytest.mark.asyncio
async def test_what_was_typed_stands_there_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> Future[Any]:
        return Future()

    async with town(tmp_path) as here, here.desk("demo") as desk:
        call = form_of(await once_of(desk), words="楼道灯不亮", place="学府花园6幢1单元", name="王奶奶")
        with monkeypatch.context() as busy:
            busy.setattr(phoned, "_SECONDS", 0.01)
            busy.setattr(here.app.turns, "run", never)
            said = await desk.post("/console/report", call)
        assert said.status == 503 and "不会报两遍" in said.text
        assert all(typed in said.text for typed in call.values())
        assert (await desk.post("/console/report", call)).status == 303
