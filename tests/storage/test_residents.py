"""Every fact of a person, and what their record says afterwards; erasing leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, text

from handlers.residents import facts as f
from handlers.tickets.facts import TicketClosed, TicketFollowed, TicketWithdrawn, WordsAdded
from handlers.types import Choice, Dialog, Media, Outcome, Push, Reply, Role
from nlp.types import NOTHING
from storage import media as media_rows
from storage import people, queue
from storage.engine import Database
from storage.schema import (
    claims,
    dialogs,
    facts,
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
from tests.storage.kit import NOW, asked, at, do, message, open_turns, opened, row, rows, say
from tests.storage.town import Town, build

CANARY = "金丝雀"


@pytest.fixture
def town(database: Database) -> Town:
    return build(database)


def person_of(database: Database, user: str = "resident") -> int:
    return say(database, message(f"first-{user}", user)).person


def test_record(database: Database, town: Town) -> None:
    person = person_of(database)
    do(
        database,
        f.Followed(person, "g1.x"),
        f.NoticeShown(person, 3),
        f.HomeBound(person, town.households["302"], town.community, "owner", "text"),
        f.PhoneGiven(person, "13800000000"),
        f.AnonymitySet(person, True),
    )
    who = asked(database, lambda read: read.person(person))
    assert (who.notice, who.phone, who.anonymous, who.community) == (3, "13800000000", True, town.community)
    (home,) = who.homes
    assert (home.place.label, home.relation) == ("学府花园3幢2单元302室", "owner")
    assert (home.micro_grid, home.place.source, home.place.confidence) == (town.micro_grid, "home", 1.0)
    do(
        database,
        f.HomeBound(person, town.households["302"], town.community, "tenant", "text"),
        f.AnonymitySet(person, False),
    )
    who = asked(database, lambda read: read.person(person))
    assert [home.relation for home in who.homes] == ["tenant"]
    assert not who.anonymous
    do(database, f.HomeLeft(person, town.households["302"]), now=at(9))
    assert asked(database, lambda read: read.person(person)).homes == ()
    assert row(database, homes, homes.c.person == person).until == at(9)


def test_community_known(database: Database, town: Town) -> None:
    person = person_of(database)
    do(database, f.CommunityKnown(person, town.community, town.building))
    do(database, f.CommunityKnown(person, town.community))
    found = row(database, persons, persons.c.id == person)
    assert (found.community, found.building) == (town.community, town.building)


def test_unfollowed_is_the_addresss_business(database: Database) -> None:
    person = person_of(database)
    do(database, f.Unfollowed(person))
    assert [fact.kind for fact in rows(database, facts)] == ["Unfollowed"]


def test_phone_is_found_again_by_its_index(database: Database) -> None:
    person = person_of(database)
    do(database, f.PhoneGiven(person, "138 0000 0000"))
    with database.writing() as conn:
        assert people.add_person(conn, "王", "13800000000", 0, now=NOW) == person


def test_claims(database: Database, town: Town) -> None:
    with database.writing() as conn:
        code = people.new_claim(conn, town.leader, NOW)
    assert asked(database, lambda read: read.claim(code, at(1))) == town.leader
    assert asked(database, lambda read: read.claim(code, at(8 * 24 * 60))) == 0
    assert asked(database, lambda read: read.claim("00000000", at(1))) == 0
    guest = person_of(database)
    do(database, f.ClaimFailed(guest), f.ClaimFailed(guest), now=at(5))
    assert asked(database, lambda read: read.failed_claims(guest, at(4))) == 2
    assert asked(database, lambda read: read.failed_claims(guest, at(6))) == 0


def test_claiming_joins_two_records(database: Database, town: Town) -> None:
    with database.writing() as conn:
        code = people.new_claim(conn, town.leader, NOW)
    guest = person_of(database)
    household = town.households["302"]
    do(
        database,
        f.NoticeShown(guest, 2),
        f.HomeBound(guest, household, town.community, "owner", "text"),
        opened(1, reporter=guest),
        TicketFollowed(1, guest),
        TicketFollowed(1, town.leader),
        WordsAdded(1, guest, "补充"),
    )

    def claim(turn, read):  # type: ignore[no-untyped-def]
        return Outcome((Reply("好"),), (f.PostClaimed(turn.who.id, town.leader),), dialog=None)

    def who(turn, read):  # type: ignore[no-untyped-def]
        return Outcome((Reply(f"{turn.who.id} {turn.who.holds(Role.LEADER)} {len(turn.who.homes)}"),))

    with open_turns(
        database, lambda turn, read: (claim if turn.inbound.text == "claim" else who)(turn, read)
    ) as turns:
        waiting = [turns.submit(message(f"m{n}", text=said), NOTHING, NOW) for n, said in enumerate(["claim", "who"])]
        assert waiting[0].result(10).person == town.leader
        assert waiting[1].result(10).replies[0].text == f"{town.leader} True 1"
    assert row(database, identities).person == town.leader
    assert row(database, tickets).reporter == town.leader
    assert row(database, notes).person == town.leader
    assert asked(database, lambda read: read.people_of(1)) == (town.leader,)
    assert row(database, claims).used == NOW
    assert asked(database, lambda read: read.claim(code, at(1))) == 0
    merged = asked(database, lambda read: read.person(town.leader))
    assert (merged.name, merged.notice) == ("陈立", 2)
    assert row(database, persons, persons.c.id == guest).erased == NOW


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
