"""Photos and the feed of changes by API: what comes in is cleaned, what happened is read back once and in order."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from storage import chain
from tests.api.conftest import City, Client

LAMP = {"words": "3幢2单元楼道灯坏了", "place": {"text": "学府花园3幢2单元"}, "external_id": "HOT-1"}


def photo(size: tuple[int, int] = (80, 60), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


async def send(client: Client, data: bytes, kind: str = "image/png") -> Any:
    return await client("POST", "/photos", data=io.BytesIO(data), headers={"Content-Type": kind})


async def act(client: Client, code: str, action: str, **more: Any) -> Any:
    return await client("POST", f"/tickets/{code}/actions", json={"action": action, **more})


async def test_a_photo_goes_with_a_matter_and_with_its_end(city: City) -> None:
    hotline = city.client("source", "12345")
    leader = city.client("member", "leader-phone", person=city.people["leader"])
    before = (await send(hotline, photo())).body["photo"]
    made = await hotline("POST", "/tickets", json={**LAMP, "photos": [before]})
    assert [one["of"] for one in made.body["photos"]] == ["report"]
    code = made.body["id"]
    await act(leader, code, "accept")
    foreign = await act(leader, code, "solve", words="已换灯泡", photos=[before])
    assert (foreign.status, foreign.body["errors"][0]["field"]) == (422, "photos"), "another token's photo"
    after = (await send(leader, photo((90, 90), "JPEG"), "image/jpeg")).body["photo"]
    done = await act(leader, code, "solve", words="已换灯泡", photos=[after])
    assert done.status == 200, done.body
    seen = (await hotline("GET", f"/tickets/{code}")).body["photos"]
    assert [one["of"] for one in seen] == ["report", "result"]
    path = seen[1]["url"].partition("/media/")[2]
    async with city.session.get(f"/media/{path}") as answer:
        data = await answer.read()
        assert answer.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(data)).size == (90, 90)
    assert (await city.client("read", "count")("GET", f"/tickets/{code}")).body["photos"] == []


async def test_what_is_no_photo_is_refused(city: City) -> None:
    hotline = city.client("source", "12345")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    bomb = photo((9000, 9000))
    for data, kind, status, code in (
        (svg, "image/svg+xml", 415, "not-a-photo"), (svg, "image/png", 422, "not-an-image"),
        (b"<html>", "image/jpeg", 422, "not-an-image"), (bomb, "image/png", 422, "too-many-pixels"),
        (b"\xff\xd8" * 5_300_000, "image/jpeg", 413, "too-big"), (b"", "image/jpeg", 422, "not-an-image"),
    ):  # fmt: skip
        answer = await send(hotline, data, kind)
        assert (answer.status, answer.body["code"]) == (status, code), (kind, answer.body)
    assert (await send(city.client("read", "count"), photo())).status == 403


async def test_changes_are_read_once_and_in_order(city: City) -> None:
    hotline, other = city.client("source", "12345"), city.client("source", "wuye")
    leader = city.client("member", "leader-phone", person=city.people["leader"])
    code = (await hotline("POST", "/tickets", json=LAMP)).body["id"]
    await act(leader, code, "accept")
    assert (await hotline("GET", "/changes")).body["changes"] == [], "not sealed yet"
    chain.seal(city.app.db)
    first = (await hotline("GET", "/changes", params={"limit": 1})).body
    assert [one["kind"] for one in first["changes"]] == ["TicketOpened"] and first["more"]
    assert first["changes"][0]["external_id"] == "HOT-1" and first["changes"][0]["status"] == "处置中"
    second = (await hotline("GET", "/changes", params={"after": first["next"]})).body
    assert [one["kind"] for one in second["changes"]] == ["TicketAccepted"] and not second["more"]
    again = (await hotline("GET", "/changes", params={"after": second["next"]})).body
    assert again["changes"] == [] and again["next"] == second["next"]
    await act(leader, code, "solve", words="已换灯泡")
    chain.seal(city.app.db)
    later = (await hotline("GET", "/changes", params={"after": second["next"]})).body
    assert [one["kind"] for one in later["changes"]] == ["TicketSolved"]
    assert "已换灯泡" not in str(later), "the words are read from the ticket"
    assert (await other("GET", "/changes")).body["changes"] == [], "another platform's matters are its own"
    seen = (await city.client("desk")("GET", "/changes")).body["changes"]
    assert [one["id"] for one in seen if one["kind"] == "TicketSolved"] == [code]
