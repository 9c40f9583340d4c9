"""Social organisations in and out: what is none is refused, who leads it is masked, changes stand in the log."""

from __future__ import annotations

from pathlib import Path

import orjson
from sqlalchemy import select

from bot.importing.exporter import export_file
from bot.importing.sheet import read_sheet
from storage import view_organisations
from storage.engine import Database
from storage.schema import communities, facts
from tests.importing.street import COMMUNITY, NOW, bring, settle
from tests.storage.kit import asked

HEAD = ["社区编码", "名称", "类别", "做什么", "负责人", "电话", "电话公开", "状态"]
BARBERS = [COMMUNITY, "银杏理发队", "便民服务", "义务理发", "张三", "0573-1234", "是", ""]


def test_in_and_out(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities")
    bad = [
        [COMMUNITY, "学府业委会", "便民服务", "管小区", "", "", "", ""],
        [COMMUNITY, "夕阳红舞队", "跳舞", "跳舞", "", "", "", ""],
        [COMMUNITY, "合唱团", "文体娱乐", "唱歌", "", "", "是", ""],
        ["330483001099", "棋社", "文体娱乐", "下棋", "", "", "", ""],
    ]
    report = bring(database, tmp_path, "organisations", [HEAD, BARBERS, *bad])
    assert [problem.column for problem in report.problems] == ["名称", "类别", "电话公开", "社区编码"]
    assert bring(database, tmp_path, "organisations", [HEAD, BARBERS]).written
    with database.reading() as conn:
        here = conn.execute(select(communities.c.id)).scalar_one()
    (one,) = asked(database, lambda read: read.organisations(here))
    assert (one.name, one.services, one.phone) == ("银杏理发队", "义务理发", "0573-1234")
    hidden = [*BARBERS[:6], "否", ""]
    assert bring(database, tmp_path, "organisations", [HEAD, hidden]).tally["organisations"].changed == 1
    (one,) = asked(database, lambda read: read.organisations(here))
    assert one.phone == ""
    export_file(database, "organisations", tmp_path / "out.csv", NOW)
    row = read_sheet(tmp_path / "out.csv").rows[0][1]
    assert "张*" in row and "0573-1234" not in row and "社区指导" in row
    assert bring(database, tmp_path, "organisations", [HEAD, [*hidden[:7], "注销"]]).written
    assert asked(database, lambda read: read.organisations(here)) == ()
    assert view_organisations.listed(database, (here,))[0].gone and not view_organisations.listed(database, (99,))
    with database.reading() as conn:
        said = [orjson.loads(body) for body in conn.execute(
            select(facts.c.body).where(facts.c.kind == "SettingChanged").order_by(facts.c.id)
        ).scalars()]  # fmt: skip
    assert [one["after"] for one in said] == [
        "便民服务，社区指导，义务理发，电话公开", "便民服务，社区指导，义务理发",
        "便民服务，社区指导，义务理发，注销",
    ]  # fmt: skip
    assert all("张三" not in str(one) and "1234" not in str(one) for one in said)
