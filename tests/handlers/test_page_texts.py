"""What the pages say of every state, and that no button is offered which the table would refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations, product

import pytest

from handlers.pressed import for_staff
from handlers.tickets import page_texts
from handlers.tickets.buttons import ACTS, BUTTONS, buttons
from handlers.tickets.page_texts import STAGE, Facing, rejected, state, step
from handlers.tickets.port import Party
from handlers.tickets.rules import OPEN, ROUTES, Status, Who, possible

S = Status
NOW = datetime(2026, 6, 1, tzinfo=UTC)
WHISTLED = Party(7, "城管", "whistle", NOW)
ON_SITE = replace(WHISTLED, arrived=NOW)
LONG = Facing("苏建华", "街道指挥室", "6月12日18:00", "等配件", "0017", "court")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (S.DRAFT, "等您补充；回话以前，办理时间先停着"),
        (S.WAITING, "街道指挥室在安排"),
        (S.TO_ACCEPT, "等苏建华接单"),
        (S.RETURN_ASKED, "社区在看由谁来办，苏建华先照看"),
        (S.IN_HAND, "苏建华在办"),
        (S.EXTENSION_ASKED, "苏建华在办"),
        (S.HUNG, "现在还办不了（等配件），先记着，6月12日18:00再看"),
        (S.ESCALATED, "已上报街道指挥室，街道指挥室在安排"),
        (S.TO_CHECK, "说办好了，社区在核查"),
        (S.TO_RATE, "办好了，等您确认"),
        (S.DONE, "已办结"),
        (S.ARCHIVED, "已办结"),
        (S.MERGED, "和0017一起办，编号不变，办好单独告诉您"),
        (S.WITHDRAWN, "已撤回"),
        (S.HOTLINE, "请马上打专线电话，社区也在跟进"),
    ],
)
def test_the_reporter_reads_who_has_it_and_why_it_waits(status: Status, said: str) -> None:
    assert state(status, LONG, own=True) == said


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("own", [True, False])
def test_every_state_is_a_sentence_without_a_name_too(status: Status, own: bool) -> None:
    said = state(status, Facing(), own=own)
    assert said and "（）" not in said and "，，" not in said
    assert said != str(status) or status in (S.WITHDRAWN, S.DONE)
    assert own or "您" not in said


def test_a_matter_that_waits_for_the_reporter_says_so() -> None:
    assert state(S.IN_HAND, Facing("苏建华", waits=True), own=True) == (
        "苏建华在办，联系不上您，等您回一句话，办理时间先停着"
    )


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_who_is_refused_reads_the_right_way(route: str) -> None:
    assert ROUTES[route][1] in rejected(route) == step("TicketRejected", {"route": route}, "", "", own=True)
    assert ROUTES[route][1] in state(S.REJECTED, Facing(route=route), own=True)


def test_what_is_open_has_a_stage() -> None:
    assert set(STAGE) >= OPEN | {S.TO_RATE, S.DONE, S.ARCHIVED, S.MERGED}
    assert all(0 <= stage < len(page_texts.STAGES) for stage in STAGE.values())


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("TicketHung", {"until": "2026-06-12T10:00:00+00:00"}, "现在还办不了，先记着，6月12日再看"),
        ("TicketChecked", {"passed": False}, "核查没有通过，重新办"),
        ("TicketMerged", {}, "和同一件事一起办，编号不变"),
        ("TicketReopened", {}, "重新办理"),
        ("RungReached", {"rung": 100}, page_texts.LATE),
        ("RungReached", {"rung": 50}, ""),
        ("TicketDispatched", {"why": "escalated", "tier": 3}, "已上报街道指挥室，街道指挥室在安排"),
        ("UnitJoined", {}, "请城管中队一起办"),
        ("DueMoved", {"due": "2026-06-12T10:00:00+00:00"}, "节假日或值班时间有调整，改到6月12日前办好"),
        ("LineCalled", {"line": "119"}, "请马上打119，社区也在跟进"),
        ("HangAsked", {}, ""),
    ],
)
def test_steps(kind: str, body: dict[str, object], said: str) -> None:
    assert step(kind, body, "苏建华", "城管中队", own=False) == said


@pytest.mark.parametrize("status", list(Status))
def test_no_button_leads_to_a_refusal(status: Status) -> None:
    for count in (0, 1, 2):
        for some in combinations(Who, count):
            parts = frozenset(some) - {Who.CLOCK}
            for own, party in product((False, True), (None, WHISTLED, ON_SITE)):
                offered = buttons(status, parts, own=own, party=party)
                assert all(ACTS[verb] in possible(status, parts) for verb in offered)
                assert {"签到", "报结论"}.isdisjoint(offered) or party is not None
                if not parts & {Who.HANDLER, Who.PARTNER, Who.GRID, Who.DESK, Who.STREET}:
                    assert not offered  # the reporter, a neighbour


def test_the_handler_is_offered_what_comes_next() -> None:
    lead = frozenset({Who.HANDLER})
    assert buttons(S.TO_ACCEPT, lead) == ("接单", "退单", "求助")
    assert buttons(S.IN_HAND, lead) == ("到场", "办结", "办理情况", "退单", "求助")
    assert "退单" not in buttons(S.IN_HAND, lead, designated=True)
    assert "到场" not in buttons(S.IN_HAND, lead, visited=True)
    assert not buttons(S.TO_CHECK, lead)


def test_who_was_whistled_for_signs_in_and_then_concludes() -> None:
    came, led = frozenset({Who.PARTNER}), frozenset({Who.PARTNER, Who.HANDLER})
    assert buttons(S.TO_ACCEPT, came, party=WHISTLED) == ("签到",)
    assert buttons(S.TO_ACCEPT, came, party=ON_SITE) == ("报结论",)
    assert buttons(S.IN_HAND, led, party=WHISTLED) == ("签到", "办结", "办理情况", "退单", "求助")
    assert not buttons(S.TO_ACCEPT, came, party=replace(ON_SITE, concluded=NOW))
    assert not buttons(S.TO_ACCEPT, came, party=replace(WHISTLED, role="assist"))


def test_the_desk_decides_and_nobody_decides_his_own() -> None:
    desk = frozenset({Who.DESK})
    assert buttons(S.TO_CHECK, desk) == ("核查通过", "核查不通过")
    assert buttons(S.RETURN_ASKED, desk) == ("同意退单", "不同意退单")
    assert buttons(S.HOTLINE, desk) == ("跟进", "办理情况")
    assert not buttons(S.TO_CHECK, desk, own=True)


@pytest.mark.parametrize("verb", sorted({verb for verbs in BUTTONS.values() for verb in verbs}))
def test_every_button_is_heard(verb: str) -> None:
    assert for_staff(verb)
