"""What the API refuses and how: bad bodies, tokens, pace, wrong acts, places and moments nobody means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from storage import api_tokens
from storage.schema import facts, tickets
from tests.api.conftest import City, Client
from tests.api.kit import MINE, act, rows


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
