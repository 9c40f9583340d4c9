"""Open311 over real HTTP: XML against the schema, JSON of the same content, privacy, mySociety's updates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bot import datum
from tests.api.conftest import Answer, City, Client

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("georeport.xsd")))
ROOM = "学府花园3幢2单元302"
# the names of the published examples
REQUEST = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip


async def both(client: Client, method: str, path: str, **more: Any) -> Any:
    """The JSON answer, after the XML one was valid and said the same."""
    as_json = await client(method, f"/open311/v2/{path}.json", **more)
    as_xml = await client(method, f"/open311/v2/{path}.xml", **more)
    assert (as_json.kind, as_xml.kind) == ("application/json", "text/xml")
    assert as_xml.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert as_json.status == as_xml.status
    tree = valid(as_xml)
    if isinstance(as_json.body, list) and method == "GET":
        assert len(tree) == len(as_json.body)
        for element, row in zip(tree, as_json.body, strict=True):
            for child in element:
                if not len(child):
                    told = row[child.tag]
                    said = "" if told is None else str(told).lower() if isinstance(told, bool) else str(told)
                    assert (child.text or "") == said
    return as_json.body


def valid(answer: Answer) -> Any:
    tree = etree.fromstring(answer.body.encode())
    SCHEMA.assertValid(tree)
    return tree


async def report(client: Client, **more: str) -> Answer:
    form = {
        "api_key": client.token, "service_code": "0201", "address_string": ROOM, "description": "楼道灯坏了",
        "first_name": "四", "last_name": "李", "phone": "138-0013-8000", "email": "li@example.org", **more,
    }  # fmt: skip
    return await Client(client.session)("POST", "/open311/v2/requests.json", data=form)


async def test_discovery_services_and_definitions(city: City) -> None:
    nobody = Client(city.session)
    found = await both(nobody, "GET", "discovery")
    assert found["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    services = await both(nobody, "GET", "services", params={"jurisdiction_id": "330483001001"})
    lamp = next(service for service in services if service["service_code"] == "0201")
    assert set(lamp) == {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
    assert (lamp["group"], lamp["type"]) == ("公共设施", "realtime")
    definition = await both(nobody, "GET", "services/0201")
    assert [attribute["code"] for attribute in definition["attributes"]] == ["danger", "where"]
    assert not any(service["service_code"] == "1207" for service in services)
    for path, params in (("services/0000", {}), ("services/1207", {}), ("services", {"jurisdiction_id": "x"})):
        wrong = await both(nobody, "GET", path, params=params)
        assert wrong[0]["code"] == 404


async def test_a_report_is_taken_looked_up_and_kept_private(city: City) -> None:
    app_of_others, nobody = city.client("source", "fixmystreet"), Client(city.session)
    made = await report(app_of_others)
    assert made.status == 200, made.body
    code, token = made.body[0]["service_request_id"], made.body[0]["token"]
    [public] = await both(nobody, "GET", f"requests/{code}")
    assert set(public) == REQUEST
    assert (public["address"], public["description"], public["status"]) == ("学府花园3幢2单元", "楼道灯/路灯", "open")
    for secret in ("李", "13800138000", "138-0013", "302", "li@example.org", "楼道灯坏了"):
        assert secret not in str(public)
    [own] = await both(app_of_others, "GET", f"requests/{code}", params={"api_key": app_of_others.token})
    assert (own["description"], own["address"]) == ("楼道灯坏了", ROOM)
    [same] = await both(nobody, "GET", f"tokens/{token}")
    assert same["service_request_id"] == code
    assert (await both(nobody, "GET", "tokens/made-up"))[0]["code"] == 404
    assert [row["service_request_id"] for row in await both(nobody, "GET", "requests")] == [code]
    for params in ({"service_code": "0101"}, {"status": "closed"}, {"end_date": "2026-01-01T00:00:00Z"},
                   {"jurisdiction_id": "330483001002"}):  # fmt: skip
        assert await both(nobody, "GET", "requests", params=params) == []
    assert len(await both(nobody, "GET", "requests", params={"service_request_id": f"{code},999999999999"})) == 1


async def test_what_is_nobody_elses_business_is_on_no_list(city: City) -> None:
    source, nobody = city.client("source", "a"), Client(city.session)
    for service in ("1202", "1301", "1101", "0705"):
        made = await report(source, service_code=service)
        assert made.status == 200, made.body
        code = made.body[0]["service_request_id"]
        assert (await both(nobody, "GET", f"requests/{code}"))[0]["code"] == 404
    assert await both(nobody, "GET", "requests") == []
    assert await both(nobody, "GET", "servicerequestupdates") == []
    assert len(await both(source, "GET", "requests", params={"api_key": source.token})) == 4


async def test_a_position_is_of_the_standards_kind(city: City) -> None:
    """The standard says WGS-84; the register, the API and WeChat have GCJ-02."""
    source, desk = city.client("source", "a"), city.client("desk")
    lat, lon = (round(part, 7) for part in datum.to_gps(30.63, 120.560522))
    code = (await report(source, address_string="", lat=str(lat), long=str(lon))).body[0]["service_request_id"]
    place = (await desk("GET", f"/tickets/{code}")).body["place"]
    assert "3幢" in place["label"]
    assert (place["lat"], place["lon"]) == pytest.approx((30.63, 120.560522), abs=1e-6)
    own = (await both(source, "GET", f"requests/{code}", params={"api_key": source.token}))[0]
    assert (own["lat"], own["long"]) == (lat, lon)


async def test_updates_both_ways(city: City) -> None:
    source, desk, nobody = city.client("source", "a"), city.client("desk"), Client(city.session)
    code = (await report(source)).body[0]["service_request_id"]

    async def say(number: str, status: str, words: str) -> Answer:
        form = {
            "api_key": source.token, "service_request_id": code, "update_id": number, "status": status,
            "description": words, "updated_datetime": "2026-11-25T10:00:00+08:00",
        }  # fmt: skip
        return await nobody("POST", "/open311/v2/servicerequestupdates.xml", data=form)

    for _ in range(2):  # the same update comes twice and counts once
        assert valid(await say("u1", "open", "又坏了一盏")).findtext("request_update/update_id") == "u1"
    steps = (await desk("GET", f"/tickets/{code}/timeline")).body["steps"]
    assert [step["words"] for step in steps if step["kind"] == "WordsAdded"] == ["又坏了一盏"]
    await desk("POST", f"/tickets/{code}/actions", json={"action": "solve", "words": "换好了"})
    happened = await both(source, "GET", "servicerequestupdates", params={"api_key": source.token})
    assert [(row["status"], row["description"]) for row in happened][-1] == ("closed", "已办好：换好了")
    public = await both(nobody, "GET", "servicerequestupdates")
    assert "换好了" not in str(public) and "坏了一盏" not in str(public)
    assert public[-1]["service_request_id"] == code
    assert (await both(nobody, "GET", f"requests/{code}"))[0]["status"] == "closed"
    valid(await say("u2", "open", "还是不亮"))
    assert (await desk("GET", f"/tickets/{code}")).body["status"] == "处置中"
    await desk("POST", f"/tickets/{code}/actions", json={"action": "solve", "words": "又换了"})
    valid(await say("u3", "closed", ""))
    assert (await desk("GET", f"/tickets/{code}")).body["solved_answer"] is True
    other = city.client("source", "b")
    foreign = {"api_key": other.token, "service_request_id": code, "update_id": "x"}
    assert (await nobody("POST", "/open311/v2/servicerequestupdates.json", data=foreign)).status == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "jst_wrong"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "0000"}, 404),
        ({"service_code": "1207"}, 404),
        ({"address_string": ""}, 400),
        ({"lat": "north", "long": "1"}, 400),
        ({"lat": "1e999", "long": "nan"}, 400),
        ({"description": "x" * 1801}, 400),
        ({"description": "a\x00b"}, 400),
        ({"jurisdiction_id": "sfgov.org"}, 404),
        ({"address_string": "枫桦景苑一期3号"}, 400),
    ],
)
async def test_wrong_reports(city: City, change: dict[str, str], status: int) -> None:
    source = city.client("source", "a")
    made = await report(source, **change)
    assert (made.status, made.body[0]["code"]) == (status, status)
    assert made.body[0]["description"].endswith("。")


async def test_hostile_words_stay_words(city: City) -> None:
    source = city.client("source", "a")
    made = await report(source, description="]]><script>alert(1)</script>&amp;\x0b灯坏了")
    code = made.body[0]["service_request_id"]
    answer = await source("GET", f"/open311/v2/requests/{code}.xml", params={"api_key": source.token})
    assert "<script" not in answer.body
    words = valid(answer).findtext("request/description")
    assert words is not None and words.startswith("]]><script>alert(1)</script>&amp;")


@pytest.mark.parametrize(
    "params",
    [
        {"start_date": "yesterday"}, {"start_date": "2026-01-01"}, {"end_date": "0001-01-01T00:00:00Z"},
        {"status": "lost"}, {"service_request_id": "1;DROP"},
    ],
)  # fmt: skip
async def test_wrong_questions(city: City, params: dict[str, str]) -> None:
    assert (await both(Client(city.session), "GET", "requests", params=params))[0]["code"] == 400


async def test_bodies_that_are_no_form(city: City) -> None:
    nobody = Client(city.session)
    for body, kind in ((b"{}", "application/json"), (b"\xff\xfe", "text/plain")):
        answer = await nobody("POST", "/open311/v2/requests.json", data=body, headers={"Content-Type": kind})
        assert answer.status == 400
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await nobody("POST", "/open311/v2/requests.json", data=b"--y\r\nnothing", headers=broken)
    assert answer.status in (400, 403)
