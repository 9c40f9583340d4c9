"""Which address a push goes to, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handlers.addressing import ORDER, Known, choose

NOW = datetime(2026, 6, 1, tzinfo=UTC)
WECHAT, WECOM, WEB = (
    Known(name, NOW - timedelta(hours=h)) for name, h in (("wechat", 1), ("wecom", 2), ("webchat", 9))
)
ALL = (WEB, WECOM, WECHAT)


@pytest.mark.parametrize(
    ("kind", "wish", "wanted"),
    [
        ("task", "", "wechat"),  # where they wrote last
        ("task", "wecom", "wecom"),  # where they asked for
        ("task", "terminal", "wechat"),  # which they do not have
        ("desk", "webchat", "webchat"),
        ("alarm", "webchat", "wechat"),  # danger: where they were a moment ago
        ("digest", "", "wecom"),  # the post's own channel
        ("digest", "webchat", "webchat"),
        ("progress", "wecom", "wechat"),  # what they reported as a resident
        ("rating", "wecom", "wechat"),
        ("reply", "webchat", "wechat"),  # the answer to what was just written
        ("anything", "", "wechat"),
    ],
)
def test_the_table(kind: str, wish: str, wanted: str) -> None:
    assert ALL[choose(kind, ALL, wish)].channel == wanted


def test_one_address_is_taken_whatever_it_is() -> None:
    for kind in (*ORDER, "other"):
        assert choose(kind, (WECOM,), "wechat") == 0
