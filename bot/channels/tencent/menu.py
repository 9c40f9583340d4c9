"""The platforms' limits on an account's menu; which buttons there are is each channel's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# wechat.md §10: bytes of a name, of a name below, of a key; 3 buttons of 5
_NAME, _SUB_NAME, _KEY, _URL = 16, 60, 128, 1024


def click(name: str, key: str) -> dict[str, str]:
    """A button that sends its key."""
    return {"type": "click", "name": name, "key": key}


def scan(name: str, key: str) -> dict[str, str]:
    """A button that opens the camera; what it reads comes to us as an event (wechat.md §10)."""
    return {"type": "scancode_waitmsg", "name": name, "key": key}


def faults(menu: Mapping[str, Any]) -> list[str]:
    """What the platform would refuse, one line each; empty when it is well."""
    found = []
    buttons = menu.get("button", ())
    if not 1 <= len(buttons) <= 3:
        found.append("1 to 3 buttons")
    for button in buttons:
        below: Sequence[Mapping[str, Any]] = button.get("sub_button", ())
        found += _faults_of(button, _NAME, parent=bool(below))
        if len(below) > 5:
            found.append(f"{button.get('name')}: at most 5 below")
        for small in below:
            found += _faults_of(small, _SUB_NAME, parent=False)
    return found


def _faults_of(button: Mapping[str, Any], name_most: int, *, parent: bool) -> list[str]:
    name = str(button.get("name", ""))
    found = []
    if not 1 <= len(name.encode()) <= name_most:
        found.append(f"{name}: name of 1 to {name_most} bytes")
    if not parent and button.get("type") not in ("click", "view", "scancode_waitmsg"):
        found.append(f"{name}: type click or view")
    if (
        button.get("type") in ("click", "scancode_waitmsg")
        and not 1 <= len(str(button.get("key", "")).encode()) <= _KEY
    ):
        found.append(f"{name}: key of 1 to {_KEY} bytes")
    if button.get("type") == "view" and not 1 <= len(str(button.get("url", "")).encode()) <= _URL:
        found.append(f"{name}: address of 1 to {_URL} bytes")
    return found
