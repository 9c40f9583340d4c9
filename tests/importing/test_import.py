"""Imports: bad rows named and nothing written, good ones whole, twice the same as once; headings and templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.importing.importer import import_file
from bot.importing.kinds import KINDS
from bot.importing.template import write_template
from bot.importing.zipped import FileRefused
from storage.engine import Database
from storage.places import version
from storage.schema import (
    buildings,
    claims,
    communities,
    estates,
    facts,
    grids,
    holidays,
    homes,
    households,
    logins,
    micro_grids,
    persons,
    posts,
)  # fmt: skip
from tests.importing.street import (
    ALL,
    COMMUNITY,
    GRID,
    GRIDS,
    NOW,
    PLACES,
    RESIDENTS,
    Cells,
    bring,
    count,
    settle,
)  # fmt: skip

HEADINGS = {kind: rows[0] for kind, rows in ALL.items()} | {"holidays": ["日期", "类型", "名称"]}


def _bad_rows() -> Iterator[tuple[str, Cells, str]]:
    """(kind, table, line of the report) of every block of bad_rows.txt."""
    text = Path(__file__).with_name("bad_rows.txt").read_text(encoding="utf-8")
    text = text.replace("{G}", GRID).replace("{C}", COMMUNITY)
    for block in re.split(r"\n\n+", text.strip()):
        kind, *rows = [line for line in block.split("\n") if not line.startswith(("#", "=>"))] or [""]
        if kind:
            (line,) = (line[3:] for line in block.split("\n") if line.startswith("=> "))
            yield kind, [HEADINGS[kind], *(row.split(",") for row in rows)], line


BAD_ROWS = list(_bad_rows())


@pytest.mark.parametrize(("kind", "rows", "line"), BAD_ROWS, ids=[f"{c[0]}{n}" for n, c in enumerate(BAD_ROWS)])
def test_bad_rows_are_named_and_nothing_is_written(
    database: Database, tmp_path: Path, kind: str, rows: Cells, line: str
) -> None:
    settle(database, tmp_path, *PLACES[: PLACES.index(kind)] if kind in PLACES else PLACES)
    tables = (communities, grids, micro_grids, estates, buildings, households, persons, homes, posts, logins, facts)
    before = [count(database, table) for table in (*tables, holidays, claims)]
    report = bring(database, tmp_path, kind, rows)
    assert line in [problem.line() for problem in report.problems]
    assert not report.written
    assert [count(database, table) for table in (*tables, holidays, claims)] == before


@pytest.mark.parametrize("kind", list(ALL))
def test_dry_run_says_what_would_change_and_writes_nothing(database: Database, tmp_path: Path, kind: str) -> None:
    needed = list(ALL)[: list(ALL).index(kind)]
    settle(database, tmp_path, *needed)
    before = count(database, facts)
    dry = bring(database, tmp_path, kind, ALL[kind], dry_run=True)
    assert not dry.written and not dry.problems and not dry.handouts
    assert count(database, facts) == before
    real = bring(database, tmp_path, kind, ALL[kind])
    assert real.written
    assert {name: tally.added for name, tally in real.tally.items()} == {
        name: tally.added for name, tally in dry.tally.items()
    }


def test_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *ALL)
    with database.reading() as conn:
        places = version(conn)
    before = count(database, facts)
    for kind, rows in ALL.items():
        report = bring(database, tmp_path, kind, rows)
        assert report.written and not report.handouts, kind
        assert [tally.touched for tally in report.tally.values()] == [0] * len(report.tally), (kind, report.tally)
    assert count(database, facts) == before
    with database.reading() as conn:
        assert version(conn) == places


def test_holidays(database: Database, tmp_path: Path) -> None:
    rows = [["日期", "类型", "名称"], ["2026-10-10", "上班", "调休"], ["2026/10/1", "放假", "国庆节"]]
    assert bring(database, tmp_path, "holidays", rows).tally["holidays"].added == 2
    rows[1][1] = "放假"
    again = bring(database, tmp_path, "holidays", rows).tally["holidays"]
    assert (again.added, again.changed, again.same) == (0, 1, 1)
    with database.reading() as conn:
        assert conn.execute(select(holidays.c.works).where(holidays.c.day == "2026-10-10")).scalar_one() is False


def test_headings_by_other_names_and_unknown_ones(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES)
    head = ["居民姓名 *", "手机号码(11位)", "小区名称", "幢号", "单元号", "房号", "关系", "身份证号"]
    report = bring(database, tmp_path, "residents", [head, [*RESIDENTS[1], "330483195201010000"]])
    assert report.written and report.ignored == ("身份证号",)


def test_missing_and_double_columns(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"缺少列：社区名称.*--template communities"):
        bring(database, tmp_path, "communities", [["社区编码"], [COMMUNITY]])
    with pytest.raises(FileRefused, match="请只留一列"):
        bring(database, tmp_path, "communities", [["社区编码", "编码", "社区名称"], [COMMUNITY, COMMUNITY, "学府"]])


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_templates_can_be_imported(database: Database, tmp_path: Path, kind: str, ending: str) -> None:
    """The example rows fit together; only phones are left for the operator to fill in."""
    for name in ("communities", "grids", "households", kind):
        write_template(name, tmp_path / f"{name}-{kind}.{ending}")
        if name == "grids":
            bring(database, tmp_path, "grids", [GRIDS[0], [GRID, "", GRID + "03", ""]])
        report = import_file(database, name, tmp_path / f"{name}-{kind}.{ending}", NOW)
        assert {p.column for p in report.problems} <= {"手机号"}, report.problems
        (tmp_path / f"{name}-{kind}.{ending}").unlink()
