"""The plan of the estate on a ticket's page: where each building is drawn, what stands on it, who sees it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.console.plan import BY_NUMBER, CELL_HEIGHT, CELL_WIDTH, MOST, Plan, drawn, natural
from storage.view_plan import Around, Site
from tests.bot.desk import Town, town


def _plan(*sites: tuple[str, float | None, float | None]) -> Plan:
    made = tuple(Site(at, name, lat, lon, open=at) for at, (name, lat, lon) in enumerate(sites))
    return drawn(Around("学府花园", "幢", 0, made))


def _cells(plan: Plan) -> dict[str, tuple[int, int]]:
    return {block.name: (block.x // CELL_WIDTH, block.y // CELL_HEIGHT) for block in plan.blocks}


def test_by_number_where_a_building_has_no_coordinates() -> None:
    names = ["10", "2", "1", "C10", "C2", "3", "A座"]
    plan = _plan(*((name, None if name == "2" else 30.0 + at, 120.0) for at, name in enumerate(names)))
    assert [block.name for block in plan.blocks] == ["1幢", "2幢", "3幢", "10幢", "A座幢", "C2幢", "C10幢"]
    assert list(_cells(plan).values()) == [(at % BY_NUMBER, at // BY_NUMBER) for at in range(7)]
    assert not plan.mapped and not plan.wide
    assert (plan.width, plan.height) == (6 * CELL_WIDTH, 2 * CELL_HEIGHT)
    assert [block.name for block in plan.blocks if block.here] == ["10幢"]


def test_by_coordinates_north_above_east_right_and_no_empty_rows() -> None:
    plan = _plan(("1", 30.60, 120.50), ("2", 30.60, 120.51), ("3", 30.63, 120.50), ("4", 30.61, 120.51))
    assert plan.mapped
    assert _cells(plan) == {"1幢": (0, 2), "2幢": (1, 2), "3幢": (0, 0), "4幢": (1, 1)}


def test_two_at_the_same_point_go_by_number() -> None:
    same = _plan(("1", 30.6, 120.5), ("2", 30.6, 120.5), ("3", 30.7, 120.6))
    assert not same.mapped and len(set(_cells(same).values())) == 3
    assert not _plan(("1", 30.6, 120.5)).mapped
    assert not _plan(("1", 30.6, 120.5), ("2", 30.6, 120.5)).mapped


def test_long_names_stay_on_their_block() -> None:
    plan = _plan(("3", None, None), ("1234", None, None), ("综合服务楼", None, None))
    assert [block.label for block in plan.blocks] == ["3幢", "1234", "综合服…"]
    wide = _plan(*((f"{at}", 30.6, 120.5 + at / 1000) for at in range(1, 9)))
    assert wide.mapped and wide.wide and [block.label for block in wide.blocks] == list("12345678")


@given(
    st.lists(st.tuples(st.floats(18, 54), st.floats(73, 135)) | st.just((None, None)), min_size=1, max_size=40),
)  # fmt: skip
def test_no_block_is_drawn_upon_another(points: list[tuple[float | None, float | None]]) -> None:
    plan = _plan(*((f"{at}", lat, lon) for at, (lat, lon) in enumerate(points)))
    assert len(set(_cells(plan).values())) == len(points)
    assert all(0 <= b.x <= plan.width - CELL_WIDTH and 0 <= b.y <= plan.height - CELL_HEIGHT for b in plan.blocks)
    assert plan.width <= MOST * CELL_WIDTH
    assert [natural(b.name) for b in plan.blocks] == sorted(natural(b.name) for b in plan.blocks)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with town(tmp_path_factory.mktemp("plan")) as made:
        yield made


def _block(page: str, name: str) -> tuple[str, str]:
    """Address and spoken words of a building's block."""
    drawing = page[page.index('<svg class="plan') : page.index("</svg>", page.index('<svg class="plan'))]
    assert " style=" not in drawing and "<script" not in drawing
    found = re.search(rf'<a href="([^"]+)"[^>]* aria-label="({name}，[^"]*)"', drawing)
    assert found is not None, name
    return found[1], found[2]


@pytest.mark.asyncio(loop_scope="module")
async def test_the_plan_counts_what_its_links_list(here: Town) -> None:
    ticket = await here.reported("学府花园3幢2单元楼道灯坏了")
    await here.reported("学府花园5幢1单元水管漏了")
    await here.reported("学府花园5幢2单元门禁坏了，刷卡没反应")
    await here.reported("学府花园7幢2单元独居老人好几天没出门了", "newcomer")
    async with here.desk("demo") as desk, here.desk("leader") as leader:
        page = (await desk.get(f"/console/tickets/{ticket}")).text
        assert "在学府花园的位置" in page and "上北下南" in page and page.count('class="here"') == 1
        assert _block(page, "3幢")[1] == "3幢，这一单在这里，在办1件"
        link, words = _block(page, "5幢")
        assert words == "5幢，在办2件"
        assert _block(page, "7幢")[1] == "7幢，没有在办的", "where a sensitive matter is, is not told"
        in_words = page[page.index("用文字看") :]
        assert "5幢，在办2件" in in_words and "7幢" not in in_words
        listed = (await desk.get(link)).text
        assert "水管漏了" in listed and "门禁坏了" in listed and "楼道灯坏了" not in listed
        assert re.search(r'<option value="\d+" selected>学府花园5幢</option>', listed)
        assert "敏感事项" not in (await desk.get(_block(page, "7幢")[0])).text
        own = (await leader.get(f"/console/tickets/{ticket}")).text
        assert _block(own, "5幢")[1] == "5幢，没有在办的", "another leader's building"
        for building in ("0", "x", "9" * 30, str(2**63 - 1)):
            await desk.get(f"/console/?building={building}")


@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_is_drawn_without_a_building(here: Town) -> None:
    ticket = await here.reported("学府花园北门的路灯坏了")
    async with here.desk("demo") as desk:
        page = (await desk.get(f"/console/tickets/{ticket}")).text
        assert "北门" in page and '<svg class="plan' not in page
