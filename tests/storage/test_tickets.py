"""Every fact of a ticket, and what its row says afterwards."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any, get_args

import orjson
import pytest

from handlers.residents import facts as resident_facts
from handlers.tickets import facts as f
from handlers.tickets import facts_chain as g
from handlers.tickets.rules import Status
from handlers.types import Fact, Media, Pin
from nlp.types import Place
from storage import residents, tickets, tickets_chain
from storage.engine import Database
from storage.schema import facts, followers, media, notes, timers
from storage.schema import tickets as table
from tests.storage.kit import HOME, NOW, asked, at, do, opened, row, rows


def test_every_fact_there_is_has_somebody_to_apply_it() -> None:
    of = ((f, tickets.TicketFact), (g, tickets_chain.ChainFact), (resident_facts, residents.ResidentFact))
    for module, kinds in of:
        there = {
            kind
            for _, kind in inspect.getmembers(module, inspect.isclass)
            if issubclass(kind, Fact) and kind.__module__ == module.__name__
        }
        applied = {kind for kind in get_args(kinds) if kind.__module__ == module.__name__}
        assert there == applied


def test_opened(database: Database) -> None:
    fact = opened(
        7, media=(Media("photo", "file:a.jpg"), Media("voice", "wechat:M1")), pin=Pin(30.1, 120.2), anonymous=True,
        category="0702", level="T1", urgency="urgent",
    )  # fmt: skip
    do(database, fact)
    ticket = asked(database, lambda read: read.ticket(7))
    for name in (
        "code", "community", "micro_grid", "category", "level", "urgency", "kind", "status", "words", "summary",
        "place", "reporter", "owner", "anonymous", "accept_by", "due", "pin",
    ):  # fmt: skip
        assert getattr(ticket, name) == getattr(fact, name), name
    assert ticket.media == (Media("photo", "file:a.jpg"), Media("voice", "wechat:M1"))
    assert (ticket.opened, ticket.changed, ticket.dispatched, ticket.dispatches) == (NOW, NOW, NOW, 1)
    stored = row(database, table)
    assert (stored.place_key, stored.tail, stored.source, stored.community) == ("e5:b3", "0007", "wechat", None)
    first, second = rows(database, media)
    assert (first.state, first.file, first.next_at) == ("stored", "a.jpg", None)
    assert (second.state, second.file, second.next_at) == ("wanted", None, NOW)


def test_opened_for_the_desk(database: Database) -> None:
    spot = Place(community=0, estate=5, estate_name="学府花园", spot="北门", label="学府花园北门")
    do(database, opened(1, owner=0, status=Status.TO_DISPATCH, place=spot))
    ticket = asked(database, lambda read: read.ticket(1))
    assert (ticket.dispatches, ticket.dispatched, ticket.place) == (0, None, spot)
    assert row(database, table).place_key == "e5@北门"


IN_HAND = {"status": Status.IN_HAND}
CHANGES: list[tuple[str, tuple[Fact, ...], dict[str, Any]]] = [
    ("pin", (f.WordsAdded(1, 100, "还是黑的", (), Pin(30.0, 120.0)),), {"pin": Pin(30.0, 120.0)}),
    ("urged", (f.TicketUrged(1, 100, "快点"),), {"status": Status.TO_ACCEPT}),
    ("withdrawn", (f.TicketWithdrawn(1, 100, False),), {"status": Status.WITHDRAWN, "closed": at(5)}),
    ("withdrawn, kept", (f.TicketWithdrawn(1, 100, True),), {"status": Status.TO_ACCEPT, "anonymous": True}),
    ("hidden", (f.NameHidden(1, 100),), {"anonymous": True}),
    (
        "dispatched",
        (f.TicketDispatched(1, 300, 0, "desk", Status.TO_ACCEPT, True, at(60), "超时"),),
        {"owner": 300, "dispatches": 2, "designated": True, "accept_by": at(60), "dispatched": at(5)},
    ),
    (
        "to the desk",
        (f.TicketDispatched(1, 0, 200, "escalated", Status.TO_DISPATCH),),
        {"owner": 0, "dispatches": 1, "status": Status.TO_DISPATCH},
    ),
    ("deputy", (f.TicketDispatched(1, 300, 0, "deputy", Status.TO_ACCEPT),), {"owner": 300, "dispatches": 1}),
    ("a unit", (f.TicketDispatched(1, 0, 9, "desk", Status.TO_ACCEPT, unit=70, tier=2),), {"unit": 70, "tier": 2}),
    ("hang asked", (g.HangAsked(1, 200, at(9000), "等配件"),), {"hang_asked": at(9000)}),
    (
        "hung",
        (g.HangAsked(1, 200, at(9000)), g.TicketHung(1, 9, at(9000), "等配件")),
        {"status": Status.HUNG, "hung_until": at(9000), "hang_asked": None},
    ),
    (
        "resumed",
        (g.TicketHung(1, 9, at(9000)), g.TicketResumed(1, 0)),
        {"status": Status.IN_HAND, "hung_until": None},
    ),
    ("merged", (g.TicketMerged(1, 9, 5),), {"status": Status.MERGED, "merged_into": 5}),
    (
        "unmerged",
        (g.TicketMerged(1, 9, 5), g.TicketUnmerged(1, 9, 5)),
        {"status": Status.TO_DISPATCH, "merged_into": 0, "owner": 0},
    ),
    ("rejected", (g.TicketRejected(1, 9, "court", "在审"),), {"status": Status.REJECTED, "ended": "court"}),
    (
        "appealed",
        (g.TicketRejected(1, 9, "court"), g.TicketAppealed(1, 100, "没审")),
        {"status": Status.WAITING, "ended": "", "closed": None},
    ),
    ("to a line", (g.LineCalled(1, 9, "110"),), {"status": Status.HOTLINE}),
    ("more asked", (g.MoreAsked(1, 9, "几幢"),), {"status": Status.DRAFT}),
    ("submitted", (g.TicketSubmitted(1, 200, "换了"),), {"status": Status.TO_CHECK, "result": "换了"}),
    ("reclassed", (g.TicketReclassed(1, 9, "0403", "T1"),), {"category": "0403", "level": "T1"}),
    ("on no list", (g.ListNoted(1, 9, "清单外", 300),), {"list_basis": "清单外", "cost": 300}),
    ("called back", (g.CallbackSet(1, 200),), {"against": 200}),
    ("taken", (f.TicketDispatched(1, 300, 300, "taken", Status.TO_ACCEPT),), {"owner": 300, "dispatches": 1}),
    ("accepted", (f.TicketAccepted(1, 200),), IN_HAND | {"accepted": at(5)}),
    ("visited", (f.TicketVisited(1, 200, "看过了"),), IN_HAND | {"accepted": at(5), "visited": at(5)}),
    ("return asked", (f.ReturnAsked(1, 200, "不归我管"),), {"status": Status.RETURN_ASKED}),
    ("return refused", (f.ReturnDecided(1, 9, False, Status.IN_HAND, "还是您办"),), IN_HAND),
    (
        "extension asked",
        (f.ExtensionAsked(1, 200, at(900), "等配件"),),
        {"status": Status.EXTENSION_ASKED, "extension_until": at(900)},
    ),
    (
        "visited during an extension",
        (f.ExtensionAsked(1, 200, at(900)), f.TicketVisited(1, 200)),
        {"status": Status.EXTENSION_ASKED},
    ),
    (
        "extension granted",
        (f.ExtensionAsked(1, 200, at(900)), f.ExtensionDecided(1, 9, True, at(900))),
        IN_HAND | {"due": at(900), "extended": True, "extension_until": None},
    ),
    (
        "extension refused",
        (f.ExtensionAsked(1, 200, at(900)), f.ExtensionDecided(1, 9, False, at(600), "不行")),
        IN_HAND | {"due": at(600), "extended": False, "extension_until": None},
    ),
    (
        "solved",
        (f.TicketSolved(1, 200, "换了灯泡", (Media("photo", "file:b.jpg"),)),),
        {"status": Status.TO_RATE, "result": "换了灯泡", "solved": at(5), "accepted": at(5), "media": ()},
    ),
    ("answered", (f.TicketSolved(1, 200, "好了"), f.SolvedAnswered(1, 100, True)), {"solved_answer": True}),
    (
        "reopened",
        (
            f.TicketSolved(1, 200, "好了"),
            f.SolvedAnswered(1, 100, False, "没好"),
            f.TicketRated(1, 100, "不满意"),
            f.TicketReopened(1, 100, at(70), at(80)),
        ),
        IN_HAND
        | {"reopened": 1, "solved_answer": None, "rating": "", "accept_by": at(70), "due": at(80), "solved": None},
    ),
    ("rated", (f.TicketRated(1, 100, "满意", "谢谢"),), {"rating": "满意"}),
    ("closed", (f.TicketClosed(1, "answered"),), {"status": Status.DONE, "closed": at(5)}),
    ("desk replied", (f.DeskReplied(1, 9, "正在联系"),), {"status": Status.TO_ACCEPT}),
]  # fmt: skip


@pytest.mark.parametrize(("happened", "expected"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_change(database: Database, happened: tuple[Fact, ...], expected: dict[str, Any]) -> None:
    do(database, opened(1))
    do(database, *happened, now=at(5))
    ticket = asked(database, lambda read: read.ticket(1))
    assert {name: getattr(ticket, name) for name in expected} == expected
    assert ticket.changed == at(5)
    words = {
        name: getattr(fact, name) for fact in happened for name in ("words", "reason") if getattr(fact, name, "")
    }
    assert {note.words for note in rows(database, notes)} >= set(words.values())


def test_those_that_are_only_logged(database: Database) -> None:
    do(database, opened(1))
    before = row(database, table)
    do(database, f.OwnerReminded(1, "remind", 200), f.AccessRefused(1, 300, "接单"), now=at(5))
    assert row(database, table) == before
    assert [fact.kind for fact in rows(database, facts)] == ["TicketOpened", "OwnerReminded", "AccessRefused"]


def test_followers(database: Database) -> None:
    do(database, opened(1), f.TicketFollowed(1, 101), f.TicketFollowed(1, 102), f.TicketFollowed(1, 101))
    assert len(rows(database, followers)) == 2
    assert asked(database, lambda read: (read.ticket(1).followers, read.people_of(1))) == (2, (100, 101, 102))


def test_words_and_photos_added(database: Database) -> None:
    do(database, opened(1), f.WordsAdded(1, 100, "还有一盏", (Media("photo", "file:c.jpg"),)))
    note = row(database, notes)
    assert (note.ticket, note.person, note.kind, note.words) == (1, 100, "WordsAdded", "还有一盏")
    assert asked(database, lambda read: read.ticket(1).media) == (Media("photo", "file:c.jpg"),)


def test_place_corrected(database: Database) -> None:
    other = replace(HOME, building="7", label="学府花园7幢2单元502室")
    do(database, opened(1), f.PlaceCorrected(1, 100, other, 0, 33))
    ticket = asked(database, lambda read: read.ticket(1))
    assert (ticket.place, ticket.micro_grid) == (other, 33)
    assert row(database, table).place_key == "e5:b7"


def test_urges_are_counted_also_without_words(database: Database) -> None:
    do(database, opened(1), f.TicketUrged(1, 100))
    do(database, f.TicketUrged(1, 100, "快"), now=at(300))
    assert asked(database, lambda read: read.urges(1, NOW)) == (2, at(300))
    assert asked(database, lambda read: read.urges(1, at(1))) == (1, at(300))
    assert asked(database, lambda read: read.urges(1, at(301))) == (0, None)


def test_timers(database: Database) -> None:
    do(database, f.TimerSet(1, "remind", at(5)), f.TimerSet(1, "due", at(50)), f.TimerSet(1, "remind", at(9)))
    assert [(timer.kind, timer.due) for timer in rows(database, timers)] == [("due", at(50)), ("remind", at(9))]
    do(database, f.TimersCleared(1, ("remind", "other")), f.TimerSet(2, "remind", at(1)))
    assert [(timer.ticket, timer.kind) for timer in rows(database, timers)] == [(1, "due"), (2, "remind")]
    do(database, f.TimersCleared(1, ("due",)), f.TimerSet(1, "due", at(7)), f.TimersCleared(1, ("due",)))
    assert [timer.ticket for timer in rows(database, timers)] == [2]


def test_the_log_tells_nothing_private(database: Database) -> None:
    do(database, opened(1, pin=Pin(30.123456, 120.0)), f.WordsAdded(1, 100, "电话13800000000"))
    first, second = rows(database, facts)
    told = orjson.loads(first.body)
    assert told["place"].keys() == {"community", "estate", "building", "spot", "digest"}
    assert told["due"] == "2026-06-01T11:00:00Z"
    assert told["category"] == "0201"
    for private in ("楼道", "502", "30.12", "138"):
        assert private not in first.body + second.body
    assert len(orjson.loads(second.body)["words"]) == 44
