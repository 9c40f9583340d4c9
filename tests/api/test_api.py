"""The API over real HTTP on both databases: the main job by it, who sees what, one matter sent by many."""

from __future__ import annotations

import asyncio
from typing import Any

from storage.schema import facts, outbox, received, tickets
from tests.api.conftest import City, Client
from tests.api.kit import LAMP, MINE, act, rows


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


async def test_one_matter_sent_by_many_at_once_is_one_ticket(city: City) -> None:
    hotline = city.client("source", "a")
    answers = await asyncio.gather(*(hotline("POST", "/tickets", json=MINE) for _ in range(12)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert len(rows(city, tickets)) == len(rows(city, received)) == 1


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
