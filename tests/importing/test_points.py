"""The points shop and a community's own rules: in, checked row by row, and out again the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.importing.exporter import export_file
from bot.importing.importer import import_file
from storage.engine import Database
from storage.schema import point_rules, shop_items
from tests.importing.street import COMMUNITIES, NOW, bring, write_xlsx
from tests.storage.kit import asked

CODE = "330483001001"


@pytest.fixture(autouse=True)
def community(database: Database, tmp_path: Path) -> None:
    bring(database, tmp_path, "communities", COMMUNITIES)


def given(database: Database, tmp_path: Path, kind: str, *rows: list[str]):  # type: ignore[no-untyped-def]
    path = tmp_path / f"{kind}.xlsx"
    write_xlsx(path, [list(row) for row in rows])
    return import_file(database, kind, path, NOW)


def test_things_of_the_shop(database: Database, tmp_path: Path) -> None:
    head = ["社区编码", "物品", "积分", "库存", "领取地点", "上架"]
    wrong = [CODE, "洗衣液", "三十", "-1", "", ""]
    bad = given(database, tmp_path, "shop", head, wrong, ["999999999999", "米", "5", "1", "", ""])
    assert not bad.written
    assert len(bad.problems) == 3
    assert given(database, tmp_path, "shop", head, [CODE, "洗衣液", "30", "12", "服务台", "是"]).written
    assert given(database, tmp_path, "shop", head, [CODE, "洗衣液", "28", "10", "服务台", "否"]).written
    with database.reading() as conn:
        row = conn.execute(select(shop_items)).one()
    assert (row.points, row.stock, row.open) == (28, 10, False)


def test_a_changed_rule_is_a_new_version(database: Database, tmp_path: Path) -> None:
    head = ["社区编码", "编号", "名称", "分值", "最高", "每天最多次", "每月最多次", "审核", "启用"]
    same = [CODE, "ZZ01", "报事有效", "2", "", "5", "30", "自动", "是"]
    assert given(database, tmp_path, "rules", head, same).written
    with database.reading() as conn:
        assert conn.execute(select(point_rules)).all() == []  # nothing differs from the default
    given(database, tmp_path, "rules", head, [CODE, "ZZ01", "报事有效", "3", "", "5", "30", "自动", "是"])
    given(database, tmp_path, "rules", head, [CODE, "ZZ01", "报事有效", "4", "", "5", "30", "自动", "是"])
    with database.reading() as conn:
        rows = conn.execute(select(point_rules).order_by(point_rules.c.version)).all()
    assert [(row.version, row.points) for row in rows] == [(2, 3), (3, 4)]
    in_force = asked(database, lambda read: read.points_rules(rows[0].community))
    assert next(rule.points for rule in in_force if rule.code == "ZZ01") == 4


def test_a_rule_nobody_can_see_needs_a_reviewer_and_never_turns_its_sign(database: Database, tmp_path: Path) -> None:
    head = ["社区编码", "编号", "名称", "分值", "审核"]
    report = given(
        database,
        tmp_path,
        "rules",
        head,
        [CODE, "XX01", "点赞", "1", "自动"],
        [CODE, "JF01", "楼道堆物", "5", "一人审核"],
    )
    assert not report.written
    assert [problem.row for problem in report.problems] == [2, 3]


@pytest.mark.parametrize("kind", ["shop", "rules"])
def test_what_goes_out_comes_in_again(database: Database, tmp_path: Path, kind: str) -> None:
    given(database, tmp_path, "shop", ["社区编码", "物品", "积分", "库存"], [CODE, "洗衣液", "30", "12"])
    out = tmp_path / f"out-{kind}.xlsx"
    assert export_file(database, kind, out, NOW) >= 1
    report = import_file(database, kind, out, NOW)
    assert report.written
    assert all(tally.added == tally.changed == 0 for tally in report.tally.values())
