"""`jushe import`, `export`, `staff`, `leaders` as an operator types them."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.commands import data, staff
from bot.importing.sheet import read_sheet
from tests.commands import cli as jushe
from tests.importing.street import (
    COMMUNITIES,
    COMMUNITY,
    GRID,
    GRIDS,
    HOUSEHOLDS,
    LEADERS,
    RESIDENTS,
    Cells,
    write_csv,
)  # fmt: skip

CLI = typer.Typer()
data.register(CLI)
staff.register(CLI)


class Desk:
    """A clerk in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def types(self, *words: str, said: str = "", status: int = 0) -> str:
        result = CliRunner().invoke(CLI, list(words), input=said)
        assert result.exit_code == status, result.output
        return result.output

    def table(self, kind: str, rows: Cells) -> str:
        return str(write_csv(self.folder / f"{kind}.csv", rows))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUSHE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("JUSHE_DATABASE_URL", raising=False)
    return Desk(tmp_path)


@pytest.fixture
def street(desk: Desk) -> Desk:
    for kind, rows in (("communities", COMMUNITIES), ("grids", GRIDS), ("households", HOUSEHOLDS)):
        desk.types("import", kind, desk.table(kind, rows))
    return desk


def test_import_says_what_it_did(desk: Desk) -> None:
    said = desk.types("import", "communities", desk.table("communities", COMMUNITIES))
    assert said == "已导入：社区 1 行\n  社区：新增 1\n"
    again = desk.types("import", "communities", "communities.csv")
    assert again == "已导入：社区 1 行\n  社区：不变 1\n"


def test_dry_run_then_nothing_is_there(street: Desk) -> None:
    said = street.types("import", "leaders", street.table("leaders", LEADERS), "--dry-run")
    assert said == "检查通过（没有写入）：微网格长 2 行\n  人员：新增 2\n  岗位：新增 2\n  将发出认领码的岗位：2\n"
    assert "没有这个岗位的人" in street.types("leaders", "code", "--grid", GRID + "01", status=2)


def test_plates_that_cannot_be_made_leave_those_of_before(street: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("APP_ID", "wx" + "0" * 16),
        ("SECRET", "s" * 32),
        ("TOKEN", "t" * 20),
        ("API_BASE", "http://127.0.0.1:1"),
    ):
        monkeypatch.setenv(f"JUSHE_WECHAT_{name}", value)
    (street.folder / "plates.csv").write_text("of before")
    done = CliRunner().invoke(jushe, ["qrcode", COMMUNITY, "plates.csv"])
    assert (done.exit_code, "公众平台没有接受" in done.output) == (2, True), done.output
    assert [path.read_text() for path in street.folder.glob("plates*")] == ["of before"]


def test_bad_rows_end_with_status_2(street: Desk) -> None:
    bad = [RESIDENTS[0], *[[f"王{n}", "13800008888", "学府花园", "3", "2", "302", "业主"] for n in range(60)]]
    said = street.types("import", "residents", street.table("residents", bad), status=2)
    assert "第2行 姓名「王0」：应是姓名" in said
    assert "……还有 10 处，用 --json 看全部。" in said
    assert said.endswith("共 60 行，60 处要改。什么都没有写入。\n")


def test_json_for_programs(street: Desk) -> None:
    bad = [RESIDENTS[0], ["王秀英", "1380000888", "学府花园", "3", "2", "302", "业主"]]
    found = json.loads(street.types("import", "residents", street.table("residents", bad), "--json", status=2))
    assert (found["written"], found["rows"]) == (False, 1)
    assert found["problems"] == [
        {"row": 2, "column": "手机号", "value": "1*********", "reason": "应是11位手机号"}
    ]  # fmt: skip
    good = json.loads(street.types("import", "residents", street.table("residents", RESIDENTS), "--json"))
    assert good["changes"]["persons"] == {"added": 2, "changed": 0, "ended": 0, "same": 0}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["import", "teachers", "a.csv"], "没有“teachers”这种表。可以是：communities、"),
        (["import", "communities"], "请给出文件"),
        (["import", "communities", "none.csv"], "读不了文件 none.csv"),
        (["export", "passwords", "a.csv"], "没有“passwords”这种表"),
        (["export", "residents", "a.csv", "--unmasked"], "理由"),
        (["export", "communities", "a.pdf"], "结尾"),
        (["staff", "code", "--login", "nobody"], "没有登录名 nobody"),
        (["staff", "add", "--login", "x", "--name", "周敏", "--community", COMMUNITY], "3到32位"),
    ],
)
def test_mistakes_are_one_clear_line(desk: Desk, words: list[str], why: str) -> None:
    said = desk.types(*words, status=2)
    assert why in said and said.count("\n") == 1


def test_settings_that_are_wrong_are_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUSHE_DATABASE_URL", "mysql://root:geheim@db/x")
    said = desk.types("export", "communities", "a.csv", status=2)
    assert "JUSHE_DATABASE_URL" in said and "geheim" not in said


def test_another_secret_key_is_named(street: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    street.types("import", "leaders", street.table("leaders", LEADERS))
    monkeypatch.setenv("JUSHE_SECRET_KEY", "another-secret-key-of-a-good-length")
    said = street.types("export", "leaders", "out.csv", status=2)
    assert "JUSHE_SECRET_KEY" in said and not (street.folder / "out.csv").exists()


def test_template(desk: Desk) -> None:
    said = desk.types("import", "--template", "households")
    assert said.startswith("已写好空白表：households.xlsx\n列（带*的必须有）：社区编码、小区*、楼栋*")
    assert "小区*" in read_sheet(desk.folder / "households.xlsx").headings
    assert "已经存在" in desk.types("import", "--template", "households", status=2)
    desk.types("import", "--template", "leaders", "l.csv")
    assert read_sheet(desk.folder / "l.csv").headings == ("姓名*", "手机号*", "微网格编码*", "岗位*", "企业微信账号")


def test_codes_go_to_a_file_that_only_its_owner_reads(street: Desk) -> None:
    codes = street.folder / "codes.xlsx"
    said = street.types("import", "leaders", street.table("leaders", LEADERS), "--codes", str(codes))
    assert not re.search(r"\d{8}", said.replace(str(codes), ""))
    rows = [row for _, row in read_sheet(codes).rows]
    assert [row[:3] for row in rows] == [
        ("张建国", "微网格长", "学府社区 学府1-1"), ("李桂芳", "副微网格长", "学府社区 学府1-1"),
    ]  # fmt: skip
    assert all(re.fullmatch(r"\d{8}", row[3]) for row in rows)
    assert stat.S_IMODE(codes.stat().st_mode) == 0o600
    taken = street.types("import", "leaders", "leaders.csv", "--codes", str(codes), status=2)
    assert "已经存在" in taken


def test_codes_on_the_screen_and_again(street: Desk) -> None:
    said = street.types("import", "leaders", street.table("leaders", LEADERS))
    assert len(re.findall(r"认领码 \d{8}", said)) == 2
    again = street.types("leaders", "code", "--grid", GRID + "01", "--deputy")
    assert "李桂芳" in again and re.search(r"认领码：\d{8}", again)


def test_staff_from_first_to_last(street: Desk) -> None:
    add = ("staff", "add", "--name", "周敏", "--community", COMMUNITY, "--login", "zhoumin")
    assert "至少10位" in street.types(*add, "--password-stdin", said="short\n", status=2)
    said = street.types(*add, "--phone", "13700003333", "--password-stdin", said="correct-horse-9\n")
    assert "已加入：周敏，社区工作人员，登录名 zhoumin" in said and re.search(r"认领码：\d{8}", said)
    assert "correct-horse" not in said
    assert "已经有了" in street.types(*add, "--password-stdin", said="correct-horse-9\n", status=2)
    assert street.types("staff", "list") == "zhoumin\t周敏\t社区工作人员\t学府社区\t正常\n"
    assert re.search(r"认领码：\d{8}", street.types("staff", "code", "--login", "zhoumin"))
    typed = street.types("staff", "password", "--login", "zhoumin", said="other-horse-8\nother-horse-8\n")
    assert "密码已改" in typed and "other-horse" not in typed
    again = ("staff", "add", "--name", "周敏", "--phone", "13700003333", "--login", "zhouadmin", "--password-stdin")
    word = "correct-horse-9\n"
    assert "要分开" in street.types(*again, "--role", "系统管理员", said=word, status=2)
    assert "没有岗位「皇帝」" in street.types(*again, "--role", "皇帝", said=word, status=2)
    assert "没有编码" in street.types(*again, "--role", "微网格长", "--at", "1", said=word, status=2)
    street.types("staff", "disable", "--login", "zhoumin")
    assert json.loads(street.types("staff", "list", "--json")) == [
        {"login": "zhoumin", "name": "周敏", "role": "社区工作人员", "communities": [], "state": "停用"}
    ]
    elsewhere = ("staff", "add", "--name", "吴静", "--login", "wujing", "--community", "330483001009")
    assert "已有：330483001001 学府社区" in street.types(*elsewhere, status=2)


def test_export(street: Desk) -> None:
    street.types("import", "residents", street.table("residents", RESIDENTS))
    assert street.types("export", "residents", "out.xlsx") == "已导出 2 行到 out.xlsx（个人信息已遮盖）\n"
    full = ("export", "residents", "out.xlsx", "--unmasked", "--reason", "疫苗接种通知", "--force")
    assert street.types(*full) == "已导出 2 行到 out.xlsx\n"
    assert read_sheet(street.folder / "out.xlsx").rows[0][1][:2] == ("王秀英", "13800008888")
