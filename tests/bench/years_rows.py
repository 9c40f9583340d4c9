"""How the rows of tests/bench/years.py are made: by the database itself, from what it is told of a city."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Table, literal, select, text

from nlp.types import Place
from storage import crypto, places
from storage.engine import Database
from storage.ids import EPOCH_MS
from storage.schema import buildings, estates, households, identities, persons, point_accounts, point_months
from storage.values import place_json
from tests.bench.search import FAULTS, MORE, THINGS

A_DAY = 3_000  # twice what a city of 277,000 reports
PEOPLE = 277_000
EVERY = 288  # tenths of a second between two tickets
OPEN = 40_000  # of so many newest every second one is still open
LIVING = 1_094 * A_DAY  # with people and words
LOGGED = 364 * A_DAY  # with facts, older ones are in archives
SEEN = 364 * A_DAY  # with photos
COUNTED = 100  # days with sums
TEXTS = 1_024


class Rows:
    """Rows made by the database itself. j counts tickets from the oldest, m from the newest."""

    def __init__(self, conn: Connection, db: Database, total: int, end: int) -> None:
        self.conn, self.db, self.total, self.end = conn, db, total, end
        pg = db.postgresql
        self.at = f"({end} - m * {EVERY} / 10)"
        begin = EPOCH_MS // 1000  # of ids that rise with time
        self.rise = f"(CASE WHEN {self.at} > {begin} THEN ({self.at} - {begin}) * 4194304000 ELSE 0 END)"
        self.id = f"(j + {self.rise})"
        day = f"to_char({self.moment(f'{self.at} + 28800')}, 'YYYYMMDD')" if pg else (
            f"strftime('%Y%m%d', {self.at} + 28800, 'unixepoch')")  # fmt: skip
        number = f"{A_DAY} - (m - 1) % {A_DAY}"
        self.tail = f"lpad(CAST({number} AS VARCHAR), 4, '0')" if pg else f"printf('%04d', {number})"
        self.code = f"{day} || {self.tail}"
        self.person = f"(m * 31 % {PEOPLE} + 1)"

    def moment(self, seconds: str) -> str:
        if self.db.postgresql:
            return f"to_timestamp({seconds})"
        return f"(strftime('%Y-%m-%dT%H:%M:%S', {seconds}, 'unixepoch') || '.000000Z')"

    def user(self, person: str) -> str:
        if self.db.postgresql:
            return f"'oR' || lpad(CAST({person} AS VARCHAR), 26, '0')"
        return f"'oR' || printf('%026d', {person})"

    def series(self, low: int, high: int) -> str:
        if self.db.postgresql:
            return (
                f"(SELECT j, {self.total + 1} - j AS m FROM generate_series({low}::bigint, {high}::bigint) AS j) AS s"
            )
        return (f"(WITH RECURSIVE c(j) AS (SELECT {low} UNION ALL SELECT j + 1 FROM c WHERE j < {high}) "
                f"SELECT j, {self.total + 1} - j AS m FROM c) AS s")  # fmt: skip

    def put(self, table: Table, given: dict[str, str], source: str, where: str = "") -> None:
        for column in table.columns:
            if column.name not in given and not column.nullable and column.server_default is None:
                value = column.default.arg if column.default is not None else 0  # type: ignore[attr-defined]
                given[column.name] = str(
                    literal(value).compile(self.db.engine, compile_kwargs={"literal_binds": True})
                )
        names = ", ".join(f'"{name}"' for name in given)
        rule = f" WHERE {where}" if where else ""
        statement = f"INSERT INTO {table.name} ({names}) SELECT {', '.join(given.values())} FROM {source}{rule}"
        self.conn.exec_driver_sql(statement.replace("%", "%%") if self.db.postgresql else statement)

    def truth(self, value: bool) -> str:
        return str(value) if self.db.postgresql else str(int(value))

    def sources(self) -> None:
        """Every building with its micro-grid, and what is said, to be picked by number."""
        seal, conn = crypto.current().seal, self.conn
        wanted = (
            select(
                buildings.c.id, buildings.c.name, buildings.c.community, estates.c.id, estates.c.name, estates.c.word,
                select(households.c.micro_grid).where(households.c.building == buildings.c.id).limit(1)
                .scalar_subquery(),
            )
            .join(estates, estates.c.id == buildings.c.estate)
            .order_by(buildings.c.id)
        )  # fmt: skip
        conn.exec_driver_sql(
            "CREATE TABLE bench_here (k BIGINT PRIMARY KEY, community BIGINT, micro BIGINT, sealed TEXT, near TEXT)"
        )
        rows = []
        for k, (_, name, community, estate, called, word, micro) in enumerate(conn.execute(wanted).all()):
            place = Place(community=community, estate=estate, estate_name=called, building=name,
                          label=f"{called}{name}{word}", confidence=1.0, source="text")  # fmt: skip
            sealed = seal(place_json(place), "tickets.place")
            rows.append({"k": k, "c": community, "m": micro or 0, "s": sealed, "n": places.key(place)})
        conn.execute(text("INSERT INTO bench_here VALUES (:k, :c, :m, :s, :n)"), rows)
        conn.exec_driver_sql(
            "CREATE TABLE bench_said (k BIGINT PRIMARY KEY, words TEXT, summary TEXT, result TEXT, note TEXT)"
        )
        said = [
            {
                "k": k, "w": seal(words, "tickets.words"), "s": seal(words.partition(",")[0], "tickets.summary"),
                "r": seal("已处理", "tickets.result"), "n": seal("师傅已联系，下午到", "notes.words"),
            }
            for k, words in enumerate(texts())
        ]  # fmt: skip
        conn.execute(text("INSERT INTO bench_said VALUES (:k, :w, :s, :r, :n)"), said)
        conn.exec_driver_sql("CREATE TABLE bench_phones (k BIGINT PRIMARY KEY, phone TEXT)")
        phones = [{"k": k, "p": seal(f"1390000{k:04d}", "persons.phone")} for k in range(10_000)]
        conn.execute(text("INSERT INTO bench_phones VALUES (:k, :p)"), phones)

    def people(self) -> None:
        began = self.moment(str(self.end - 9 * 365 * 86400))
        series = self.series(1, PEOPLE)
        self.put(persons, {"id": "j", "phone": "phone", "created": began, "notice": "1"},
                 f"{series} JOIN bench_phones ON k = j % 10000")  # fmt: skip
        self.put(identities, {"channel": "'wechat'", "account": "'bench'", "user": self.user("j"), "person": "j",
                              "seen": began}, series)  # fmt: skip
        member = "(SELECT k, community FROM bench_here) AS h"
        count = "(SELECT count(*) FROM bench_here)"
        self.put(point_accounts, {"person": "j", "community": "community", "balance": "j % 100",
                                  "ranked": "j % 3 = 0"}, f"{series} JOIN {member} ON h.k = j % {count}")  # fmt: skip
        last = datetime.fromtimestamp(self.end, UTC)
        for month in range(min(120, self.total // (A_DAY * 30) + 1)):
            day = last.replace(day=15) - timedelta(days=month * 30.44)
            self.put(
                point_months,
                {"person": "j", "month": f"'{day:%Y-%m}'", "community": "community", "points": "j % 60"},
                f"{series} JOIN {member} ON h.k = j % {count}", f"(j + {month}) % 20 = 0",
            )  # fmt: skip


def texts() -> list[str]:
    every = [f"{thing}{fault},{more}" for thing in THINGS for fault in FAULTS for more in MORE]
    return every[:TEXTS]
