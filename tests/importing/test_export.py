"""Exports: what goes out comes in again, no cell is a formula, nobody is named without a reason."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import orjson
import pytest
from python_calamine import load_workbook
from sqlalchemy import insert, select

from bot.importing.exporter import ExportRefused, export_file
from bot.importing.importer import import_file
from bot.importing.sheet import read_sheet
from bot.importing.tables_out import CannotWrite, safe, write_table
from bot.importing.tickets_out import TICKET_HEADINGS
from storage import people
from storage.engine import Database
from storage.schema import communities, facts, households, persons, tickets
from tests.importing.street import ALL, COMMUNITY, NOW, bring, count, settle

PAYLOADS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A1", "=cmd|' /C calc'!A0", " =1", "\n=1",
    '=HYPERLINK("http://x.example")', "\u200b=1",
]  # fmt: skip
ROUND = ("communities", "grids", "households", "residents", "leaders")


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", ROUND)
def test_round_trip(database: Database, tmp_path: Path, kind: str, ending: str) -> None:
    settle(database, tmp_path, *ROUND)
    path = tmp_path / f"out.{ending}"
    rows = export_file(database, kind, path, NOW, unmasked=True, reason="换系统时的备份")
    assert rows == len(read_sheet(path).rows) > 0
    report = import_file(database, kind, path, NOW)
    assert report.written, report.problems
    assert {name: tally.touched for name, tally in report.tally.items() if tally.touched} == {}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_is_a_formula(tmp_path: Path, payload: str) -> None:
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"out.{ending}"
        write_table(path, ["a", payload], [[payload, "x"]])
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row if cell not in ("a", "x")]
    book = load_workbook(str(tmp_path / "out.xlsx")).get_sheet_by_index(0).to_python()
    cells += [str(cell) for row in book for cell in row if cell not in ("a", "x")]
    assert len(cells) == 4
    assert all(cell.startswith("'") for cell in cells)
    raw = (tmp_path / "out.xlsx").read_bytes()
    assert b"<f>" not in raw


def test_plain_words_stay_and_illegal_characters_go() -> None:
    assert safe("3幢-2单元") == "3幢-2单元"
    assert safe("a\x00b\ud800c\x1b") == "abc"
    assert len(safe("长" * 40_000)) == 32_000


def test_illegal_characters_do_not_stop_an_export(tmp_path: Path) -> None:
    assert write_table(tmp_path / "a.xlsx", ["a"], [["x\x00\x0b\ufffe"]]) == 1
    assert read_sheet(tmp_path / "a.xlsx").rows[0][1] == ("x",)


@pytest.mark.parametrize("kind", ["residents", "leaders"])
def test_people_are_masked_unless_a_reason_is_given(database: Database, tmp_path: Path, kind: str) -> None:
    settle(database, tmp_path, *ROUND)
    masked = tmp_path / "masked.csv"
    export_file(database, kind, masked, NOW)
    text = masked.read_text(encoding="utf-8-sig")
    for word in ("王秀英", "张建国", "13800008888", "13900001111"):
        assert word not in text
    assert "王**" in text or "张**" in text
    assert stat.S_IMODE(masked.stat().st_mode) == 0o600
    with pytest.raises(ExportRefused, match="理由"):
        export_file(database, kind, tmp_path / "full.csv", NOW, unmasked=True, reason=" ")
    assert not (tmp_path / "full.csv").exists()


def test_who_asked_for_what_is_in_the_facts_log(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *ROUND)
    export_file(database, "residents", tmp_path / "a.csv", NOW, unmasked=True, reason="疫苗接种通知")
    with database.reading() as conn:
        row = conn.execute(select(facts).where(facts.c.kind == "DataExported")).one()
    assert (row.via, orjson.loads(row.body)) == (
        "export", {"kind": "residents", "community": "", "unmasked": True, "reason": "疫苗接种通知"},
    )  # fmt: skip


def test_only_one_community(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities", "grids", "households")
    other = "330483001002"
    bring(database, tmp_path, "communities", [["社区编码", "社区名称"], [other, "枫桦社区"]])
    assert export_file(database, "communities", tmp_path / "all.csv", NOW) == 2
    for kind, rows in (("communities", 1), ("grids", 2), ("households", 4), ("residents", 0), ("leaders", 0)):
        assert export_file(database, kind, tmp_path / f"{kind}1.csv", NOW, community=COMMUNITY) == rows
        assert export_file(database, kind, tmp_path / f"{kind}2.csv", NOW, community=other) == (kind == "communities")
    with pytest.raises(ExportRefused, match="没有编码"):
        export_file(database, "communities", tmp_path / "no.csv", NOW, community="330483001009")


def _ticket(database: Database, *, anonymous: bool) -> None:
    with database.writing() as conn:
        community = conn.execute(select(communities.c.id)).scalar_one()
        reporter = conn.execute(select(persons.c.id).order_by(persons.c.id)).scalars().first()
        place = {
            "estate_name": "学府花园",
            "building": "3",
            "unit": "2",
            "room": "302",
            "label": "学府花园3幢2单元302室",
        }
        conn.execute(
            insert(tickets).values(
                id=9 if anonymous else 8, code=f"20260601000{8 + anonymous}", tail=f"000{8 + anonymous}",
                community=community, category="0402", level="T1", urgency="urgent", kind="求助", status="处置中",
                place=orjson.dumps(place).decode(), words="=302室王秀英家漏水,电话13800008888", summary="水管漏水",
                reporter=reporter, anonymous=anonymous, source="webchat", opened=NOW, changed=NOW,
            )
        )  # fmt: skip


def test_tickets(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *ROUND)
    _ticket(database, anonymous=False)
    _ticket(database, anonymous=True)
    assert export_file(database, "tickets", tmp_path / "masked.csv", NOW) == 2
    text = (tmp_path / "masked.csv").read_text(encoding="utf-8-sig")
    for word in ("王秀英", "13800008888", "302", "漏水,电话", "2单元"):
        assert word not in text
    assert "水管爆裂/漏水" in text and "学府花园3幢" in text and "2026-06-01 09:00" in text
    export_file(database, "tickets", tmp_path / "full.xlsx", NOW, unmasked=True, reason="上级检查要求")
    named, hidden = (
        dict(zip(TICKET_HEADINGS, row, strict=False)) for _, row in read_sheet(tmp_path / "full.xlsx").rows
    )
    assert (named["报告人"], named["报告人手机"], named["地点"]) == ("王秀英", "13800008888", "学府花园3幢2单元302室")
    assert named["诉求原文"] == "=302室王秀英家漏水,电话13800008888"
    assert (hidden["报告人"], hidden["报告人手机"]) == ("匿名", "")


def test_erased_people_do_not_go_out(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *ROUND)
    with database.writing() as conn:
        conn.execute(persons.update().values(erased=NOW, name=None, phone=None, phone_index=None))
    assert export_file(database, "residents", tmp_path / "a.csv", NOW) == 0


def test_files_are_not_overwritten_by_mistake(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *list(ALL)[:3])
    path = tmp_path / "a.csv"
    path.write_text("important", encoding="utf-8")
    with pytest.raises(CannotWrite, match="已经存在"):
        export_file(database, "households", path, NOW)
    assert path.read_text(encoding="utf-8") == "important"
    assert export_file(database, "households", path, NOW, replace=True) == count(database, households)
    with pytest.raises(CannotWrite, match="结尾"):
        export_file(database, "households", tmp_path / "a.pdf", NOW)
    with pytest.raises(CannotWrite, match="写不了"):
        export_file(database, "households", tmp_path / "none" / "a.csv", NOW)


def test_phones_are_found_however_they_are_written(database: Database) -> None:
    with database.writing() as conn:
        first = people.add_person(conn, "王秀英", "13800008888", 0, now=NOW)
        assert people.add_person(conn, "", "+86 138-0000-8888", 0, now=NOW) == first
        assert people.add_person(conn, "王秀英", "", 0, now=NOW) != first
