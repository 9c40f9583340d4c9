"""Who calls the API: the bearer token, its role, communities and pace. Nothing here knows what is asked."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aiohttp import web

from bot.api.problems import Problem
from bot.bucket import Buckets
from handlers.types import Person, Post, Role
from storage import api_tokens
from storage.api_tokens import Token
from storage.looking import looking
from storage.ticket_list import Scope

if TYPE_CHECKING:
    from bot.app import App

ROLES = {
    "source": "其他平台：推送事项进来，看和办自己推送的",
    "desk": "社区工作人员：看和办本社区的工单",
    "member": "承办单位或微网格长：看和办派给自己的",
    "read": "只看：不含报事人、原话和住址，可用于统计和第三方评估",
}
_FAILURES = 20  # wrong tokens an address may try at once; then one every five seconds
_MOST_BUCKETS = 2_000

failures: web.AppKey[Buckets] = web.AppKey("api_failures", Buckets)
paces: web.AppKey[dict[int, tuple[int, Buckets]]] = web.AppKey("api_paces", dict)


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` has the posts that the token's role gives it."""

    token: Token
    person: Person

    @property
    def role(self) -> str:
        return self.token.role

    @property
    def scope(self) -> Scope:
        """Whose tickets it may see at all."""
        match self.token.role:
            case "source":
                return Scope(reporter=self.person.id)
            case "member":
                grids = self.person.scopes(Role.LEADER) + self.person.scopes(Role.DEPUTY)
                return Scope(communities=self.token.communities, member=(self.person.id, grids))
            case "desk":
                return Scope(communities=self.token.communities, unplaced=True)
            case _:
                return Scope(communities=self.token.communities)


def prepare(web_app: web.Application) -> None:
    web_app[failures] = Buckets(rate=0.2, burst=_FAILURES)
    web_app[paces] = {}


async def caller(request: web.Request, app: App, given: str | None = None) -> Caller:
    """Raises Problem 401 or 429. `given`: a token that came in another way than the header."""
    if given is None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        given = given.strip() if scheme.lower() == "bearer" else ""
    if not given:
        raise _unknown("请带上令牌：Authorization: Bearer 令牌。令牌用 jushe token add 生成。")
    clock = time.monotonic()
    found = await asyncio.to_thread(api_tokens.check, app.db, given, app.clock())
    if found is None:
        if request.app[failures].take(request.remote or "", clock, 0.0) > 0:
            raise Problem(429, "too-many-failures", "令牌错得太多了，请过一会儿再试。", headers={"Retry-After": "10"})
        raise _unknown("令牌不对、已经停用或过期。请向社区管理员要一个新的。")
    wait = _pace(request, found).take("", clock, 0.0)
    if wait > 0:
        raise Problem(
            429, "too-many-requests", f"每分钟最多 {found.per_minute} 次，请稍等再试。",
            headers={"Retry-After": str(int(wait) + 1)},
        )  # fmt: skip
    person = await asyncio.to_thread(_person, app, found)
    return Caller(found, person)


def _unknown(detail: str) -> Problem:
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="jushe"'})


def _pace(request: web.Request, token: Token) -> Buckets:
    known = request.app[paces]
    limit, buckets = known.get(token.id, (0, None))
    if buckets is None or limit != token.per_minute:
        if len(known) > _MOST_BUCKETS:
            known.clear()
        buckets = Buckets(rate=token.per_minute / 60, burst=max(5.0, token.per_minute / 6))
        known[token.id] = (token.per_minute, buckets)
    return buckets


def _person(app: App, token: Token) -> Person:
    with looking(app.db, app.clock()) as read:
        person = read.person(token.person) or Person(token.person)
    if token.role == "desk":
        return replace(person, posts=tuple(Post(Role.DESK, community) for community in token.communities))
    if token.role == "member":
        return replace(person, posts=tuple(post for post in person.posts if post.role is not Role.DESK))
    return replace(person, posts=())
