"""The knowledge base in memory follows its tables, keeps to validity and community, and goes out and in by table."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import insert, select, update

from bot.importing.exporter import export_file
from bot.importing.importer import import_file
from bot.importing.sheet import read_sheet
from bot.importing.tables_out import write_table
from storage import shelf
from storage.engine import Database
from storage.ids import new_id
from storage.land import add_community
from storage.looking import looking
from storage.schema import faq, open_questions
from tests.importing.street import NOW

TODAY = date(2026, 6, 1)
TITLES = ("社区编码", "问题", "其他问法", "答案", "来源", "生效日期", "失效日期", "状态")
HERE, THERE = "330483001001", "330483001002"


def known(db: Database, words: str, community: int, today: date = TODAY) -> list[str]:
    with looking(db, NOW) as read:
        return [one.answer for one in read.known_answers(words, community, today) if one.likeness > 0.6]


def put(db: Database, tmp_path: Path, *rows: tuple[str, ...]) -> tuple[str, ...]:
    path = tmp_path / "faq.csv"
    write_table(path, TITLES, rows, replace=True)
    report = import_file(db, "faq", path, NOW)
    return tuple(problem.line() for problem in report.problems)


def communities(db: Database) -> tuple[int, int]:
    with db.writing() as conn:
        return add_community(conn, HERE, "学府社区"), add_community(conn, THERE, "枫桦社区")


def test_follows_the_table(database: Database, tmp_path: Path) -> None:
    here, there = communities(database)
    assert known(database, "社区几点上班", here) == []
    row = (HERE, "社区几点上班", "居委会几点开门", "八点半。", "", "", "", "")
    assert (
        put(database, tmp_path, row, ("", "居住证怎么办理", "", "带身份证。", "", "2026-01-01", "2026-06-01", ""))
        == ()
    )
    assert known(database, "居委会几点开门", here) == ["八点半。"]
    assert known(database, "居委会几点开门", there) == []
    assert known(database, "居住证怎么办理", there) == ["带身份证。"]
    assert known(database, "居住证怎么办理", there, date(2026, 6, 2)) == []
    assert known(database, "居住证怎么办理", there, date(2025, 12, 31)) == []
    assert put(database, tmp_path, (*row[:3], "九点。", *row[4:])) == ()
    assert known(database, "社区几点上班", here) == ["九点。"]
    assert put(database, tmp_path, (*row[:3], "九点。", *row[4:7], "下架")) == ()
    assert known(database, "社区几点上班", here) == []
    with database.writing() as conn:
        conn.execute(faq.delete())
    assert known(database, "居住证怎么办理", there) == []


def test_synonyms_of_a_community(database: Database, tmp_path: Path) -> None:
    here, there = communities(database)
    put(database, tmp_path, ("", "便民车在哪里停", "", "北门。", "", "", "", ""))
    path = tmp_path / "synonyms.csv"
    write_table(path, ("社区编码", "词", "也叫"), [(HERE, "便民车", "小白车、摆渡车")])
    assert import_file(database, "synonyms", path, NOW).problems == ()
    assert known(database, "摆渡车在哪里停", here) == ["北门。"]
    assert known(database, "摆渡车在哪里停", there) == []


def test_many_changes_wait_for_the_job(database: Database) -> None:
    here, _ = communities(database)
    assert known(database, "问题1号怎么处理", here) == []
    with database.writing() as conn:
        for number in range(shelf.AT_ONCE + 10):
            values = {"id": new_id(), "community": here, "question": f"第{number}路公交车首班几点", "variants": []}
            conn.execute(insert(faq).values(**values, answer=f"{number}点。"))
    first = known(database, "第17路公交车首班几点", here)
    assert shelf.refresh(database) in (0, shelf.AT_ONCE + 10)  # a shelf never filled takes all at once
    assert first or known(database, "第17路公交车首班几点", here)
    assert shelf.refresh(database) == 0
    with database.writing() as conn:
        conn.execute(update(faq).values(answer="改了。", revision=faq.c.revision + 1))
    assert known(database, "第17路公交车首班几点", here) == ["17点。"]
    assert shelf.refresh(database) == shelf.AT_ONCE + 10
    assert known(database, "第17路公交车首班几点", here) == ["改了。"]


def test_bad_rows_are_named(database: Database, tmp_path: Path) -> None:
    communities(database)
    problems = put(
        database, tmp_path,
        ("330483001999", "甲怎么办", "", "乙。", "", "", "", ""), (HERE, "", "", "乙。", "", "", "", ""),
        (HERE, "丙怎么办", "", "丁。", "", "2026-06-02", "2026-06-01", ""),
    )  # fmt: skip
    assert problems == (
        "第2行 社区编码「330483001999」：没有这个编码的社区；请核对，或先导入社区",
        "第3行 问题：没有填，这一列必须填",
        "第4行 失效日期「2026-06-01」：早于开始日期",
    )


def test_goes_out_and_comes_in_again(database: Database, tmp_path: Path) -> None:
    communities(database)
    put(database, tmp_path, (HERE, "社区几点上班", "几点开门|周末开吗", "八点半。", "指南", "2026-01-01", "", ""))
    out = tmp_path / "out.xlsx"
    assert export_file(database, "faq", out, NOW) == 1
    report = import_file(database, "faq", out, NOW)
    assert report.problems == ()
    assert report.tally["faq"].same == 1


def test_open_questions_leave_masked(database: Database, tmp_path: Path) -> None:
    here, _ = communities(database)
    with database.writing() as conn:
        values = {"id": new_id(), "number": 1, "community": here, "person": 5, "words": "我家的事怎么办", "at": NOW}
        conn.execute(insert(open_questions).values(values))
    path = tmp_path / "open.csv"
    assert export_file(database, "open-questions", path, NOW) == 1
    assert read_sheet(path).rows[0][1][:3] == ("1", "学府社区", "我家*****")
    export_file(database, "open-questions", path, NOW, unmasked=True, reason="整理问答", replace=True)
    assert read_sheet(path).rows[0][1][2] == "我家的事怎么办"
    with database.reading() as conn:
        assert conn.execute(select(open_questions.c.words)).scalar() == "我家的事怎么办"
