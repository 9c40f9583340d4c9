"""Who is erased leaves no seat blocked and no word behind; who joins a record brings hours and seats along."""

from __future__ import annotations

from handlers import clockwork
from handlers.activities.facts import SeatsTaken, SkillsStated, TeamFounded, TeamJoined, VolunteerKnown
from handlers.activities.facts_hours import HoursRecorded
from handlers.policy import Policy
from handlers.residents.facts import PersonErased, PostClaimed
from handlers.types import Sender
from storage.engine import Database
from storage.people import add_person, link_identity
from storage.schema import hours_days, signups, stations, team_members, timers, volunteers
from storage.timers import fire_due
from tests.storage.kit import NOW, asked, do, nothing, open_turns, row, rows
from tests.storage.volunteers import check, opened


def person(db: Database, name: str) -> int:
    with db.writing() as conn:
        made = add_person(conn, name, "", 0, now=NOW)
        link_identity(conn, made, Sender("webchat", "-", f"u{made}"), NOW)
    return made


def test_a_seat_of_the_erased_is_offered_to_the_next(database: Database) -> None:
    activity = opened(database, 1)
    post, gone, next_ = activity.stations[0].id, person(database, "王秀英"), person(database, "陈国强")
    party = '[["妈妈",0,false]]'
    do(
        database,
        SeatsTaken(1, activity.id, post, gone, 1, "seated", party, "会说"),
        SeatsTaken(2, activity.id, post, next_, 1, "waiting"),
        VolunteerKnown(gone, True), SkillsStated(gone, "修电器", "周末"),
    )  # fmt: skip
    do(database, PersonErased(gone, ()))
    left = row(database, signups, signups.c.id == 1)
    assert (left.status, left.party, left.answer) == ("left", "[]", None)
    assert rows(database, volunteers, volunteers.c.person == gone) == []
    assert row(database, stations, stations.c.id == post).taken == 0
    with open_turns(database, nothing) as turns:
        fire_due(database, turns, clockwork.fire, Policy(), NOW, 10)
    assert row(database, signups, signups.c.id == 2).status == "offered"
    assert [timer.kind for timer in rows(database, timers)] == ["su_until"]
    check(database, activity)


def test_a_joined_record_keeps_seats_hours_and_teams(database: Database) -> None:
    activity = opened(database, 5)
    post, chat, register = activity.stations[0].id, person(database, ""), person(database, "苏建华")
    do(
        database,
        SeatsTaken(1, activity.id, post, chat, 2, "seated"),
        HoursRecorded(10, chat, 1, activity.id, 4, 120, "2026-06-06", 900),
        HoursRecorded(11, register, 77, activity.id, 3, 90, "2026-06-06", 900),
        VolunteerKnown(chat, True),
        TeamFounded(5, activity.community, "护河队", chat, "做河道清洁"), TeamJoined(5, chat),
    )  # fmt: skip
    do(database, PostClaimed(chat, register))
    assert row(database, signups).person == register
    assert row(database, hours_days).half == 7
    assert sum(one.half for one in asked(database, lambda read: read.served_by(register))) == 7
    assert asked(database, lambda read: read.volunteer(register)).adult is True
    assert asked(database, lambda read: read.team(5)).captain == register
    assert row(database, team_members).person == register
