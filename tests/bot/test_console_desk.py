"""Beside a ticket's life: covered photos, replies kept ready, reports by telephone, and bad files."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import FormData
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from sqlalchemy import select

from bot.console.cover import boxes_in
from bot.images import covered, place
from bot.media import keep_photo
from handlers.tickets.ready import FIRST, filled, unknown
from handlers.types import Media
from storage import media as photos
from storage.schema import outbox, received, tickets
from tests.bot.desk import Desk, Town, town

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with town(tmp_path_factory.mktemp("desk")) as made:
        yield made


def picture(size: tuple[int, int] = (200, 100), kind: str = "JPEG") -> bytes:
    """A board of fine squares: whatever is covered loses them."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for x in range(0, size[0], 8):
        for y in range(0, size[1], 8):
            if (x + y) % 16:
                pen.rectangle((x, y, x + 7, y + 7), "black")
    out = io.BytesIO()
    image.save(out, kind, quality=95)
    return out.getvalue()


def spread(data: bytes, area: tuple[int, int, int, int]) -> int:
    """How far apart the brightest and the darkest point of an area are."""
    low, high = Image.open(io.BytesIO(data)).convert("L").crop(area).getextrema()
    return int(high) - int(low)  # type: ignore[arg-type]


def test_what_is_covered_cannot_be_read_and_the_rest_stays() -> None:
    made = covered(picture(), [(0, 0, 40, 100)])
    assert spread(made, (8, 8, 72, 92)) < 60 and spread(made, (100, 8, 192, 92)) > 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "还没有画"), ("1 2 3", "要写四个数"), ("a b c d", "要写四个数"), ("90 0 20 10", "超出了照片"),
        ("0 0 0 5", "宽和高要大于0"), ("-1 0 5 5", "要写四个数"), ("\n".join(["1 1 1 1"] * 21), "一次最多20块"),
    ],
)  # fmt: skip
def test_wrong_rectangles_are_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        boxes_in(text)


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(0.1, 50), st.floats(0.1, 50)), max_size=4))
def test_any_rectangle_leaves_a_picture_of_the_same_size(boxes: list[tuple[float, float, float, float]]) -> None:
    assert Image.open(io.BytesIO(covered(picture((40, 30)), boxes))).size == (40, 30)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_face_is_covered_and_shown_again(here: Town) -> None:
    ticket = await here.reported()
    name = await keep_photo(here.app, picture())
    await here.says("", "resident", Media("photo", f"file:{name}"))
    photo = photos.shown(here.app.db, ticket)[0]
    path = f"/console/tickets/{ticket}/photos/{photo.id}"
    async with here.desk("demo") as desk, here.desk("property") as unit:
        assert (await desk.get(path)).text.count("/media/") == 1
        bad = await desk.post(path, {"do": "cover", "boxes": "40 40 90 20"})
        assert bad.status == 422 and "超出了照片" in bad.text and "40 40 90 20" in bad.text
        assert (await desk.post(path, {"do": "cover", "boxes": "0 0 50 100"})).status == 303
        now = photos.shown(here.app.db, ticket)[0]
        assert now.covered and now.original == name and now.file != name
        assert spread(place(here.app.media_folder, now.file).read_bytes(), (8, 8, 92, 92)) < 60
        assert photos.in_use(here.app.db, [name]) == {name}, "the original is kept"
        assert name not in (await desk.get(f"/console/tickets/{ticket}")).text
        for other in (f"/console/tickets/{ticket}/photos/{photo.id + 1}", f"/console/tickets/1/photos/{photo.id}"):
            assert (await desk.post(other, {"do": "restore"})).status == 404
        assert (await unit.post(path, {"do": "restore"})).status == 404
        assert (await desk.post(path, {"do": "restore"})).status == 303
        assert not photos.shown(here.app.db, ticket)[0].covered
    assert here.kinds(ticket)[-2:] == ["PhotoCovered", "PhotoRestored"]


def test_variables_become_what_the_ticket_says() -> None:
    values = {"编号": "0017", "地点": "学府花园3幢", "期限": ""}
    assert filled("{编号}在{地点}{期限}，{没有}{", values) == "0017在学府花园3幢，{没有}{"
    assert unknown("{编号}{编好}{编好}") == ("编好",)
    assert all(not unknown(words) and len(words) < 60 for _, words in FIRST)


@pytest.mark.asyncio(loop_scope="module")
async def test_replies_are_kept_and_used(here: Town) -> None:
    ticket = await here.reported("4幢1单元楼道灯坏了")
    async with here.desk("demo") as desk, here.desk("leader") as leader:
        assert (await leader.get("/console/replies", 403)).status == 403
        wrong = await desk.post("/console/replies", {"do": "keep", "title": "x", "words": "{编好}你好<b>"})
        assert wrong.status == 422 and "没有「编好」这个变量" in wrong.text and "{编好}你好&lt;b&gt;" in wrong.text
        assert (await desk.post("/console/replies", {"do": "first"})).status == 303
        made = {"do": "keep", "title": "<script>", "words": "{编号}在{地点}"}
        assert (await desk.post("/console/replies", made)).status == 303
        page = (await desk.get("/console/replies")).text
        assert "等配件" in page and "&lt;script&gt;" in page and "<script>alert" not in page
        number = re.search(r"change=(\d+)#form\">改<span class=\"sr\">&lt;script", page)
        assert number is not None
        chosen = (await desk.get(f"/console/tickets/{ticket}?ready={number[1]}")).text
        area = re.search(r'<textarea id="reply-words"[^>]*>([^<]*)</textarea>', chosen)
        assert area is not None and re.fullmatch(r"\d{4}在学府花园4幢1单元", area[1])
        assert (await desk.post("/console/replies", {"do": "drop", "id": number[1]})).status == 303
        gone = await desk.post("/console/replies", {**made, "id": number[1]})
        assert gone.status == 409 and "{编号}在{地点}" in gone.text


def form_of(once: str, **fields: Any) -> dict[str, Any]:
    first = {"words": "", "place": "", "name": "", "phone": "", "category": "", "urgency": "", "once": once}
    return {**first, **fields}


async def once_of(desk: Desk) -> str:
    found = re.search(r'name="once" value="([0-9a-f]{24})"', (await desk.get("/console/report")).text)
    assert found is not None
    return found[1]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_telephone_call_becomes_one_ticket(here: Town) -> None:
    async with here.desk("demo") as desk:
        once = await once_of(desk)
        call = form_of(once, words="楼道灯不亮,老人看不见", place="火星5号", name="王奶奶", phone="13900001111")
        wrong = await desk.post("/console/report", call)
        assert wrong.status == 422 and "没有找到这个地方" in wrong.text
        for typed in ("楼道灯不亮,老人看不见", "火星5号", "王奶奶", "13900001111", once):
            assert typed in wrong.text, "nothing is lost"
        call["place"] = "学府花园6幢1单元"
        done = await desk.post("/console/report", call)
        again = await desk.post("/console/report", call)
        assert done.status == again.status == 303 and done.location == again.location
        page = await desk.get(done.location)
        assert "替王奶奶报上了" in page.said and "代王奶奶报" in page.text and "13900001111" not in page.text
        ticket = int(done.location.rsplit("/", 1)[1])
        why = await desk.post(f"/console/contact/{ticket}", {"reason": "上门前先打电话"})
        assert "王奶奶" in why.text and "13900001111" in why.text
    with here.app.db.reading() as conn:
        row = conn.execute(select(tickets).where(tickets.c.id == ticket)).mappings().one()
        assert (row["source"], row["category"], row["status"]) == ("phone", "0201", "待接单")
        assert (
            "13900001111" in conn.execute(select(received.c.contact).where(received.c.ticket == ticket)).scalar_one()
        )
        assert conn.execute(select(outbox.c.person).where(outbox.c.ticket == ticket)).first() is not None


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_no_photo_is_refused_with_everything_else_kept(here: Town) -> None:
    async with here.desk("demo") as desk:
        bomb = io.BytesIO()
        Image.new("1", (9000, 9000)).save(bomb, "PNG")
        page = (await desk.get("/console/report")).text
        csrf = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
        assert csrf is not None
        for name, data in (("a.svg", SVG), ("a.jpg", b"<html><script>"), ("a.png", bomb.getvalue()), ("a.jpg", b"")):
            form = FormData({"csrf": csrf[1], **form_of(await once_of(desk), words="水管漏了", place="6幢1单元")})
            form.add_field("photos", data, filename=name, content_type="image/jpeg")
            answer = await desk.post("/console/report", form, token=False)
            assert answer.status == 422 and "不是照片" in answer.text and "水管漏了" in answer.text, name
