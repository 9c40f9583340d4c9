"""Tokens, jobs, media, the register's version, the broom, and what the console's pages show."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from handlers.tickets.facts import TicketClosed, TicketSolved, TimerSet, WordsAdded
from handlers.tickets.rules import Status
from handlers.types import Choice, Dialog, Media, Outcome, Push, Reply
from storage import jobs, media, places, queue, tokens, upkeep, views
from storage.engine import Database
from storage.jobs import JobRun
from storage.schema import dialogs, drafts, inbox, outbox
from storage.sight import Sight
from tests.storage.kit import NOW, at, do, message, opened, rows, say
from tests.storage.town import Town, build


def test_token(database: Database) -> None:
    assert tokens.read_token(database, "wx", NOW) is None
    assert tokens.try_refresh_lock(database, "wx", "a", NOW, 10)
    assert not tokens.try_refresh_lock(database, "wx", "b", NOW, 10)
    assert tokens.try_refresh_lock(database, "wx", "a", NOW, 10)
    tokens.store_token(database, "wx", "T1", at(120))
    assert tokens.read_token(database, "wx", NOW) == "T1"
    assert tokens.read_token(database, "wx", at(120)) is None
    assert tokens.try_refresh_lock(database, "wx", "b", NOW, 10)  # storing lets go
    assert tokens.try_refresh_lock(database, "wx", "c", at(1), 10)  # a dead holder's lock ends
    tokens.drop_token(database, "wx", "T0")
    assert tokens.read_token(database, "wx", NOW) == "T1"
    tokens.drop_token(database, "wx", "T1")
    assert tokens.read_token(database, "wx", NOW) is None
    tokens.store_token(database, "other", "T2", at(120))
    assert tokens.read_token(database, "other", NOW) == "T2"


def test_one_refresher_of_many(database: Database) -> None:
    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(lambda n: tokens.try_refresh_lock(database, "wx", f"p{n}", NOW, 10), range(6)))
    assert won.count(True) == 1


def test_jobs(database: Database) -> None:
    jobs.record(database, "timers", NOW, 0.5, True, "3 fired")
    jobs.record(database, "chain", NOW, 0.1, True, "")
    jobs.record(database, "timers", at(1), 0.25, False, "x" * 500)
    assert jobs.last(database) == [
        JobRun("chain", NOW, 0.1, True, ""),
        JobRun("timers", at(1), 0.25, False, "x" * 200),
    ]


def test_media(database: Database) -> None:
    do(
        database,
        opened(1, media=(Media("photo", "wechat:A"), Media("voice", "wechat:B"), Media("photo", "file:c.jpg"))),
    )
    first, second = media.wanted(database, NOW, 9)
    assert (first.ref, first.kind, first.attempts) == ("wechat:A", "photo", 0)
    assert media.wanted(database, at(-1), 9) == []
    assert media.stored(database, first.id, "a.jpg")
    assert not media.stored(database, first.id, "b.jpg")
    media.later(database, second.id, at(5))
    assert media.wanted(database, at(4), 9) == []
    assert [(found.id, found.attempts) for found in media.wanted(database, at(5), 9)] == [(second.id, 1)]
    media.lost(database, second.id)
    assert media.wanted(database, at(5), 9) == media.erased(database) == []
    assert views.ticket_media(database, 1) == [("a.jpg", "photo", "report"), ("c.jpg", "photo", "report")]


def test_register_and_its_version(database: Database) -> None:
    with database.reading() as conn:
        assert places.version(conn) == 0
        assert places.load_register(conn).estates == ()
    build(database)
    with database.reading() as conn:
        assert places.version(conn) == 1
        (estate,) = places.load_register(conn).estates
    assert (estate.id, estate.community, estate.name, estate.aliases, estate.word) == (
        5,
        10,
        "学府花园",
        ("学府",),
        "幢",
    )
    assert estate.spots == ("北门",)
    three = estate.buildings["3"]
    assert (three.id, three.word, three.units) == (30, "幢", {"1": {"101"}, "2": {"301", "302", "402"}})
    assert estate.buildings["7"].units == {"": {"201"}}


@pytest.mark.parametrize(
    ("parts", "label"),
    [
        (("枫桦景苑一期", "号", "36", "", "", "502"), "枫桦景苑一期36号502室"),
        (("学府花园", "幢", "3", "2", "4"), "学府花园3幢2单元4楼"),
        (("学府花园", "幢"), "学府花园"),
    ],
)
def test_labels(parts: tuple[str, ...], label: str) -> None:
    assert places.label(*parts) == label


def test_the_broom(database: Database) -> None:
    def talk(turn, read):  # type: ignore[no-untyped-def]
        dialog = Dialog("form", {}, (Choice("好"),), turn.now)
        return Outcome((Reply("好"),), (), (Push(1, "一", "progress"),), dialog)

    say(database, message("old", "a"), talk, NOW - timedelta(days=10))
    say(database, message("new", "b"), talk)
    (push, _) = rows(database, outbox)
    queue.sent(database, [push.id], "service", NOW - timedelta(days=100))
    with database.writing() as conn:
        for login, hours in (("old", 2), ("new", 0)):
            conn.execute(drafts.insert().values(login=login, body="{}", at=NOW - timedelta(hours=hours)))
    assert upkeep.sweep(database, NOW) == upkeep.Swept(1, 1, 1)
    assert [found.login for found in rows(database, drafts)] == ["new"]
    assert upkeep.sweep(database, NOW) == upkeep.Swept()
    assert [found.key for found in rows(database, inbox)] == ["new"]
    assert [found.user for found in rows(database, dialogs)] == ["b"]
    assert len(rows(database, outbox)) == 1


def test_board(database: Database, town: Town) -> None:
    do(
        database,
        opened(1, community=10, owner=40, media=(Media("photo", "file:a.jpg"), Media("voice", "file:v.amr"))),
    )
    do(database, opened(2, community=10, owner=0, status=Status.TO_DISPATCH), now=at(1))
    do(database, opened(3), now=at(2))  # its community is not known yet
    do(database, TicketSolved(1, 40, "换好了", (Media("photo", "file:b.jpg"),)), now=at(3))
    first, unplaced, second = views.board(database, Sight(7, (10,)), 9)
    assert (first.id, first.code, first.status, first.owner) == (1, "202606010001", "待评价", "陈立")
    assert (first.category, first.place, first.result) == ("楼道灯/路灯", "学府花园3幢2单元502室", "换好了")
    assert (first.photos, first.opened, first.changed) == (("a.jpg",), NOW, at(3))
    assert (second.id, second.owner) == (2, "")
    assert [found.id for found in views.board(database, None, 9)] == [1, 3, 2]
    assert [found.id for found in views.board(database, Sight(7, (99,)), 9)] == [unplaced.id] == [3]
    assert [found.id for found in views.board(database, None, 1)] == [1]
    assert views.board(database, Sight(7, ()), 9) == []
    assert views.counts(database, Sight(7, (99,))) == {"待接单": 1}
    assert views.counts(database, None) == {"待评价": 1, "待派单": 1, "待接单": 1}
    assert views.board_row(database, 1, Sight(7, (10,))) == first
    assert views.board_row(database, 1, Sight(7, (99,))) is None
    assert views.detail(database, 1, Sight(7, (99,))) is None


def test_detail_and_timeline(database: Database, town: Town) -> None:
    do(database, opened(1, community=10, reporter=43), TimerSet(1, "remind", at(5)))
    do(database, opened(2, community=10, reporter=43, anonymous=True))
    do(database, WordsAdded(1, 0, "还是黑的"), now=at(1))
    do(
        database,
        TicketSolved(1, 40, "换好了", (Media("photo", "file:b.jpg"),)),
        TicketClosed(1, "answered"),
        now=at(2),
    )
    found = views.detail(database, 1, Sight(7, (10,)))
    assert found is not None
    assert (found.reporter_name, found.words, found.result_photos) == ("李网", "楼道灯坏了", ("b.jpg",))
    hidden = views.detail(database, 2, None)
    assert hidden is not None
    assert (hidden.reporter_name, hidden.reporter_phone, hidden.anonymous) == ("", "", True)
    steps = views.timeline(database, 1)
    assert [step.kind for step in steps] == ["TicketOpened", "WordsAdded", "TicketSolved", "TicketClosed"]
    assert steps[1].words == "还是黑的"
    assert steps[0].body["category"] == "0201"
