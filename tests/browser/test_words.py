"""What the console says of tickets, without a browser where none is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from bot.console import words
from handlers.tickets.rules import Status
from storage.tickets import TicketFact
from storage.views import BoardRow, Step
from tests.browser.conftest import Program, Windows

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
CLOCKS = [
    (timedelta(0), "还剩0分钟"),
    (timedelta(minutes=59, seconds=59), "还剩59分钟"),
    (timedelta(hours=1), "还剩1小时"),
    (timedelta(hours=2, minutes=5), "还剩2小时5分"),
    (timedelta(days=1), "还剩1天"),
    (timedelta(days=2, hours=10, minutes=7), "还剩2天10小时"),
    (timedelta(seconds=-30), "超时0分钟"),
    (timedelta(minutes=-5), "超时5分钟"),
    (timedelta(days=-3, hours=-1), "超时3天1小时"),
]
ROW = BoardRow(
    1, "202606010001", Status.TO_ACCEPT, "T3", "楼道灯", "学府花园3幢", "灯坏了", "", NOW, NOW, None, "", "", None,
    (), 1, "0201", 0,
)  # fmt: skip


@pytest.mark.parametrize(("gap", "said"), CLOCKS, ids=[said for _, said in CLOCKS])
def test_clock(gap: timedelta, said: str) -> None:
    assert words.clock(NOW + gap, NOW) == said


@pytest.mark.browser
def test_the_page_says_the_same_clock(shared: Program, windows: Windows) -> None:
    page = windows.open(shared.url, "/demo").page
    gaps = [gap.total_seconds() * 1000 for gap, _ in CLOCKS]
    script = "(gaps) => import('/static/board.js').then(({ clock }) => gaps.map((gap) => clock(gap, 0)))"
    said = page.evaluate(script, gaps)
    assert said == [said for _, said in CLOCKS]


def test_every_state_has_a_tone_and_a_step() -> None:
    assert set(words.TONES) == set(words.STEPS) == set(Status)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"status": Status.IN_HAND}, ""),
        ({"status": Status.TO_RATE}, "等居民确认"),
        ({"status": Status.TO_RATE, "solved_answer": True}, "居民说已解决"),
        ({"status": Status.DONE, "solved_answer": True, "rating": "满意"}, "居民说已解决，满意"),
        ({"status": Status.DONE, "rating": "不满意"}, "不满意"),
        ({"status": Status.DONE}, "未评价"),  # silence is never satisfaction
        ({"status": Status.IN_HAND, "solved_answer": False}, ""),
        ({"status": Status.DONE, "solved_answer": False}, "居民说没解决"),
    ],
)
def test_verdict(values: dict[str, Any], said: str) -> None:
    assert words.verdict(replace(ROW, **values)) == said


def _step(kind: str, **body: Any) -> str:
    return words.step(Step(NOW, kind, "webchat", 5, "周海", body, ""), {7: "苏建华"})


@pytest.mark.parametrize("kind", [kind.__name__ for kind in get_args(TicketFact)])
def test_every_fact_is_said_in_plain_words(kind: str) -> None:
    if kind in ("TimerSet", "TimersCleared"):
        return  # storage.views leaves them out of the timeline
    said = _step(kind)
    assert said and said.isascii() is False and kind not in said and "{" not in said


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("TicketOpened", {"owner": 7}, "居民报事，派给苏建华"),
        ("TicketOpened", {"owner": 0, "anonymous": True}, "居民匿名报事，派给社区"),
        ("TicketDispatched", {"owner": 7, "why": "deputy"}, "没人接单，转给副手苏建华"),
        ("TicketDispatched", {"owner": 7, "why": "something new"}, "派给苏建华"),
        ("TicketAccepted", {}, "周海接单"),
        ("OwnerReminded", {"step": "remind", "person": 7}, "提醒苏建华接单"),
        ("SolvedAnswered", {"solved": False}, "居民说：没解决"),
        ("TicketClosed", {"how": "unrated"}, "已办结，居民没有评价"),
        ("TicketWithdrawn", {"kept": True}, "报事人撤回，因为关系安全，继续处理"),
    ],
)
def test_steps(kind: str, body: dict[str, Any], said: str) -> None:
    assert _step(kind, **body) == said


@pytest.mark.parametrize(("name", "said"), [("王秀英", "王*"), ("李", "李*"), ("", "")])
def test_masked_name(name: str, said: str) -> None:
    assert words.masked_name(name) == said


@pytest.mark.parametrize(("phone", "said"), [("13812348888", "138****8888"), ("8888", ""), ("", "")])
def test_masked_phone(phone: str, said: str) -> None:
    assert words.masked_phone(phone) == said
