"""Units, their members and the category table: in, out, and in again; every bad row with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.importing.exporter import export_file
from bot.importing.importer import import_file
from handlers.types import Role
from nlp.types import Place
from storage.engine import Database
from storage.schema import categories, communities, estates, posts, units
from tests.importing.street import COMMUNITY, NOW, bring, count, settle
from tests.storage.kit import asked

UNITS = (
    ("单位编码", "单位名称", "类别", "电话", "服务范围"),
    ("WY-1", "学府物业服务中心", "物业", "0573-88001234", "学府花园"),
    ("GS-1", "城市供水公司", "供水", "", "全部"),
    ("CG-1", "综合执法中队", "综合执法", "", COMMUNITY),
    ("JD-1", "街道指挥室", "街道", "", "梧桐街道"),
)
MEMBERS = (
    ("姓名", "手机号", "单位编码", "身份"),
    ("钱进", "13800000011", "WY-1", "负责人"),
    ("孙力", "13800000012", "WY-1", "办事员"),
    ("周敏", "13800000013", "JD-1", "指挥室"),
)


@pytest.fixture
def street(database: Database, tmp_path: Path) -> Database:
    settle(database, tmp_path, "communities", "grids", "households")
    assert bring(database, tmp_path, "units", UNITS).written
    assert bring(database, tmp_path, "members", MEMBERS).written
    return database


def test_who_answers_for_a_place(street: Database) -> None:
    with street.reading() as conn:
        estate = conn.execute(select(estates.c.id).where(estates.c.name == "学府花园")).scalar_one()
        community = conn.execute(select(communities.c.id).where(communities.c.code == COMMUNITY)).scalar_one()
        boss = conn.execute(select(posts.c.person).where(posts.c.role == Role.HEAD.value)).scalar_one()
    here = Place(community=community, estate=estate)
    for kind, name in (
        ("WY", "学府物业服务中心"),
        ("GS", "城市供水公司"),
        ("CG", "综合执法中队"),
        ("JD", "街道指挥室"),
    ):
        assert [u.name for u in asked(street, lambda r, k=kind: r.units_for(k, here))] == [name]
    assert asked(street, lambda r: r.units_for("WY", Place(community=community))) == ()  # another estate: no company
    assert asked(street, lambda r: r.units_for("RQ", here)) == ()
    company = asked(street, lambda r: r.units_for("WY", here))[0].id
    assert (
        asked(street, lambda r: r.unit_members(company))[0] == boss
        and len(asked(street, lambda r: r.unit_members(company))) == 2
    )
    for words in ("物业", "学府物业", "学府物业服务中心"):
        assert [u.id for u in asked(street, lambda r, w=words: r.units_named(community, w))] == [company]
    assert {u.name for u in asked(street, lambda r: r.units_named(community, "城管"))} == {"综合执法中队"}
    assert asked(street, lambda r: r.street_of(community)) == asked(street, lambda r: r.units_for("JD", here))[0].id


@pytest.mark.parametrize("kind", ["units", "members", "categories"])
def test_what_goes_out_comes_in_again_unchanged(street: Database, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}-out.csv"
    export_file(street, kind, path, NOW, unmasked=True, reason="核对单位名单")
    report = import_file(street, kind, path, NOW)
    assert report.written and not any(tally.touched for tally in report.tally.values()), report


def test_a_city_changes_its_category_table(street: Database, tmp_path: Path) -> None:
    header = ("分类编码", "名称", "主办", "协办", "级别", "标准编码", "办结要照片", "办结要核查")
    row = ("0201", "楼道灯/路灯", "市政", "供电、物业", "T1", "SH-0817", "是", "是")
    report = bring(street, tmp_path, "categories", (header, row))
    assert report.tally["categories"].changed == 1
    assert count(street, categories) == 91
    found = asked(street, lambda r: r.category("0201"))
    assert (found.lead, found.assist, found.level, found.std_code) == ("SZ", ("GD", "WY"), "T1", "SH-0817")
    assert found.photo and found.verify
    bad = bring(street, tmp_path, "categories", (header, ("9901", *row[1:])))
    assert [p.reason for p in bad.problems] == ["没有这个分类；只能改已有的90个分类和99"]


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        ("units", ("WY-2", "物业", "物业", "", "没有的小区"),
         "没有这个小区、社区编码或街道；请核对，或先导入社区和房屋"),
        ("members", ("吴用", "13800000019", "WY-9", "办事员"), "没有这个单位；请核对编码，或先导入单位"),
        ("members", ("吴用", "13800000019", "WY-1", "指挥室"),
         "街道指挥室的人填“指挥室”，其他单位填“负责人”或“办事员”"),
    ],
)  # fmt: skip
def test_bad_rows_are_named_and_nothing_is_written(
    street: Database, tmp_path: Path, kind: str, row: tuple[str, ...], reason: str
) -> None:
    before = count(street, units), count(street, posts)
    heading = (UNITS if kind == "units" else MEMBERS)[0]
    report = bring(street, tmp_path, kind, (heading, row))
    assert [problem.reason for problem in report.problems] == [reason]
    assert (count(street, units), count(street, posts)) == before


def test_a_promotion_ends_the_old_role(street: Database, tmp_path: Path) -> None:
    bring(street, tmp_path, "members", (MEMBERS[0], ("孙力", "13800000012", "WY-1", "负责人")))
    with street.reading() as conn:
        live = conn.execute(select(posts.c.role).where(posts.c.until.is_(None), posts.c.role.in_(["head", "member"])))
        assert sorted(live.scalars()) == ["head", "head"]
