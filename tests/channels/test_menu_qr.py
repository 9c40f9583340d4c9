"""The menu within the platform's limits, and the scenes of the plates."""

from __future__ import annotations

import pytest

from bot.channels.tencent.menu import faults
from bot.channels.wechat.menu import MENU
from bot.channels.wechat.qr import code_of, picture, scene
from handlers.routes import MENU_KEYS


def test_the_menu_is_accepted_and_every_button_is_answered() -> None:
    assert faults(MENU) == []
    assert [button["name"] for button in MENU["button"]] == ["我要办", "邻里家", "我的"]
    keys = [small["key"] for button in MENU["button"] for small in button["sub_button"]]
    assert set(keys) <= set(MENU_KEYS) and len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("menu", "line"),
    [
        ({}, "1 to 3 buttons"),
        ({"button": [{"name": "一", "type": "click", "key": "A"}] * 4}, "1 to 3 buttons"),
        ({"button": [{"name": "我要办事了吗", "type": "click", "key": "A"}] * 2}, "name of 1 to 16 bytes"),
        ({"button": [{"name": "一", "type": "click", "key": ""}]}, "key of 1 to 128 bytes"),
        ({"button": [{"name": "一", "type": "view", "url": "h" * 1025}]}, "address of 1 to 1024 bytes"),
        ({"button": [{"name": "一", "type": "other"}]}, "type click or view"),
        ({"button": [{"name": "一", "sub_button": [{"name": "二", "type": "click", "key": "A"}] * 6}]}, "at most 5"),
        ({"button": [{"name": "一", "sub_button": [{"name": "二" * 21, "type": "click", "key": "A"}]}]}, "60 bytes"),
    ],
)
def test_what_the_platform_would_refuse(menu: dict[str, object], line: str) -> None:
    assert any(line in fault for fault in faults(menu))


def test_scenes() -> None:
    assert scene("b7Kq2") == "g1.b7Kq2"
    assert code_of("g1.b7Kq2") == "b7Kq2"
    for other in ("b7Kq2", "g2.b7Kq2", "g1.", "g1.a b", "g1." + "x" * 33, ""):
        assert code_of(other) is None
    for wrong in ("", "a b", "中", "x" * 33):
        with pytest.raises(ValueError, match="plate code"):
            scene(wrong)


def test_the_ticket_is_quoted() -> None:
    assert picture("gQH47z+/==") == "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=gQH47z%2B%2F%3D%3D"
