"""A process dies while an announcement is under way: everybody has it once, and the buttons still work."""

from __future__ import annotations

import random
from pathlib import Path

from tests.faults.announced import with_phones
from tests.faults.hall import AT_ONCE, THEN, Hall

SEED = 20260601


async def test_killed_while_an_announcement_goes_out(empty_url: str, tmp_path: Path, full: bool) -> None:
    """Paused and resumed after the death; with `--full` also cancelled, or left alone, again and again."""
    house = Hall(empty_url.replace("postgresql://", "postgresql+psycopg://", 1), tmp_path / "house")
    house.furnish()
    came = await with_phones(house, random.Random(SEED), THEN * 10 if full else ["paused and resumed"])
    assert came.wrong == []
    assert came.sent >= 100 and came.repeated <= AT_ONCE * came.tries
