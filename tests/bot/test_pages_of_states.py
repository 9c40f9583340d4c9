"""The pages of a matter that waits, is checked, is handled with another or elsewhere; lists of units and levels."""

from __future__ import annotations

from tests.bot.matters import Town


async def test_a_matter_that_cannot_be_done_yet(town: Town) -> None:
    await town.say("leader", "接单")
    await town.say("leader", "挂账 0001 30天后复查 等厂家配件")
    await town.say("desk", "同意")
    assert "TicketHung" in town.kinds()
    _, page = await town.get(town.matter("resident"))
    assert "现在还办不了（等厂家配件），先记着" in page and "再看" in page
    assert "答应您" not in page and "超过" not in page
    _, page = await town.get(town.tasks("leader"))
    assert "挂账" in page and "办结" in page and "接单</" not in page and "退单" not in page


async def test_the_list_of_a_unit_of_the_grid_and_of_the_street(town: Town) -> None:
    await town.say("leader", "转给 物业")
    _, page = await town.get(town.tasks("property"))
    assert "楼道灯坏了" in page and "退单" in page
    _, page = await town.get(town.matter("resident"))
    assert "等学府花园物业服务中心接单" in page and "转给学府花园物业服务中心办" in page
    await town.say("property", "上报 要几个部门")
    await town.say("grid", "上报 要几个部门")
    await town.say("desk", "上报 0001 要几个部门")
    _, page = await town.get(town.matter("resident"))
    assert "已上报街道指挥室，街道指挥室在安排" in page
    _, page = await town.get(town.tasks("street"))
    assert "楼道灯坏了" in page and "升级" in page
    await town.say("street", "吹哨 0001 城管 市政")
    _, page = await town.get(town.tasks("chengguan"))
    assert "楼道灯坏了" in page and "求助" in page
    _, page = await town.get(town.tasks("shizheng"))  # beside the lead: signs in by word
    assert "楼道灯坏了" in page and "退单" not in page
    _, page = await town.get(town.matter("resident"))
    assert "请梧桐街道市政养护站一起办" in page


async def test_what_is_not_accepted_says_where_to_go(town: Town) -> None:
    await town.say("resident", "投诉业委会公共收益不公开")
    await town.say("resident", "对")
    await town.say("desk", "不予受理 0002 法院正在审理")
    from sqlalchemy import select

    from bot import links
    from storage.schema import tickets

    with town.app.db.reading() as conn:
        second = int(conn.execute(select(tickets.c.id).order_by(tickets.c.id.desc())).scalars().first() or 0)
    path = links.matter(town.app, second, town.person("resident")).removeprefix(town.app.settings.address)
    _, page = await town.get(path)
    assert "不能受理" in page and "12368" in page and "「新情况」" in page
    assert "催一下" not in page
