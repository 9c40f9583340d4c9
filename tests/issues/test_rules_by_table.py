"""A table brought in went round what the page of rules refuses, and dropped what it has no column for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storage.engine import Database
from storage.schema import communities, point_rules
from tests.importing.street import COMMUNITIES, NOW, bring
from tests.importing.test_points import CODE, given

HEAD = ["社区编码", "编号", "名称", "分值", "最高", "每月最多次", "审核"]


@pytest.mark.parametrize(
    "row",
    [
        ["XX01", "阅读文章", "1", "", "", "一人审核"],  # reading earns nothing, whoever looks at it
        ["DZ03", "见义勇为、献血、拾金不昧", "10", "50", "4", "一人审核"],  # two people, never fewer
        ["JF01", "楼道堆物", "-5", "", "", "自动"],  # nobody loses points to a machine
    ],
)
def test_what_the_page_refuses_the_table_refuses(database: Database, tmp_path: Path, row: list[str]) -> None:
    bring(database, tmp_path, "communities", COMMUNITIES)
    report = given(database, tmp_path, "rules", HEAD, [CODE, *row])
    assert not report.written
    assert [problem.row for problem in report.problems] == [2]


def test_a_prize_keeps_what_it_is_for(database: Database, tmp_path: Path) -> None:
    bring(database, tmp_path, "communities", COMMUNITIES)
    until = datetime(2026, 12, 31, tzinfo=UTC)
    with database.writing() as conn:
        where = conn.execute(select(communities.c.id).where(communities.c.code == CODE)).scalar_one()
        conn.execute(
            insert(point_rules).values(
                community=where, code="YJ01", version=1, field="有奖报送", name="报飞线充电", points=5, proof="auto",
                categories="0301 0302", until=until, since=NOW,
            )
        )  # fmt: skip
    assert given(database, tmp_path, "rules", HEAD, [CODE, "YJ01", "报飞线充电", "8", "", "", "自动"]).written
    with database.reading() as conn:
        row = conn.execute(select(point_rules).where(point_rules.c.version == 2)).one()
    assert (row.points, row.field, row.categories, row.until) == (8, "有奖报送", "0301 0302", until)
