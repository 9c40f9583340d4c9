"""A pin from a browser: its degrees as the maps have them, what is refused, where one may be asked for it."""

from __future__ import annotations

import json

import pytest
from aiohttp import ClientSession

from bot import datum
from bot.channels.webchat_body import BadBody, read

# Published by the projects eviltransform and coordtransform (their tests and README): WGS-84, GCJ-02.
POINTS = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ((39.915, 116.404), (39.91640428150164, 116.41024449916938)),
    ((39.7392, -104.9903), (39.7392, -104.9903)),  # Denver: no shift outside China
]


@pytest.mark.parametrize(("gps", "maps"), POINTS)
def test_published_points(gps: tuple[float, float], maps: tuple[float, float]) -> None:
    assert datum.from_gps(*gps) == pytest.approx(maps, abs=1e-9)
    assert datum.to_gps(*maps) == pytest.approx(gps, abs=1e-8)  # a millimetre


def body(place: object) -> bytes:
    return json.dumps({"user": "resident", "id": "1", "place": place}).encode()


def test_a_browsers_pin_is_turned() -> None:
    pin = read(body({"lat": 31.1774276, "lon": 121.5272106, "accuracy": 35})).pin
    assert pin is not None
    assert (pin.lat, pin.lon) == pytest.approx((31.17530398364597, 121.531541859215))
    assert pin.accuracy == 35


@pytest.mark.parametrize("accuracy", [-1, True, "35", None, 1e9, [35]])
def test_an_accuracy_is_metres(accuracy: object) -> None:
    with pytest.raises(BadBody, match="accuracy 应是米数"):
        read(body({"lat": 31.1, "lon": 121.5, "accuracy": accuracy}))


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_no_number_is_endless(number: str) -> None:
    for name in ("lat", "lon", "accuracy"):
        place = {"lat": 31.1, "lon": 121.5, "accuracy": 1} | {name: 77777}
        with pytest.raises(BadBody, match=r"正文不是 JSON|应"):
            read(body(place).replace(b"77777", number.encode()))


async def test_over_http(browser: ClientSession) -> None:
    async def send(key: str, **place: object) -> tuple[int, str]:
        data = {"user": "newcomer", "id": key, "place": place}
        async with browser.post("/webchat/messages", json=data) as answer:
            return answer.status, await answer.text()

    lat, lon = datum.to_gps(30.63, 120.560522)
    status, said = await send("1", lat=lat, lon=lon, accuracy=20)
    assert (status, "在学府花园3幢附近" in said) == (200, True)
    status, said = await send("2", lat=lat, lon=lon, accuracy=2000)
    assert (status, "可能差2.0公里" in said) == (200, True)
    for wrong in ({"lat": lat}, {"lat": 91, "lon": lon}, {"lat": lat, "lon": lon, "accuracy": -5}):
        status, said = await send("3", **wrong)
        assert (status, "应" in said) == (400, True)


async def test_only_the_chat_may_ask_for_it(browser: ClientSession) -> None:
    for path, may in (("/chat", "(self)"), ("/demo", "(self)"), ("/privacy", "()"), ("/", "()")):
        async with browser.get(path) as answer:
            policy = answer.headers["Permissions-Policy"]
            assert (f"geolocation={may}" in policy, f"microphone={may}" in policy) == (True, True), path
