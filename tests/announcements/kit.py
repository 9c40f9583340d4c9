"""A small town with residents on WeChat, volunteers and posts; announcements written and brought out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from handlers import after, clockwork
from handlers.announcements import acts
from handlers.announcements.acts import Draft, Writer
from handlers.announcements.port import Audience
from handlers.announcements.rules import Act
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome
from storage import broadcast, queue, schema
from storage.engine import Database
from storage.timers import fire_due
from storage.turns import Turns
from tests.storage.kit import nothing
from tests.storage.town import build

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)  # 23:00
DESK, OTHER_DESK = 42, 44
RESIDENTS = 30
ALL = RESIDENTS + 5  # the staff of the town belong to the community and have no address
EVERYBODY = Audience((("community", 10),))


def settle_in(db: Database, residents: int) -> list[int]:
    """The register of tests/storage/town.py with so many residents in building 3, each on WeChat with a window."""
    build(db)
    people = [1000 + number for number in range(residents)]
    with db.writing() as conn:
        conn.execute(insert(schema.persons), [{"id": OTHER_DESK, "name": "周社", "community": 10, "created": NOON}])
        conn.execute(
            insert(schema.posts), [{"id": 90, "person": OTHER_DESK, "role": "desk", "scope": 10, "since": NOON}]
        )
        if people:
            conn.execute(
                insert(schema.persons),
                [{"id": one, "name": "王某", "community": 10, "created": NOON} for one in people],
            )
            conn.execute(
                insert(schema.homes),
                [
                    {
                        "id": 5000 + one, "person": one, "household": 60 + one % 4, "source": "desk", "since": NOON,
                        "relation": ("owner", "tenant", "family")[one % 3],
                    }
                    for one in people
                ],
            )  # fmt: skip
            reachable(db, conn, people)
    return people


def reachable(db: Database, conn: object, people: list[int], left: int = 5) -> None:
    rows = [
        {
            "channel": "wechat", "account": "wx1", "user": f"o{one}", "person": one, "followed": True, "seen": NOON,
            "window_until": NOON + timedelta(hours=40), "window_left": left,
        }
        for one in people
    ]  # fmt: skip
    conn.execute(insert(schema.identities), rows)  # type: ignore[attr-defined]


@dataclass
class Office:
    """What staff and the clock do; `now` moves only by hand."""

    db: Database
    policy: Policy = field(default_factory=Policy)
    now: datetime = NOON
    person: int = DESK

    def __post_init__(self) -> None:
        self.turns = Turns(self.db, nothing, self.policy, threads=1)

    def close(self) -> None:
        self.turns.close(20)

    def _do(self, work: object, person: int) -> Outcome:
        def whole(read: Read) -> Outcome:
            return after.settled(work(read), person, self.now, self.policy, read)  # type: ignore[operator]

        done = self.turns.run(whole, self.now, "test", person).result(20)
        return Outcome(replies=done.replies, facts=done.facts)

    def writer(self, person: int) -> Writer:
        return Writer(person, frozenset({10}))

    def write(self, audience: Audience = EVERYBODY, **more: object) -> int:
        draft = Draft("停水", "明天上午停水", audience, **more)  # type: ignore[arg-type]
        done = self._do(lambda read: acts.write(draft, self.writer(self.person), self.policy, read), self.person)
        return int(done.facts[0].announcement)  # type: ignore[attr-defined]

    def act(self, act: Act, announcement: int, person: int = DESK) -> str:
        """What was said."""
        by = self.writer(person)
        done = self._do(lambda read: acts.order(act, announcement, by, self.now, self.policy, read), person)
        return done.replies[0].text

    def tick(self) -> None:
        """Timers and one step of what is on."""
        fire_due(self.db, self.turns, clockwork.fire, self.policy, self.now, 100)
        broadcast.step(self.db, self.turns, self.policy, self.now)

    def run(self, ticks: int = 6) -> None:
        for _ in range(ticks):
            self.tick()

    def send(self, limit: int = 10_000, *, failing: frozenset[int] = frozenset()) -> list[int]:
        """The outbox sends what is due; whom."""
        rows = queue.claim(self.db, self.now, limit, "test", 60, quiet=False)
        mine = [row for row in rows if row.kind in ("announce", "muster")]
        for row in mine:
            if row.person in failing:
                queue.failed(self.db, row.id, "43004", self.now)
        queue.sent(
            self.db, [row.id for row in rows if row.person not in failing or row not in mine], "test", self.now
        )
        return [row.person for row in mine]

    def start(self, audience: Audience = EVERYBODY, **more: object) -> int:
        """Written, submitted, prepared, the first ones in the outbox."""
        number = self.write(audience, **more)
        self.act(Act.SUBMIT, number)
        self.run(4)
        return number

    def places(self, announcement: int) -> dict[str, int]:
        found: dict[str, int] = {}
        with self.db.reading() as conn:
            for (state,) in conn.execute(
                select(schema.recipients.c.state).where(schema.recipients.c.announcement == announcement)
            ):
                found[state] = found.get(state, 0) + 1
        return found

    def state(self, announcement: int) -> str:
        with self.db.reading() as conn:
            table = schema.announcements.c
            return str(conn.execute(select(table.state).where(table.id == announcement)).scalar_one())


def outbox_of(db: Database, announcement: int) -> list[tuple[int, str]]:
    table = schema.outbox.c
    with db.reading() as conn:
        wanted = select(table.person, table.state).where(table.ticket == announcement, table.kind == "announce")
        return [tuple(row) for row in conn.execute(wanted)]
