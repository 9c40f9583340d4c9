"""Two months of an invented community's life in the sample's database, by a fixed seed: for pages of numbers."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bot import app as parts
from bot.app import App
from bot.settings import load
from handlers.knowledge.facts import AnswerJudged, QuestionAnswered, QuestionOpened
from handlers.policy import Policy
from handlers.tickets import facts as f
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.rules import Status
from handlers.types import Fact, Outcome
from nlp.types import Place
from storage import chain, people, sample, tally
from storage.ids import new_id
from storage.schema import estates, faq, meta, micro_grids, posts, units
from storage.turns import Turns
from tests.storage.kit import nothing

_SEED = 20261101
# how often, category, level, words, days it takes
_MATTERS = (
    (9, "0201", "T3", "{b}幢{u}单元楼道灯不亮，晚上上下楼看不见", 1.2),
    (8, "0101", "T2", "{b}幢楼下垃圾桶满了没人清，味道很大", 0.8),
    (6, "0405", "T2", "{b}幢{u}单元厨房下水道堵了，水往外冒", 1.5),
    (5, "0604", "T3", "电动车停满{b}幢门口，轮椅推不进去", 3.0),
    (4, "0503", "T2", "{b}幢电梯抖得厉害，停的时候对不齐", 2.0),
    (3, "0801", "T3", "隔壁晚上十一点还在装修，孩子睡不着", 2.5),
    (2, "0401", "T1", "{b}幢{u}单元停水半天了", 0.4),
    (2, "0301", "T4", "{b}幢屋顶漏水，顶楼三家都湿了", 11.0),
)  # fmt: skip
_ASKED = ("居住证怎么办理", "社区几点上班", "大件垃圾怎么处理", "社区电话是多少")
_OPEN = ("图书室周末开不开", "小孩打疫苗去哪里", "老人助餐怎么报名")


def made(folder: Path, count: int = 150) -> None:
    """The demo's database in `folder`, with `count` reports of the last two months."""
    with ThreadPoolExecutor(1) as pool:  # a browser may have a loop in this one
        pool.submit(lambda: asyncio.run(_made(folder, count))).result()


async def _made(folder: Path, count: int) -> None:
    app = await parts.start(load(data_dir=folder), demo=True, ticking=False)
    try:
        await lived(app, count)
    finally:
        app.topics.close()
        await app.stop()


async def lived(app: App, count: int) -> None:
    """The same in a program that runs, and everything of it counted."""
    await asyncio.to_thread(_lived, app, count)


def _lived(app: App, count: int) -> None:
    with app.db.reading() as conn:
        stored = conn.execute(select(meta.c.value).where(meta.c.name == "sample")).scalar_one()
    known = sample._read(stored)
    town = _Town(app, known.communities[0], known.people)
    for number in range(count):
        town.report(number, count)
    town.questions()
    happened = sorted(town.happened, key=lambda one: one[0])
    turns = Turns(app.db, nothing, Policy(), threads=1)
    waiting = [
        turns.run(lambda read, facts=facts: Outcome(facts=facts), at, "webchat", actor)  # type: ignore[misc]
        for at, actor, facts in happened
    ]
    for future in waiting:  # many together are one commit
        future.result(60)
    turns.close(20)
    while chain.seal(app.db):
        pass
    while tally.follow(app.db, app.clock()):
        pass


class _Town:
    """Makes what happened, each with its moment and who did it; nothing in the future."""

    def __init__(self, app: App, community: int, cast: Any) -> None:
        self.chance = random.Random(_SEED)
        self.now = app.clock()
        self.community = community
        self.desk = cast["desk"]
        self.happened: list[tuple[datetime, int, tuple[Fact, ...]]] = []
        with app.db.writing() as conn:
            mine = micro_grids.c.community == community
            led = select(micro_grids.c.id, posts.c.person).join(posts, posts.c.scope == micro_grids.c.id)
            self.grids = conn.execute(led.where(mine, posts.c.role == "leader").order_by(micro_grids.c.id)).all()
            self.estate = conn.execute(
                select(estates.c.id, estates.c.name).where(estates.c.community == community)
            ).first()
            self.units = list(conn.execute(select(units.c.id).order_by(units.c.id).limit(3)).scalars())
            self.people = [
                people.add_person(conn, f"{name}阿姨", "", community, now=self.now) for name in "王李张陈周吴徐孙"
            ]
            self.answers = {
                row.question: row.id
                for row in conn.execute(select(faq.c.question, faq.c.id).order_by(faq.c.id.desc()))
            }
            conn.execute(
                insert(faq).values(
                    id=new_id(), community=community, question="暖气费补贴怎么申请", variants=[],
                    answer="带身份证和低保证到社区窗口登记。", source="街道通知", valid_from="",
                    valid_until=(self.now + timedelta(days=12)).date().isoformat(),
                )
            )  # fmt: skip

    def report(self, number: int, count: int) -> None:
        chance = self.chance
        ago = 60 * (count - number) / count
        day = self.now.astimezone(SHANGHAI) - timedelta(days=ago)
        opened = day.replace(hour=chance.choice((8, 9, 9, 10, 11, 14, 15, 16, 19, 20)), minute=chance.randrange(60))
        opened = min(opened, self.now - timedelta(minutes=40))
        _, category, level, words, days = chance.choices(_MATTERS, [one[0] for one in _MATTERS])[0]
        grid, leader = chance.choice(self.grids[:8])
        building, unit = chance.randint(1, 20), chance.randint(1, 2)
        ticket, reporter = new_id(), chance.choice(self.people)
        firm = self.units[0] if category in ("0503", "0301", "0405") else self.units[1] if category == "0401" else 0
        place = Place(
            community=self.community, estate=self.estate.id, estate_name=self.estate.name, building=str(building),
            unit=str(unit), label=f"{self.estate.name}{building}幢{unit}单元", confidence=1.0, source="text",
        )  # fmt: skip
        said = words.format(b=building, u=unit)
        self._at(opened, reporter, f.TicketOpened(
            ticket=ticket, code=f"{opened:%Y%m%d}{3000 + number:04d}", community=self.community, micro_grid=grid,
            reporter=reporter, category=category, level=level, urgency="normal", kind="求助",
            status=Status.TO_ACCEPT.value, owner=0 if firm else leader, place=place, words=said, summary=said[:40],
            source="webchat", accept_by=opened + timedelta(hours=2), due=opened + timedelta(days=7), unit=firm,
        ))  # fmt: skip
        seen = opened + timedelta(minutes=chance.choice((6, 15, 25, 40, 90, 200, 600)))
        self._at(seen, leader, f.TicketAccepted(ticket, leader))
        self._at(seen + timedelta(minutes=3), leader, f.TicketVisited(ticket, leader, "看过了，在安排"))
        if chance.random() < 0.06:
            return
        done = seen + timedelta(days=days * chance.uniform(0.3, 1.7))
        self._at(done, leader, f.TicketSolved(ticket, leader, "处理好了"))
        answer = chance.random()
        if answer > 0.86:
            return
        good = answer < 0.7
        after = done + timedelta(hours=chance.uniform(1, 20))
        facts: list[Fact] = [f.SolvedAnswered(ticket, reporter, good)]
        if good:
            rating = chance.choices(("满意", "基本满意", "不满意"), (8, 2, 1))[0]
            facts += [f.TicketRated(ticket, reporter, rating), f.TicketClosed(ticket, "answered")]
        else:
            facts.append(f.TicketReopened(ticket, reporter, after + timedelta(days=1), after + timedelta(days=3)))
        self._at(after, reporter, *facts)
        if not good and chance.random() < 0.85:
            again = after + timedelta(hours=chance.uniform(6, 40))
            self._at(again, leader, f.TicketSolved(ticket, leader, "又去了一次，这次弄好了"))
            ended = (f.TicketRated(ticket, reporter, "基本满意"), f.TicketClosed(ticket, "answered"))
            self._at(again + timedelta(hours=3), reporter, f.SolvedAnswered(ticket, reporter, True), *ended)

    def questions(self) -> None:
        for number in range(60):
            at = self.now - timedelta(days=self.chance.uniform(0.1, 55))
            person, answer = self.chance.choice(self.people), self.answers[self.chance.choice(_ASKED)]
            judged = (AnswerJudged(answer, person, number % 9 > 0),) if number % 3 == 0 else ()
            self._at(at, person, QuestionAnswered(answer, person), *judged)
        for number, words in enumerate(_OPEN):
            person = self.people[number]
            at = self.now - timedelta(hours=3 + 20 * number)
            self._at(at, person, QuestionOpened(new_id(), 9001 + number, self.community, person, words))

    def _at(self, at: datetime, actor: int, *facts: Fact) -> None:
        if at < self.now:
            self.happened.append((at, actor, facts))
