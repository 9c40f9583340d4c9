"""Every fact of a person, and what their record says afterwards."""

from __future__ import annotations

from handlers.residents import facts as f
from handlers.tickets.facts import TicketFollowed, WordsAdded
from handlers.types import Outcome, Reply, Role
from nlp.types import NOTHING
from storage import people
from storage.engine import Database
from storage.schema import (
    claims,
    facts,
    homes,
    identities,
    notes,
    persons,
    tickets,
)  # fmt: skip
from tests.storage.kit import NOW, asked, at, do, message, open_turns, opened, person_of, row, rows
from tests.storage.town import Town


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
