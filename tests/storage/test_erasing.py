"""Erasing leaves no word of a person behind, and nothing of others is lost with it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert, text

from handlers.residents import facts as f
from handlers.tickets.facts import TicketClosed, TicketFollowed, TicketWithdrawn, WordsAdded
from handlers.types import Choice, Dialog, Media, Outcome, Push, Reply, Role
from storage import media as media_rows
from storage import people, queue
from storage.engine import Database
from storage.schema import (
    dialogs,
    followers,
    homes,
    identities,
    inbox,
    media,
    metadata,
    notes,
    outbox,
    persons,
    tickets,
)  # fmt: skip
from tests.storage.kit import NOW, asked, at, do, message, opened, person_of, row, rows, say
from tests.storage.town import Town

CANARY = "金丝雀"


def private_turn(turn, read):  # type: ignore[no-untyped-def]
    """Every place a person's words can end up in."""
    ticket, who = read.new_id(), turn.who.id
    report = opened(
        ticket, code="202606010001", reporter=who, words=f"{CANARY}报事", summary=CANARY,
        media=(Media("photo", "file:a1b2.jpg"),),
    )  # fmt: skip
    return Outcome(
        (Reply(f"收到:{CANARY}"),),
        (report, WordsAdded(ticket, who, f"{CANARY}补充"), f.PhoneGiven(who, "13811112222")),
        (Push(who, f"{CANARY}推送", "progress", ticket=ticket), Push(200, f"{CANARY}任务", "task", ticket=ticket)),
        Dialog("add", {"words": CANARY}, (Choice(CANARY),), turn.now),
    )


def everything(database: Database) -> str:
    """All rows of all tables, opened."""
    with database.reading() as conn:
        return "\n".join(
            str(found) for table in metadata.sorted_tables for found in conn.execute(table.select()).all()
        )  # fmt: skip


def test_erasing_leaves_no_word(database: Database, database_url: str, database_kind: str, town: Town) -> None:
    done = say(database, message("m1"), private_turn)
    do(
        database,
        f.HomeBound(done.person, town.households["302"], town.community, "owner", "text"),
        TicketFollowed(9, done.person),
    )
    assert CANARY in everything(database)
    say(
        database,
        message("m2"),
        lambda turn, read: Outcome((Reply("删好了"),), (f.PersonErased(turn.who.id),), dialog=None),
    )
    left = everything(database)
    for private in ("报事", "补充", "推送", "任务", "收到", "13811112222", "502室", CANARY):
        assert private not in left, private
    erased = row(database, persons, persons.c.id == done.person)
    assert (erased.name, erased.phone, erased.phone_index, erased.erased) == (None, None, None, NOW)
    assert rows(database, identities) == rows(database, dialogs) == []
    assert rows(database, homes, homes.c.person == done.person) == []
    assert row(database, followers).until == NOW
    assert row(database, tickets).place_key == "e5:b3"
    assert asked(database, lambda read: read.ticket(row(database, tickets).id)).place.level == "building"
    assert {push.state for push in rows(database, outbox)} == {"failed"}
    ((medium, file),) = media_rows.erased(database)
    assert file == "a1b2.jpg"
    media_rows.removed(database, medium)
    assert media_rows.erased(database) == []
    if database_kind == "sqlite":
        for path in Path(database_url.removeprefix("sqlite:///")).parent.iterdir():
            assert CANARY.encode() not in path.read_bytes(), path.name


def test_who_comes_back_is_a_new_person(database: Database) -> None:
    first = say(database, message("m1")).person
    do(database, f.PersonErased(first))
    assert say(database, message("m2")).person != first
    assert say(database, message("m1")).copy


def test_kept_tickets_lose_their_words_at_their_end(database: Database) -> None:
    person = person_of(database)
    do(
        database,
        *(opened(n, reporter=person) for n in (1, 2, 3)),
        WordsAdded(1, person, "煤气味"),
    )
    do(database, f.PersonErased(person, kept=(1, 2)))
    words = {ticket.id: ticket.words for ticket in rows(database, tickets)}
    assert words == {1: "楼道灯坏了", 2: "楼道灯坏了", 3: ""}
    assert row(database, notes).words == "煤气味"
    do(database, TicketClosed(1, "answered"), TicketWithdrawn(2, 0, False))
    assert {ticket.words for ticket in rows(database, tickets)} == {""}
    assert row(database, notes).words == ""
    assert {ticket.status for ticket in rows(database, tickets)} == {"已办结", "已撤回", "待接单"}


def test_closing_leaves_the_words_of_others(database: Database) -> None:
    person = person_of(database)
    do(database, opened(1, reporter=person), TicketClosed(1, "answered"))
    assert row(database, tickets).words == "楼道灯坏了"


def test_who_holds_a_post_keeps_it(database: Database, town: Town) -> None:
    with database.writing() as conn:
        people.link_identity(conn, town.leader, message("x").sender, NOW)
    do(database, f.PersonErased(town.leader))
    who = asked(database, lambda read: read.person(town.leader))
    assert who.name == "陈立"
    assert who.holds(Role.LEADER)
    assert rows(database, identities) == []


def test_pushes_after_erasing_are_settled(database: Database) -> None:
    person = person_of(database)
    say(database, message("m2"), lambda turn, read: Outcome(pushes=(Push(person, "一", "progress"),)))
    do(database, f.PersonErased(person))
    assert queue.claim(database, at(1), 9, "w", 30, quiet=False) == []
    with database.writing() as conn:
        conn.execute(
            insert(media).values(
                id=1,
                ticket=1,
                person=1,
                kind="photo",
                ref="wechat:1",
                state="wanted",
                attempts=0,
                next_at=NOW,
                at=NOW,
                of="report",
            )
        )
        conn.execute(text("UPDATE media SET state = 'erased'"))
    assert not media_rows.stored(database, 1, "late.jpg")
    assert rows(database, inbox)[0].replies == "[]"
