"""A number longer than any id, or a day before every calendar, in an address was a page of 「对不起，出了点问题」."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.numerals import number_in
from storage.ids import Ids
from tests.bot.console_kit import browser, demo, see, signed_in

_TOO_MUCH = "9" * 19
_FAR = "9" * 5000  # more digits than Python reads


@pytest.mark.asyncio
async def test_an_address_nobody_was_given_leads_nowhere_instead_of_failing(tmp_path: Path) -> None:
    async with demo(tmp_path) as (_, url), browser() as session:
        await see(session, f"{url}/m/activity/{_TOO_MUCH}", 404)
        await signed_in(session, url)
        for page in ("knowledge", "activities", "announcements", "tickets", "contact", "people/micro"):
            await see(session, f"{url}/console/{page}/{_TOO_MUCH}", 404)
        await see(session, f"{url}/console/numbers?community={_FAR}")
        for days in ("numbers?from=9999-12-30&to=9999-12-31", "numbers/report?month=0001-01"):
            assert "看不懂" in await see(session, f"{url}/console/{days}", 422)


def test_an_id_of_the_year_2090_is_read_like_one_of_today() -> None:
    late = Ids(clock=lambda: 3_800_000_000.0)()
    assert len(str(late)) == 19 and number_in(str(late)) == late
    assert [number_in(text) for text in (_TOO_MUCH, _FAR, "", "-1", "٣", "12a", "007")] == [0, 0, 0, 0, 0, 0, 7]
