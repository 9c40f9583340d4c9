"""Every cell of state × act × part: allowed by the table, or refused in one sentence that says what can be done."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from handlers.read import Ticket
from handlers.tickets import said
from handlers.tickets.acts import ACTS, BY_ITSELF, allowed
from handlers.tickets.facts import AccessRefused
from handlers.tickets.rules import MOVES, ROUTES, ROWS, TABLE, WHO, Action, Status, Who
from handlers.types import Person, Refused
from nlp.types import Place

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
WHOEVER = Person(7)


def ticket(status: Status) -> Ticket:
    return Ticket(
        1, "202606010017", 10, 12, "0201", "T2", "normal", "求助", status, "灯坏了", "灯坏了", Place(), 100, 200,
        False, False, 1, NOW, NOW,
    )  # fmt: skip


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_every_cell_and_its_words(status: Status, action: Action) -> None:
    for part in Who:
        row = ROWS.get((status, action))
        if row is not None and part in row.who and action in ACTS:
            assert allowed(ticket(status), action, WHOEVER, frozenset({part})) is row
            continue
        with pytest.raises(Refused) as no:
            allowed(ticket(status), action, WHOEVER, frozenset({part}))
        text, (fact,) = str(no.value), no.value.facts
        assert isinstance(fact, AccessRefused)
        assert (fact.ticket, fact.person, fact.action) == (1, 7, str(action))
        assert text.endswith("。") and len(text) <= 120
        if part not in WHO[action]:
            assert fact.why == "role" and f"「{action}」不由您来做" in text
        elif fact.why == "state":
            assert text.startswith(f"0017现在是「{status}」，不能{action}。")
            assert "现在可以：" in text or "现在不用您做什么" in text
        elif fact.why == "repeat":
            assert text == said.ALREADY[status, action].format(short="0017")
        else:
            assert fact.why == "role"


def test_a_stranger_is_told_nothing_of_the_ticket() -> None:
    for action in ACTS:
        with pytest.raises(Refused, match="不归您管"):
            allowed(ticket(Status.IN_HAND), action, WHOEVER, frozenset())


def test_every_act_of_the_table_is_done_by_somebody_or_by_itself() -> None:
    assert set(ACTS) | BY_ITSELF == set(Action) == {row.action for row in TABLE}
    assert not set(ACTS) & BY_ITSELF


def test_one_row_a_cell_and_a_question_for_every_need() -> None:
    cells = [(status, row.action) for row in TABLE for status in row.states]
    assert len(cells) == len(set(cells)) == len(MOVES)
    for row in TABLE:
        for need in row.needs:
            assert row.action in BY_ITSELF or (row.action, need) in said.NEEDED, (row.action, need)


def test_states_of_the_field_and_how_they_lead_on() -> None:
    """domain.md §2.2, the column "Allowed next"."""
    s = Status
    wanted = {
        s.DRAFT: {s.WAITING, s.WITHDRAWN}, s.WAITING: {s.TO_DISPATCH, s.REJECTED, s.MERGED, s.HOTLINE},
        s.TO_DISPATCH: {s.TO_ACCEPT, s.REJECTED}, s.TO_ACCEPT: {s.IN_HAND, s.RETURN_ASKED},
        s.RETURN_ASKED: {s.TO_ACCEPT, s.TO_DISPATCH},
        s.IN_HAND: {s.TO_CHECK, s.EXTENSION_ASKED, s.HUNG, s.ESCALATED}, s.EXTENSION_ASKED: {s.IN_HAND},
        s.HUNG: {s.IN_HAND}, s.ESCALATED: {s.TO_ACCEPT}, s.TO_CHECK: {s.TO_RATE, s.IN_HAND},
        s.TO_RATE: {s.DONE, s.IN_HAND}, s.DONE: {s.ARCHIVED, s.IN_HAND}, s.REJECTED: {s.WAITING},
        s.HOTLINE: {s.TO_DISPATCH},
    }  # fmt: skip
    for status, following in wanted.items():
        assert following <= {to for (at, _), to in MOVES.items() if at is status}, status
    assert not [key for key, to in MOVES.items() if key[0] in (s.ARCHIVED, s.WITHDRAWN) and to is not key[0]]


def test_every_reason_not_to_accept_has_a_route() -> None:
    assert all(why and where for why, where in ROUTES.values()) and len(ROUTES) == 9
