"""What a ticket's page, the list and the audit tell of what happened: who did it, to what, and no slip."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.console.words import here as on_page
from tests.bot.desk import Town, town

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with town(tmp_path_factory.mktemp("told")) as made:
        yield made


def _steps(page: str) -> str:
    return page[page.index('<ol class="timeline">') : page.index("</ol>", page.index('<ol class="timeline">'))]


async def test_a_slip_is_no_attempt_without_a_right(here: Town) -> None:
    ticket = await here.reported()
    async with here.desk("demo") as desk, here.desk("audit") as auditor:
        taken = await desk.act(ticket, "accept")
        assert taken.said.endswith("前办好。"), "what to say next in the chat is a button here"
        assert (await desk.act(ticket, "accept")).status == 409
        slip = await desk.act(ticket, "merge", into="9999")
        assert slip.status == 409 and "没有权限" not in _steps(slip.text)
        log = (await auditor.get("/console/audit?kind=AccessRefused")).text
        assert "重复点，没有再办" in log and "没有这一单或这个操作" in log and "越权" not in log
        assert not re.search(r"\d{4}-\d\d-\d\dT\d\d:", (await auditor.get("/console/audit")).text), "days, not codes"


async def test_the_log_names_who_works_here_and_no_resident(here: Town) -> None:
    await here.reported("4幢1单元门禁坏了")
    async with here.desk("demo") as desk, here.desk("audit") as auditor:
        ticket = here.newest()
        log = (await auditor.get("/console/audit?kind=TicketOpened")).text.partition("<tbody>")[2]
        assert "居民报事，派给杨巧云" in log or re.search("居民报事，派给[^社<]", log)
        assert "<td>居民</td>" in log and "王秀英" not in log
        await desk.act(ticket, "reclass", category="0401")
        page = (await desk.get(f"/console/tickets/{ticket}")).text
        assert "彭月娥改分类为「停水/水压/水质」" in page and "改分类，派给城市供水公司" in page


async def test_two_tied_together_lead_to_each_other(here: Town) -> None:
    first = await here.reported("8幢1单元楼道灯不亮了")
    second = await here.reported("10幢1单元楼道灯不亮了", "neighbour")
    async with here.desk("demo") as desk:
        code = re.search(r"<dt>编号</dt><dd>(\d+)</dd>", (await desk.get(f"/console/tickets/{first}")).text)
        assert code is not None
        done = await desk.act(second, "merge", into=code[1])
        assert re.search(rf'<dt>并到</dt><dd><a href="/console/tickets/{first}"', done.text)
        assert "彭月娥并案" in _steps(done.text)
        main = (await desk.get(f"/console/tickets/{first}")).text
        assert re.search(rf'<dt>并进来的</dt><dd><a href="/console/tickets/{second}"', main)


async def test_what_others_did_is_shown_and_nothing_else(here: Town) -> None:
    ticket = await here.reported("5幢2单元单元门关不上")
    async with here.desk("demo") as desk, here.desk("grid") as other:
        seen = await desk.seen(ticket)
        await desk.act(ticket, "note", words="我自己记的")
        await other.act(ticket, "accept")
        await other.act(ticket, "note", words="同事记的")
        late = await desk.act(ticket, "escalate", seen=seen, words="写了半天")
        conflict = late.text[late.text.index('class="conflict"') : late.text.index("您写的还在下面")]
        assert "接单" in conflict and "同事记的" in conflict and "我自己记的" not in conflict


async def test_a_talk_ends_whatever_the_resident_said_meanwhile(here: Town) -> None:
    ticket = await here.reported("6幢1单元楼道有杂物")
    async with here.desk("demo") as desk:
        await desk.act(ticket, "take_over")
        seen = await desk.seen(ticket)
        await here.says("你好，什么时候来")
        assert "已交还给机器人" in (await desk.act(ticket, "hand_over", seen=seen)).said


async def test_who_waits_stands_in_the_list_and_an_empty_one_says_what_to_do(here: Town) -> None:
    await here.reported("7幢1单元路灯坏了", "newcomer")
    await here.says("催一下", "newcomer")
    async with here.desk("demo") as desk:
        assert "<b>1次催办</b>" in (await desk.get("/console/")).text
        assert "没有人申请退单。" in (await desk.get("/console/?view=returned")).text
        assert (
            '<a href="/console/?view=returned">清除筛选</a>'
            in (await desk.get("/console/?view=returned&source=wecom")).text
        )


async def test_a_page_of_an_earlier_log_in_gives_back_what_was_written(here: Town) -> None:
    ticket = await here.reported("9幢1单元电梯异响")
    async with here.desk("demo") as desk:
        form = {"csrf": "0" * 64, "do": "reply", "seen": "1", "words": "师傅<b>下午</b>来"}
        old = await desk.post(f"/console/tickets/{ticket}/act", form, token=False)
        assert old.status == 403 and "没有办成" in old.text and "师傅&lt;b&gt;下午&lt;/b&gt;来</textarea>" in old.text


async def test_after_a_log_out_elsewhere_what_was_written_is_given_back(here: Town) -> None:
    async with here.desk("demo") as desk:
        await desk.session.post(here.url + "/console/logout", headers={"Sec-Fetch-Site": "same-origin"})
        form = {"csrf": "0" * 64, "do": "reply", "words": "师傅<b>下午</b>来", "password": "不 能 出 现"}
        gone = await desk.post("/console/queue/act", form, token=False)
        assert gone.status == 403 and "您已经退出登录" in gone.text and "不 能 出 现" not in gone.text
        assert "师傅&lt;b&gt;下午&lt;/b&gt;来</textarea>" in gone.text and "/console/login?next=" in gone.text
        bare = await desk.post("/console/queue/act", {"do": "accept"}, token=False)
        assert bare.status == 303 and bare.location == "/console/login"


async def test_what_was_refused_stays_to_be_read(here: Town) -> None:
    async with here.desk("demo") as desk:
        given = {"do": "refuse", "words": "=1+1<b>因为</b>人数够了", "signup": "1"}
        told = await desk.post("/console/queue/act", {**given, "t": "", "back": "/console/?view=mine"})
        assert told.location == "/console/?view=mine&kept=refused"
        page = (await desk.get(told.location)).text
        assert "您写的还在" in page and "<blockquote>=1+1&lt;b&gt;因为&lt;/b&gt;人数够了</blockquote>" in page
        assert "接着提交" not in page


async def test_an_address_of_a_form_leads_to_its_page(here: Town) -> None:
    ticket = await here.reported("11幢1单元门禁坏了")
    async with here.desk("demo") as desk:
        for path, page in (
            (f"/console/tickets/{ticket}/act", f"/console/tickets/{ticket}"), ("/console/queue/act", "/console/"),
        ):  # fmt: skip
            async with desk.session.get(here.url + path, headers={"Accept": "text/html"}) as answer:
                assert answer.status == 200 and answer.url.path == page
        async with desk.session.get(here.url + "/console/nothing", headers={"Accept": "text/html"}) as answer:
            assert answer.status == 404 and "没有找到这一页" in await answer.text()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("0009已拆出来，单独办。派给谁？说「派给 0009 姓名」。", "0009已拆出来，单独办。派给谁？"),
        ("为什么要挂账？说一句，比如「等配件」。", "为什么要挂账？"),
        ("退单要有依据", "退单要有依据"),
        ("", ""),
    ],
)
async def test_on_a_page_the_next_step_is_no_word_to_say(said: str, shown: str) -> None:
    assert on_page(said) == shown
