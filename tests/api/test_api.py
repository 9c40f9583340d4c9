"""The API over real HTTP on both databases: the main job by it, who sees what, and what is refused how."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import api_tokens
from storage.schema import facts, outbox, received, tickets
from tests.api.conftest import Answer, City, Client

LAMP = {"words": "3幢2单元楼道灯坏了", "place": {"text": "学府花园3幢2单元"}}
MINE = {**LAMP, "external_id": "HOT-1", "contact": {"name": "李四", "phone": "13800138000"}}


def rows(city: City, table: Any, *where: Any) -> list[Any]:
    with city.app.db.reading() as conn:
        return list(conn.execute(select(table).where(*where)))


async def act(client: Client, code: str, action: str, **more: Any) -> Answer:
    return await client("POST", f"/tickets/{code}/actions", json={"action": action, **more})


async def test_a_matter_of_another_platform_is_solved_and_read_back(city: City) -> None:
    hotline, desk = city.client("source", "12345"), city.client("desk")
    leader = city.client("member", "leader-phone", person=city.people["leader"])
    made = await hotline("POST", "/tickets", json=MINE)
    assert made.status == 200, made.body
    code = made.body["id"]
    assert (made.body["category"]["code"], made.body["level"], made.body["status"]) == ("0201", "T2", "待接单")
    assert made.body["place"]["label"] == "学府花园3幢2单元"
    assert made.body["external_id"] == "HOT-1"
    assert {clock["clock"] for clock in made.body["clocks"]} == {"整体", "首次联系", "接单"}
    assert rows(city, outbox, outbox.c.person == city.people["leader"]), "the leader is told as by a resident"
    again = await hotline("POST", "/tickets", json={**MINE, "words": "别的话"})
    assert again.body["id"] == code and again.body["words"] == LAMP["words"]
    assert len(rows(city, tickets)) == 1
    seen = await leader("GET", f"/tickets/{code}")
    assert "accept" in seen.body["actions"]
    assert (await act(leader, code, "accept")).body["ticket"]["status"] == "处置中"
    missing = await act(leader, code, "solve")
    assert (missing.status, missing.body["code"], missing.body["errors"][0]["field"]) == (422, "missing", "words")
    done = await act(leader, code, "solve", words="已换灯泡")
    assert done.status == 200 and "已反馈" in done.body["said"]
    back = await hotline("GET", "/tickets", params={"external_id": "HOT-1"})
    assert [(t["result"], t["status"]) for t in back.body["tickets"]] == [("已换灯泡", "待评价")]
    assert (await act(hotline, code, "confirm")).status == 200
    rated = await act(hotline, code, "rate", rating="满意")
    assert rated.body["ticket"]["status"] == "已办结"
    told = await hotline("GET", f"/tickets/{code}/timeline")
    assert [step["kind"] for step in told.body["steps"]][:3] == ["TicketOpened", "TicketAccepted", "TicketSolved"]
    assert (await desk("GET", "/numbers")).body["whole"]["tickets"] == 1


async def test_what_each_role_sees(city: City) -> None:
    hotline, desk, other = city.client("source", "a"), city.client("desk"), city.client("source", "b")
    read, far = city.client("read"), city.client("desk", "far", city.communities[1])
    code = (await hotline("POST", "/tickets", json=MINE)).body["id"]
    for client, status in ((hotline, 200), (desk, 200), (read, 200), (other, 404), (far, 404)):
        found = await client("GET", f"/tickets/{code}")
        assert found.status == status
        listed = await client("GET", "/tickets")
        assert bool(listed.body["tickets"]) == (status == 200)
        assert (await client("GET", f"/tickets/{code}/timeline")).status == status
    plain = (await read("GET", f"/tickets/{code}")).body
    assert (plain["words"], plain["reporter"], plain["summary"], plain["actions"]) == (None, None, "楼道灯/路灯", [])
    assert "13800138000" not in str((await desk("GET", f"/tickets/{code}")).body)
    assert (await desk("GET", f"/tickets/{code}/contact")).status == 422
    shown = await desk("GET", f"/tickets/{code}/contact", params={"reason": "回访报事人"})
    assert shown.body == {"name": "李四", "phone": "13800138000"}
    assert rows(city, facts, facts.c.kind == "ContactSeen")
    assert (await hotline("GET", f"/tickets/{code}/contact")).status == 403
    with city.app.db.reading() as conn:
        sealed = conn.exec_driver_sql("SELECT contact FROM received").scalar()
    assert "13800138000" not in sealed


async def test_a_sensitive_matter_needs_a_reason(city: City) -> None:
    hotline, desk = city.client("source", "a"), city.client("desk")
    sad = {**MINE, "category": "1203", "words": "家里揭不开锅了"}
    code = (await hotline("POST", "/tickets", json=sad)).body["id"]
    assert (await desk("GET", f"/tickets/{code}")).body["words"] is None
    opened = await desk("GET", f"/tickets/{code}", params={"reason": "上门核实困难"})
    assert opened.body["words"] == "家里揭不开锅了"
    assert rows(city, facts, facts.c.kind == "SensitiveSeen")
    leader = city.client("member", "leader-phone", person=city.people["leader"])
    assert (await leader("GET", f"/tickets/{code}")).status == 404


async def test_danger_is_told_at_once(city: City) -> None:
    hotline = city.client("source", "a")
    made = await hotline("POST", "/tickets", json={**MINE, "words": "有人困在电梯里了"})
    assert made.body["level"] == "T0"
    told = {row.person for row in rows(city, outbox, outbox.c.kind == "alarm")}
    assert {city.people["leader"], city.people["deputy"], city.people["desk"]} <= told


async def test_lists_by_filters_and_pages(city: City) -> None:
    hotline, desk = city.client("source", "a"), city.client("desk")
    words = ["楼道灯坏了", "垃圾没人收", "有人困在电梯里了", "树枝挡路", "健身器材坏了"]
    codes = [
        (await hotline("POST", "/tickets", json={**MINE, "external_id": f"N{n}", "words": text})).body["id"]
        for n, text in enumerate(words)
    ]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await desk("GET", "/tickets", params={"limit": 2, "cursor": cursor})).body
        seen += [ticket["id"] for ticket in page["tickets"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == codes[::-1]
    await act(desk, codes[0], "solve", words="好了")

    async def found(**query: Any) -> list[str]:
        answer = await desk("GET", "/tickets", params=query)
        assert answer.status == 200, answer.body
        return [ticket["id"] for ticket in answer.body["tickets"]]

    assert await found(level="T0") == [codes[2]]
    assert await found(category="01") == [codes[1]]
    assert await found(open="false") == [codes[0]]
    assert len(await found(open="true")) == 4
    assert await found(status="待评价") == [codes[0]]
    assert await found(opened_from="2090-01-01T00:00:00Z") == []
    assert await found(community=str(city.communities[1])) == []
    assert await found(late="true") == []


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"json": {"words": ""}}, 422, "invalid"),
        ({"json": {"words": "x", "wrods": "y"}}, 422, "invalid"),
        ({"json": {"words": "x", "category": "9999"}}, 422, "invalid"),
        ({"json": {"words": "x" * 2001}}, 422, "invalid"),
        ({"json": {"words": "a\x00b"}}, 422, "invalid"),
        ({"json": {"words": "x", "place": {"lat": 91, "lon": 0}}}, 422, "invalid"),
        ({"json": {"words": "x", "place": {"lat": 30}}}, 422, "invalid"),
        ({"json": ["x"]}, 422, "invalid"),
        ({"data": b'{"words": "x"', "headers": {"Content-Type": "application/json"}}, 400, "bad-json"),
        ({"data": b'{"words": "\xff"}', "headers": {"Content-Type": "application/json"}}, 400, "bad-json"),
        ({"data": b"[" * 5000, "headers": {"Content-Type": "application/json"}}, 400, "bad-json"),
        ({"data": b"words=x"}, 415, "not-json"),
        ({"data": b'"' + b"x" * 300_000 + b'"', "headers": {"Content-Type": "application/json"}}, 413, "http-413"),
    ],
)
async def test_bad_bodies_are_one_clear_sentence(city: City, sent: dict[str, Any], status: int, code: str) -> None:
    answer = await city.client("source", "a")("POST", "/tickets", **sent)
    assert (answer.status, answer.kind) == (status, "application/problem+json"), answer.body
    assert answer.body["code"] == code
    assert answer.body["detail"].endswith("。") and len(answer.body["detail"]) < 80
    assert not rows(city, tickets)


async def test_tokens(city: City) -> None:
    for token in ("", "jst_wrong", "x" * 500, "jst_" + "y" * 43):
        answer = await Client(city.session, token)("GET", "/me")
        assert (answer.status, answer.kind) == (401, "application/problem+json")
        assert "Bearer" in answer.headers["WWW-Authenticate"]
    desk = city.client("desk")
    assert (await desk("GET", "/me")).body == {
        "name": "desk", "role": "desk", "communities": [city.communities[0]], "per_minute": 6000
    }  # fmt: skip
    old = city.client("desk", "old", now=city.app.clock() - timedelta(days=31))
    assert (await old("GET", "/me")).status == 401
    with city.app.db.writing() as conn:
        assert api_tokens.revoke(conn, "desk", city.app.clock())
    assert (await desk("GET", "/me")).status == 401
    with city.app.db.reading() as conn:
        stored = str(conn.exec_driver_sql("SELECT * FROM api_tokens").all())
    assert desk.token not in stored


async def test_pace_and_guessing_are_bounded(city: City) -> None:
    slow = city.client("read", per_minute=6)
    statuses = [(await slow("GET", "/me")).status for _ in range(8)]
    assert statuses.count(200) == 5 and statuses[-1] == 429
    guesses = [(await Client(city.session, f"jst_{n}")("GET", "/me")).status for n in range(30)]
    assert guesses[0] == 401 and guesses[-1] == 429
    assert (await city.client("desk")("GET", "/me")).status == 200  # who knows a token is not locked out


async def test_wrong_acts_change_nothing_and_are_logged(city: City) -> None:
    hotline, desk = city.client("source", "a"), city.client("desk")
    code = (await hotline("POST", "/tickets", json=MINE)).body["id"]
    not_theirs = await act(hotline, code, "accept")
    assert (not_theirs.status, not_theirs.body["code"]) == (403, "not-your-part")
    wrong = await act(desk, code, "agree-return")
    assert (wrong.status, wrong.body["code"]) == (409, "state")
    assert (await act(desk, "999999999999", "accept")).status == 404
    assert (await act(desk, "1' OR 1=1", "accept")).status == 404
    assert (await act(desk, code, "explode")).status == 422
    assert (await desk("GET", f"/tickets/{code}")).body["status"] == "待接单"
    assert len(rows(city, facts, facts.c.kind == "AccessRefused")) == 2
    assert (await city.client("read")("POST", "/tickets", json=MINE)).status == 403


async def test_a_foreign_place_is_sent_elsewhere(city: City) -> None:
    answer = await city.client("source", "a")(
        "POST", "/tickets", json={"words": "灯坏了", "place": {"text": "枫桦景苑一期3号"}}
    )
    assert (answer.status, answer.body["code"]) == (422, "outside")


async def test_an_unknown_place_goes_to_the_desk_with_its_words(city: City) -> None:
    made = await city.client("source", "a")(
        "POST", "/tickets", json={"words": "灯坏了", "place": {"text": "村口老槐树下"}}
    )
    assert made.body["status"] == "待派单"
    assert "村口老槐树下" in made.body["words"]


async def test_one_matter_sent_by_many_at_once_is_one_ticket(city: City) -> None:
    hotline = city.client("source", "a")
    answers = await asyncio.gather(*(hotline("POST", "/tickets", json=MINE) for _ in range(12)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert len(rows(city, tickets)) == len(rows(city, received)) == 1


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-30T18:00:00", "tomorrow", ""]
)
async def test_moments_nobody_means(city: City, at: str) -> None:
    desk, hotline = city.client("desk"), city.client("source", "a")
    code = (await hotline("POST", "/tickets", json=MINE)).body["id"]
    assert (await act(desk, code, "extend", until=at, words="等配件")).status == 422
    for name in ("opened_from", "opened_to", "changed_since"):
        assert (await desk("GET", "/tickets", params={name: at})).status == 422
    for name in ("from", "to"):
        assert (await desk("GET", "/numbers", params={name: at})).status == 422


async def test_addresses_that_are_not_there(city: City) -> None:
    desk = city.client("desk")
    for method, path, status in (("GET", "/nothing", 404), ("DELETE", "/tickets", 405), ("PUT", "/me", 405)):
        answer = await desk(method, path)
        assert (answer.status, answer.kind) == (status, "application/problem+json")


async def test_the_specification_names_every_address(city: City) -> None:
    answer = await Client(city.session)("GET", "/openapi.json")
    assert (answer.status, answer.body["openapi"]) == (200, "3.1.0")
    served = {
        (route.method.lower(), resource.canonical)
        for resource in city.app.web.router.resources()
        if resource.canonical.startswith("/api/v1/") and "openapi" not in resource.canonical
        for route in resource
        if route.method not in ("HEAD", "OPTIONS")
    }
    described = {(method, path) for path, item in answer.body["paths"].items() for method in item}
    assert described == served
    text = str(answer.body)
    for name in ("TicketOut", "ProblemOut", "ActedOut"):
        assert f"#/components/schemas/{name}" in text and name in answer.body["components"]["schemas"]
