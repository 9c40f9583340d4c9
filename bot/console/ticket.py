"""One ticket on one page: what was said and what became of it, what happened, photos, what is beside it, what can be
done now. Every part is shown with the viewer's own sight; people are masked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot import media
from bot.console import asking, beside, opened, talk, words
from bot.console.beside import Beside
from bot.console.board import Line, line
from bot.console.doors import door
from bot.console.offers import TALK, Offer, offered
from bot.console.page import show
from bot.console.plan import Plan, drawn
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.console.sensitive import hidden
from bot.console.talk import Talk
from bot.keys import APP
from bot.maps import map_of
from bot.public.pages import day_and_time
from handlers.numerals import number_in
from handlers.tickets import ready, texts
from handlers.tickets.acts_end import LINES
from handlers.tickets.acts_pass import BASES
from handlers.tickets.categories import CATEGORIES
from handlers.tickets.port import Party
from handlers.tickets.rules import ROUTES, Status
from handlers.tickets.texts import RATING_WORDS
from storage import conversation, identities, view_plan, viewings, views
from storage import media as photos
from storage import ready as ready_replies
from storage.assignees import Assignee, assignees
from storage.looking import looking
from storage.ready import Ready
from storage.sight import StaffRole
from storage.viewings import Other

if TYPE_CHECKING:
    from bot.app import App

# Notes of the house are not for units; who wrote one or is named in it sees it.
_HOUSE = frozenset({StaffRole.DESK, StaffRole.STREET, StaffRole.GRID, StaffRole.LEADER})


@dataclass(frozen=True, slots=True)
class Photo:
    id: int
    href: str
    of: str
    covered: bool
    voice: bool


@dataclass(frozen=True, slots=True)
class Step:
    at: str
    what: str
    said: str
    note: bool
    id: int
    by: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows: every field is text, masked where it is about a person."""

    line: Line
    seen: int  # the last thing that had happened, for forms
    words: str
    map: str  # of the pin that was sent
    reporter: str
    phone: str
    proxy: str
    followers: int
    photos: tuple[Photo, ...]
    steps: tuple[Step, ...]
    parties: tuple[Party, ...]
    main: Line | None  # 并案: the ticket it follows
    joined: tuple[Line, ...]  # those that follow it
    photo_must: bool  # 办结 needs one
    talk: Talk | None
    beside: Beside
    plan: Plan | None  # of the estate, where the building is known
    offers: tuple[Offer, ...]
    spoken: Mapping[str, Offer]  # offers with a place of their own, by key
    ready: tuple[tuple[Ready, str], ...]  # replies kept ready, with the ticket's own values in them
    hang_asked: str
    people: Sequence[Assignee]
    units: Sequence[Assignee]
    others: Sequence[Other]


def may_see(app: App, ticket: int, viewer: Viewer) -> bool:
    return views.board_row(app.db, ticket, viewer.sight) is not None


def sheet(app: App, ticket: int, viewer: Viewer) -> Sheet | None:
    """None when there is no such ticket within the viewer's sight. Blocks; call in a thread."""
    seen = viewings.last_fact(app.db, ticket)
    found = views.detail(app.db, ticket, viewer.sight)
    if found is None:
        return None
    now, session = app.clock(), viewer.session
    happened = views.timeline(app.db, ticket)
    mentioned = {step.body.get(field, 0) for step in happened for field in ("owner", "person")} - {0}
    with app.db.reading() as conn:
        names = {person: identities.name_of(conn, person) for person in mentioned}
    with looking(app.db, now) as read:
        one = read.ticket(ticket)
        assert one is not None
        who = read.person(session.person) if session and viewer.may(Right.TICKETS_ACT) else None
        offers = offered(who, one, read) if who else ()
        near = beside.of(app, one, viewer, read, now)
        parties = read.parties(ticket)
        follows = one.merged_into if one.status is Status.MERGED else 0
        tied = [follows, *(found_.id for found_ in read.merged(ticket))]
        photo_must = read.category(one.category).photo
        community = read.community(one.community) if one.community else None
        values = {
            "编号": one.short, "事情": one.summary, "地点": one.place.label,
            "期限": texts.when(one.due, now) if one.due else "", "承办人": found.row.owner or "社区",
            "社区": community.name if community else "社区", "电话": community.phone if community else "",
        }  # fmt: skip
    bound = {
        row.id: hidden(line(app, row, viewer, now), row.category_code)
        for row in views.lines(app.db, tied, viewer.sight)
    }
    talked = None
    if session:
        said = conversation.of_ticket(app.db, ticket, one.reporter, one.opened, one.words)
        talked = talk.shown(said, session.person, ticket, now)
    people, units = assignees(app.db, viewer.communities or ()) if offers else ([], [])
    kept = ready_replies.kept(app.db, viewer.communities or ()) if offers else []
    around = view_plan.around(app.db, one.place, viewer.sight) if viewer.sight else None
    house = session is not None and session.role in _HOUSE
    me = asking.me(viewer)
    return Sheet(
        line=line(app, found.row, viewer, now), seen=seen, words=found.words, map=map_of(one.pin),
        reporter="匿名" if found.anonymous else words.masked_name(found.reporter_name) or "没有留姓名",
        phone=words.masked_phone(found.reporter_phone), proxy=one.proxy_name, followers=found.row.followers,
        photos=tuple(
            Photo(p.id, media.link(app, p.file), p.of, p.covered, p.kind != "photo")
            for p in photos.shown(app.db, ticket)
        ),
        steps=tuple(
            Step(
                day_and_time(step.at), words.step(step, names), step.words, step.kind == "NoteKept", step.id,
                step.actor,
            )
            for step in happened
            if step.kind != "NoteKept" or house or me == step.actor or me in step.body.get("mentioned", ())
        ),
        parties=parties, main=bound.pop(follows, None), joined=tuple(bound.values()),
        photo_must=photo_must, talk=talked, beside=near, plan=drawn(around) if around else None,
        offers=tuple(o for o in offers if o.action not in TALK),
        spoken={offer.key: offer for offer in offers if offer.action in TALK},
        ready=tuple((one_, ready.filled(one_.words, values)) for one_ in kept),
        hang_asked=one.hang_asked.date().isoformat() if one.hang_asked else "", people=people, units=units,
        others=viewings.look(app.db, ticket, me, now) if session else (),
    )  # fmt: skip


async def page(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """GET /console/tickets/<id>. 404 also where it belongs to another community: no hint that it exists."""
    return await _shown(request, viewer, number_in(request.match_info["id"]), {}, {}, 200)


async def again(
    request: web.Request, viewer: Viewer, number: int, offer: Offer, given: Mapping[str, list[str]],
    wrong: Mapping[str, str], status: int, since: int = 0,
) -> web.StreamResponse:  # fmt: skip
    """The page with a form that could not be done, as it was typed, and what others did after fact `since`."""
    more = {"doing": offer.key, "given": given, "since": since, "me": asking.me(viewer)}
    return await _shown(request, viewer, number, more, wrong, status)


async def _shown(
    request: web.Request, viewer: Viewer, number: int, more: Mapping[str, object], wrong: Mapping[str, str],
    status: int,
) -> web.StreamResponse:  # fmt: skip
    app = request.app[APP]
    row = await asyncio.to_thread(views.board_row, app.db, number, viewer.sight) if number else None
    if row is None:
        return show(request, viewer, "missing.html", status=404)
    if opened.closed(request, viewer, number, row.category_code):
        return show(request, viewer, "ticket_closed.html", number=number, short=row.code[-4:])
    found = await asyncio.to_thread(sheet, app, number, viewer)
    if found is None:
        return show(request, viewer, "missing.html", status=404)
    return show(
        request, viewer, "ticket.html", status=status, ticket=found, number=number, wrong=wrong,
        **{"doing": "", "given": {}, "since": 0, **more}, ready_id=request.query.get("ready", ""),
        choices={
            "basis": [(key, name) for key, (name, _) in BASES.items()],
            "category": [(code, f"{code} {one.name}") for code, one in sorted(CATEGORIES.items())],
            "route": [(key, why) for key, (why, _) in ROUTES.items()],
            "line": [(number_, f"{number_} {name}") for number_, name in LINES.items()],
            "rating": [(word, word) for word in RATING_WORDS],
        },
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/tickets/{id}", Right.TICKETS_SEE, page, demo=True),
        door("POST", "/console/tickets/{id}/open", Right.TICKETS_SEE, opened.open_),
    ]
