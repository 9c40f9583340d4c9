"""Applies what happened to volunteer teams: founding, members, captain, 备案; decides nothing."""

from __future__ import annotations

from typing import Any, assert_never

from sqlalchemy import bindparam, literal_column, update

from handlers.activities import facts as f
from handlers.activities import facts_honour as h
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import team_members, teams
from storage.schema.honour import team_filings
from storage.sql import Prepared

TeamFact = (
    f.TeamFounded | f.TeamDecided | f.TeamJoined | f.TeamLeft | h.CaptainOffered | h.CaptainChanged | h.FilingAsked
    | h.FilingDecided
)  # fmt: skip

_t, _f = teams.c, team_filings.c
_now = bindparam("now", type_=Utc())


def _given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_TEAM = Prepared(
    teams.insert().values(
        **_given("id", "community", "name", "captain", "about"), filing="", tags="", status="asked", since=_now,
        successor=0,
    )
)  # fmt: skip
_STATUS = Prepared(
    update(teams).where(_t.id == bindparam("team"), _t.status == "asked").values(status=bindparam("decided"))
)
_JOINED = Prepared(
    lambda insert: (
        insert(team_members)
        .values(**_given("team", "person", "since"), until=None)
        .on_conflict_do_update(index_elements=["team", "person"], set_={"until": None})
    )
)
_LEFT = Prepared(
    update(team_members)
    .where(team_members.c.team == bindparam("of"), team_members.c.person == bindparam("who"))
    .values(until=_now)
)
_OFFERED = Prepared(update(teams).where(_t.id == bindparam("team")).values(successor=bindparam("to")))
_CHANGED = Prepared(  # only by the one it was offered to, and only over the captain that was seen
    update(teams)
    .where(_t.id == bindparam("team"), _t.captain == bindparam("before"), _t.successor == bindparam("after"))
    .values(captain=bindparam("after"), successor=0)
)
_ASKED = Prepared(
    team_filings.insert().values(
        **_given("id", "team", "category", "venue", "funds", "asked_by"), state="asked", asked=_now, number="", by=0
    )
)
_DECIDED = Prepared(
    update(team_filings)
    .where(_f.id == bindparam("filing"), _f.state == literal_column("'asked'"))
    .values(
        state=bindparam("to"), number=bindparam("number"), by=bindparam("who"), why=bindparam("why"), decided=_now
    )
)
_FILED = Prepared(update(teams).where(_t.id == bindparam("team")).values(filing=bindparam("number")))


def apply(fact: TeamFact, pen: Pen) -> None:
    tx, now = pen.tx, pen.now
    match fact:
        case f.TeamFounded(team, community, name, captain, about):
            tx.write(_TEAM, id=team, community=community, name=name, captain=captain, about=about, now=now)
        case f.TeamDecided(team, _, agreed):
            tx.write_once(_STATUS, team=team, decided="active" if agreed else "refused")
        case f.TeamJoined(team, person):
            tx.write(_JOINED, team=team, person=person, since=now)
        case f.TeamLeft(team, person):
            tx.write(_LEFT, of=team, who=person, now=now)
        case h.CaptainOffered(team, _, to):
            tx.write_once(_OFFERED, team=team, to=to)
        case h.CaptainChanged(team, before, captain):
            tx.write_once(_CHANGED, team=team, before=before, after=captain)
        case h.FilingAsked(filing, team, by, category, venue, funds):
            tx.write(_ASKED, id=filing, team=team, category=category, venue=venue, funds=funds, asked_by=by, now=now)
        case h.FilingDecided(filing, team, by, number, why):
            tx.write_once(
                _DECIDED, filing=filing, to="filed" if number else "refused", number=number, who=by,
                why=why or None, now=now,
            )  # fmt: skip
            if number:
                tx.write_once(_FILED, team=team, number=number)
        case _:
            assert_never(fact)
