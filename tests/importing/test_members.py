"""Leaders and staff who are members of WeCom: joined by the import, without a code."""

from __future__ import annotations

from pathlib import Path

from handlers.types import Sender
from storage import identities
from storage.engine import Database
from tests.importing.street import GRID, bring, settle

CORP = "ww1436e0e65a779aee"
HEAD = ["姓名", "手机号", "微网格编码", "岗位", "企业微信账号"]
LI = ["李卫国", "13800000011", GRID + "01", "微网格长", "LiWeiguo"]


def test_a_member_needs_no_code(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities", "grids")
    refused = bring(database, tmp_path, "leaders", [HEAD, LI])
    assert [problem.reason for problem in refused.problems] == [
        "还没有设置企业微信（JUSHE_WECOM_CORP_ID）；设好再导入，或先空着这一列"
    ]
    done = bring(database, tmp_path, "leaders", [HEAD, LI], corp=CORP)
    assert done.written
    assert [handout.code for handout in done.handouts] == [""]
    with database.reading() as conn:
        person = identities.person_of(conn, Sender("wecom", CORP, "liweiguo"))
        assert person
        assert identities.name_of(conn, person) == "李卫国"


def test_one_member_is_one_person(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities", "grids")
    wang = ["王芳", "13800000012", GRID + "01", "副微网格长", "liweiguo"]
    report = bring(database, tmp_path, "leaders", [HEAD, LI, wang], corp=CORP)
    assert [problem.reason for problem in report.problems] == ["文件里另一个人也是这个企业微信账号；请核对"]
    wrong = bring(database, tmp_path, "leaders", [HEAD, [*LI[:4], "李 卫国"]], corp=CORP)
    assert [problem.reason for problem in wrong.problems] == ["应是企业微信通讯录里的账号，字母、数字、点、横线"]
