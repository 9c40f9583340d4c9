"""The pages opened from chat, over real HTTP: who sees what, what a tap does once, links that end."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import FormData
from sqlalchemy import select, update

from bot import links
from handlers.types import Inbound, Sender
from storage.schema import facts, tickets
from tests.bot.matters import Town
from tests.bot.test_webchat import photo


async def test_the_reporter_reads_everything_and_a_promise(town: Town) -> None:
    status, page = await town.get(town.matter("resident"))
    assert status == 200
    for words in ("楼道灯坏了", "等苏建华接单", "答应您", "还剩", "您报了这件事", "有危险请直接打 110"):
        assert words in page
    assert "真的解决了吗" not in page


async def test_links_of_others_and_made_up_ones_open_a_kind_page(town: Town) -> None:
    good = town.matter("resident")
    stranger = town.matter("neighbour")
    for path in (
        stranger,
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        "/m/t/x",
        "/m/w/" + good[5:],
        "/m/t/" + "A" * 47,
    ):
        status, page = await town.get(path)
        assert status == 404
        assert "查进度" in page and "楼道灯" not in page
    assert (await town.get(town.tasks("resident")))[0] == 404  # no post, no list


async def test_an_expired_link_says_so(town: Town) -> None:
    now = town.app.clock()
    path = links.made(town.app.key, links.MATTER, town.ticket, town.person("resident"), now - timedelta(days=91), 90)
    status, page = await town.get(path)
    assert status == 410 and "过期" in page and "楼道灯" not in page
    async with town.browser.post(path, data={"verb": "补充", "words": "x"}) as answer:
        assert answer.status == 410
    assert links.made(town.app.key, links.MATTER, 1, 2, now, 90) == links.made(
        town.app.key, links.MATTER, 1, 2, now, 90
    )


async def test_a_neighbour_who_follows_reads_no_personal_data(town: Town) -> None:
    await town.say("neighbour", "学府花园3幢2单元楼道灯坏了")
    await town.say("neighbour", "对")
    await town.say("neighbour", "加入关注")
    assert "TicketFollowed" in town.kinds()
    await town.tap(town.matter("resident"), "补充", "我电话13812345678")
    status, page = await town.get(town.matter("neighbour"))
    assert status == 200
    assert "您加入了关注" in page
    for private in ("302", "2单元", "13812345678", "王秀英", "您报的"):
        assert private not in page


async def test_from_words_to_rating_by_taps(town: Town) -> None:
    mine, list_ = town.matter("resident"), town.tasks("leader")
    assert "三楼那一盏" in await town.tap(mine, "补充", "三楼那一盏")
    assert "已经催了" in await town.tap(mine, "催办")
    number = str(town.ticket)
    page = await town.tap(list_, "接单", ticket=number)
    assert "接单成功" in page and "到场" in page
    assert "请说一句怎么办好的" in await town.tap(list_, "办结", ticket=number)
    assert "正在请报事人确认" in await town.tap(list_, "办结", "已换灯泡", ticket=number)
    page = await town.tap(mine, "解决了")
    assert "您对这次办理满意吗" in page and "已换灯泡" in page
    page = await town.tap(mine, "评价", "来得很快", rating="满意")
    assert "您的评价：满意" in page and "已办结" in page
    assert town.kinds() == [
        "TicketOpened", "WordsAdded", "TicketUrged", "TicketAccepted", "TicketSolved", "SolvedAnswered",
        "TicketRated", "TicketClosed",
    ]  # fmt: skip
    with town.app.db.reading() as conn:
        via = set(conn.execute(select(facts.c.via).where(facts.c.kind == "TicketAccepted")).scalars())
    assert via == {"page"}


async def test_a_double_click_is_one_tap(town: Town) -> None:
    mine = town.matter("resident")
    once = await town.once(mine)
    for _ in range(3):
        assert "补充好了" in await town.tap(mine, "补充", "三楼那一盏", once=once)
    assert town.kinds().count("WordsAdded") == 1


async def test_a_form_that_is_not_from_the_page_does_nothing(town: Town) -> None:
    mine, other = town.matter("resident"), town.tasks("leader")
    foreign = await town.once(other)
    for once in ("", "x", "0" * 24 + "." + "0" * 32, foreign):
        async with town.browser.post(mine, data={"once": once, "verb": "补充", "words": "x"}) as answer:
            assert answer.status == 403
    for verb, status in (("接单", 400), ("x", 400), ("评价", 400)):
        async with town.browser.post(mine, data={"once": await town.once(mine), "verb": verb}) as answer:
            assert answer.status == status
    assert town.kinds() == ["TicketOpened"]


async def test_a_leader_cannot_act_for_another_grid(town: Town) -> None:
    await town.say("newcomer", "枫桦景苑一期5号楼道灯坏了")
    await town.say("newcomer", "对")
    with town.app.db.reading() as conn:
        found = list(conn.execute(select(tickets.c.id).order_by(tickets.c.id)).scalars())
    assert len(found) == 2
    page = await town.tap(town.tasks("leader"), "接单", ticket=str(found[1]))
    assert "不归您管" in page
    assert "找不到" in page or "用不了" in await town.tap(town.tasks("leader"), "接单", ticket="1")


async def test_a_photo_of_what_was_done(town: Town) -> None:
    import base64

    list_ = town.tasks("leader")
    form = FormData()
    for name, value in (("once", await town.once(list_)), ("verb", "办结"), ("ticket", str(town.ticket))):
        form.add_field(name, value)
    form.add_field("words", "已换灯泡")
    form.add_field("photo", base64.b64decode(photo()), filename="a.jpg", content_type="image/jpeg")
    async with town.browser.post(list_, data=form) as answer:
        assert "正在请报事人确认" in await answer.text()
    async with town.browser.get(town.matter("resident")) as answer:
        assert "办好以后的照片，第1张" in await answer.text()


async def test_what_was_written_in_a_tap_that_was_refused_stays(town: Town) -> None:
    list_, number = town.tasks("leader"), str(town.ticket)
    old = await town.once(list_)
    await town.tap(list_, "接单", ticket=number)
    with town.app.db.writing() as conn:  # too late to be returned
        conn.execute(update(tickets).values(dispatched=town.app.clock() - timedelta(days=20)))
    given = {"once": old, "verb": "退单", "ticket": number, "words": "太远了<b>"}
    async with town.browser.post(list_, data=given) as answer:
        page = await answer.text()
        assert answer.status == 422
    form = page[page.index("<details open>") : page.index("太远了&lt;b&gt;</textarea>")]
    assert "不能退单了" in form and old not in page  # why, and another mark: the old one is answered
    given["once"] = await town.once(list_)
    await town.tap(list_, "办结", "已换灯泡", ticket=number)
    async with town.browser.post(list_, data=given) as answer:  # from a page left open
        page = await answer.text()
    assert "太远了&lt;b&gt;" in page and "<details open>" not in page  # there is no such form any more
    mine = town.matter("resident")
    late = {"once": await town.once(mine), "verb": "没解决", "words": "还是黑的"}
    with town.app.db.writing() as conn:
        conn.execute(update(tickets).values(status="已撤回"))
    async with town.browser.post(mine, data=late) as answer:
        assert answer.status == 422 and "您写的：还是黑的" in await answer.text()


async def test_words_are_only_words(town: Town) -> None:
    await town.tap(town.matter("resident"), "补充", "<script>alert(1)</script>")
    async with town.browser.get(town.matter("resident")) as answer:
        page = await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_danger_on_the_page_is_danger(town: Town) -> None:
    page = await town.tap(town.matter("resident"), "补充", "楼道里冒烟了，有焦味")
    assert "119" in page and "已经报给微网格长和社区" in page


async def test_large_type_is_kept(town: Town) -> None:
    mine = town.matter("resident")
    async with town.browser.get(mine + "?big=1") as answer:
        assert 'class="bigger"' in await answer.text()
    async with town.browser.get(mine, headers={"Cookie": "jushe_big=1"}) as answer:
        assert 'class="bigger"' in await answer.text()
    async with town.browser.get(mine + "?big=0") as answer:
        assert 'class="bigger"' not in await answer.text()


async def test_a_single_progress_has_a_link(town: Town) -> None:
    inbound = Inbound(Sender("webchat", "-", "resident"), "q1", town.app.clock(), text="查进度")
    [reply] = [reply for reply in await town.app.gateway.receive(inbound) if reply.link]
    assert (await town.get(reply.link))[0] == 200
    again = await town.app.gateway.receive(inbound)
    assert reply in again
