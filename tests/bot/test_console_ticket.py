"""One ticket's page over real HTTP: acts from its forms, the talk, notes, conflicts, who may; words stay words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot import links
from bot.console.offers import OFFERS, REPORTERS, TALK
from handlers.tickets.acts import BY_ITSELF
from handlers.tickets.rules import Action
from handlers.types import Pin, Sender
from storage import identities
from storage.schema import outbox
from tests.bot.desk import Town, town

EVIL = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with town(tmp_path_factory.mktemp("desk")) as made:
        yield made


def test_every_act_but_the_reporters_own_has_a_form() -> None:
    offered = {offer.action for offer in OFFERS}
    assert offered | REPORTERS | BY_ITSELF == set(Action)
    assert len({offer.key for offer in OFFERS}) == len(OFFERS) and offered >= TALK


@pytest.mark.asyncio(loop_scope="module")
async def test_a_ticket_lives_on_its_page(here: Town) -> None:
    ticket = await here.reported()
    async with here.desk("leader") as leader, here.desk("demo") as desk:
        assert "接单成功" in (await leader.act(ticket, "accept")).said
        again = await leader.act(ticket, "accept")
        assert again.status == 409 and "已经接单了" in again.text
        empty = await leader.act(ticket, "return", words="不是我管的")
        assert empty.status == 422 and "请选依据" in empty.text
        assert ">不是我管的</textarea>" in empty.text, "what was typed stays"
        asked = await leader.act(ticket, "return", words="市政的灯", basis="duty")
        assert "退单已报社区" in asked.said
        assert "不同意退单" in (await desk.get(f"/console/tickets/{ticket}")).text
        assert "已告诉承办人继续办" in (await desk.act(ticket, "refuse_return", words="是楼道灯")).said
        assert "接单成功" in (await leader.act(ticket, "accept")).said
        assert "办理情况记下了" in (await leader.act(ticket, "add", words="约了电工")).said
        done = await leader.act(ticket, "solve", words="换了灯泡")
        assert "已反馈" in done.said and "换了灯泡" in done.text
    assert here.kinds(ticket)[-2:] == ["WordsAdded", "TicketSolved"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_pin_can_be_looked_at(here: Town) -> None:
    """The task said 「有定位」 and nobody could see where."""
    await here.says("路灯不亮", "neighbour", pin=Pin(30.63, 120.560522, ""))
    await here.says("对", "neighbour")
    ticket, plain = here.newest(), await here.reported("5幢1单元门禁坏了", "neighbour")
    link = (
        'href="https://uri.amap.com/marker?position=120.560522,30.630000" target="_blank" rel="noopener noreferrer"'
    )
    async with here.desk("demo") as desk:
        assert link in (await desk.get(f"/console/tickets/{ticket}")).text
        assert "看发来的定位" not in (await desk.get(f"/console/tickets/{plain}")).text
        with here.app.db.reading() as conn:
            leader = identities.person_of(conn, Sender("webchat", "-", "leader"))
        list_ = links.tasks(here.app, leader).removeprefix(here.app.settings.address)
        assert link in (await desk.get(list_)).text


@pytest.mark.asyncio(loop_scope="module")
async def test_a_colleague_s_change_is_shown_and_nothing_typed_is_lost(here: Town) -> None:
    ticket = await here.reported("4幢1单元门禁坏了")
    async with here.desk("demo") as desk, here.desk("grid") as other:
        seen = await desk.seen(ticket)
        await other.act(ticket, "accept")
        late = await desk.act(ticket, "escalate", seen=seen, words="我写了半天的话")
        assert late.status == 409
        conflict = late.text[late.text.index('class="conflict"') :]
        assert "接单" in conflict[: conflict.index("</section>")] and "我写了半天的话" in late.text
        assert here.kinds(ticket)[-1] == "TicketAccepted", "nothing was written over"
        assert (await desk.act(ticket, "escalate", words="我写了半天的话")).status == 200
        shown = (await desk.get(f"/console/tickets/{ticket}")).text
        assert "吴子轩也在看" in shown
        await here.says("快点呀")
        noted = await desk.act(ticket, "note", seen=seen, words="不管谁改过都记")
        assert "备注记下了" in noted.said


@pytest.mark.asyncio(loop_scope="module")
async def test_talking_with_the_resident(here: Town) -> None:
    ticket = await here.reported("5幢2单元水管漏了")
    async with here.desk("demo") as desk:
        assert "您来和居民说话了" in (await desk.act(ticket, "take_over")).said
        assert await here.says(EVIL) == []
        sent = await desk.act(ticket, "reply", words=EVIL)
        assert sent.said.endswith("已发给居民。")
        assert "alert(1)&lt;/script&gt;" in sent.text and "<script>alert" not in sent.text
        assert "<img src=x" not in sent.text
        assert "还没发出" in sent.text or "送到" in sent.text
        await desk.act(ticket, "hand_over")
        assert await here.says("查进度") != []
        async with here.desk("property") as unit:
            assert (await unit.session.get(f"{here.url}/console/tickets/{ticket}")).status == 404


@pytest.mark.asyncio(loop_scope="module")
async def test_notes_are_for_the_house_and_call_who_is_named(here: Town) -> None:
    ticket = await here.reported("6幢1单元楼道有杂物")
    async with here.desk("demo") as desk:
        page = (await desk.get(f"/console/tickets/{ticket}")).text
        named = re.search(r'<option value="(\d+)">苏建华　', page[page.index('id="note-mentioned"') :])
        assert named is not None
        noted = await desk.act(ticket, "note", words="住户情绪激动", mentioned=named[1])
        assert "住户情绪激动" in noted.text
        with here.app.db.reading() as conn:
            bodies = conn.execute(select(outbox.c.body).where(outbox.c.person == int(named[1]))).scalars().all()
        assert any("在备注里找您：住户情绪激动" in body for body in bodies)
        wrong = await desk.act(ticket, "note", words="谁呀", mentioned="1")
        assert wrong.status == 409 and "没有找到这个人" in wrong.text and "谁呀" in wrong.text
    assert "住户情绪激动" not in str(await here.says("查进度"))


@pytest.mark.asyncio(loop_scope="module")
async def test_foreign_ids_and_forged_forms_change_nothing(here: Town) -> None:
    ticket = await here.reported("7幢1单元楼道灯坏了")
    async with here.desk("demo") as desk, here.desk("property") as unit:
        before = here.kinds(ticket)
        assert (await unit.post(f"/console/tickets/{ticket}/act", {"do": "accept", "seen": "0"})).status == 404
        assert (await unit.post(f"/console/tickets/{ticket}/here", {})).status == 404
        assert (await unit.post(f"/console/tickets/{ticket}/open", {"reason": "我想看看"})).status == 404
        for number in ("1", "99999999999999999999999", "abc", "-1", f"{ticket}/../1"):
            assert (await desk.post(f"/console/tickets/{number}/act", {"do": "accept"})).status == 404
        forged = await desk.post(f"/console/tickets/{ticket}/act", {"do": "accept", "seen": "0"}, token=False)
        assert forged.status == 403
        for form in ({"do": "archive"}, {"do": ""}, {}):
            assert (await desk.post(f"/console/tickets/{ticket}/act", form)).status == 303
        for fields in (
            {"do": "dispatch", "to": "p1"}, {"do": "dispatch", "to": "x9"}, {"do": "reclass", "category": "9999"},
            {"do": "merge", "into": "0000"}, {"do": "reject", "route": "../"},
            {"do": "escalate", "words": "长" * 2001},
        ):  # fmt: skip
            answer = await desk.post(f"/console/tickets/{ticket}/act", {"seen": await desk.seen(ticket), **fields})
            assert answer.status in (409, 422), fields
        assert here.kinds(ticket) == before


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_sensitive_is_opened_with_a_reason(here: Town) -> None:
    ticket = await here.reported("3幢2单元独居老人好几天没出门了", "newcomer")
    async with here.desk("demo") as desk:
        page = (await desk.get(f"/console/tickets/{ticket}")).text
        assert "是敏感事项" in page and "没出门" not in page
        short = await desk.post(f"/console/tickets/{ticket}/open", {"reason": "看"})
        assert "至少4个字" in (await desk.get(short.location)).said
        assert (await desk.post(f"/console/tickets/{ticket}/open", {"reason": "今天上门走访"})).status == 303
        assert "没出门" in (await desk.get(f"/console/tickets/{ticket}")).text
    async with here.desk("demo") as later:
        assert "是敏感事项" in (await later.get(f"/console/tickets/{ticket}")).text, "a new log-in says why again"


@pytest.mark.asyncio(loop_scope="module")
async def test_the_same_matter_twice_is_seen_and_merged(here: Town) -> None:
    first = await here.reported("8幢1单元楼道灯不亮了")
    await here.says("10幢1单元楼道灯不亮了", "neighbour")
    await here.says("对", "neighbour")
    async with here.desk("demo") as desk:
        page = (await desk.get(f"/console/tickets/{first}")).text
        assert "从原话看" in page and "依据：词「" in page
        assert "分类和现在一样。照这样先派给" in page, "it is the class that is the same, whoever has it by now"
        groups = list(dict.fromkeys(re.findall(r'<optgroup label="([^"]+)"', page)))
        assert groups == ["社区", "网格员", "微网格长", "副微网格长", "单位"], "leaders before who stands in for them"
        near = page[page.index("可能是同一件") :]
        assert "说法相近" in near
        short = re.search(r">并到(\d{4})</button>", near)
        code = re.search(r'name="into" value="(\d{12})"', near)
        assert short is not None and code is not None and code[1].endswith(short[1])
        assert f"并到{short[1]}了" in (await desk.act(first, "merge", into=code[1])).said
