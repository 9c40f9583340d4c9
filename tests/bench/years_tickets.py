"""Tickets of years, and what hangs on them: clocks, facts, notes, photos, inbox, pushes, what is counted."""

from __future__ import annotations

from json import dumps

from handlers.tickets.measures import MEASURES
from handlers.types import Reply
from nlp.types import Place
from storage import crypto
from storage.schema import (
    clock_events,
    facts,
    inbox,
    media,
    notes,
    outbox,
    ticket_numbers,
    tickets,
    timers,
)
from storage.values import place_json, replies_json
from tests.bench.years_rows import A_DAY, COUNTED, LIVING, LOGGED, OPEN, SEEN, TEXTS, Rows

DIGEST = "0123456789abcdef" * 4


class TicketRows(Rows):
    def tickets(self, low: int, high: int) -> None:
        count = self.conn.exec_driver_sql("SELECT count(*) FROM bench_here").scalar()
        series, seal = self.series(low, high), crypto.current().seal
        lives, over = f"m <= {LIVING}", f"(m > {OPEN} OR m % 2 = 1)"
        empty = {name: f"'{seal('', f'tickets.{name}')}'" for name in ("words", "summary")}
        nowhere = f"'{seal(place_json(Place()), 'tickets.place')}'"
        opened, hour = self.moment(self.at), self.moment(f"{self.at} + 3600")
        self.put(
            tickets,
            {
                "id": self.id, "code": self.code, "tail": self.tail, "community": "community", "micro_grid": "micro",
                "category": "CASE m % 8 WHEN 0 THEN '0201' WHEN 1 THEN '0101' WHEN 2 THEN '0501' WHEN 3 THEN '0601' "
                            "WHEN 4 THEN '0301' ELSE '0802' END",
                "level": "CASE m % 50 WHEN 0 THEN 'T0' WHEN 1 THEN 'T1' ELSE 'T2' END",
                "urgency": "'normal'", "kind": "'求助'", "source": "'wechat'", "place_key": "near",
                "status": f"CASE WHEN {over} THEN '归档' WHEN m % 8 = 0 THEN '待派单' WHEN m % 8 = 2 THEN '待接单' "
                          "WHEN m % 8 = 4 THEN '待核查' ELSE '处置中' END",
                "reporter": f"CASE WHEN {lives} THEN {self.person} ELSE 0 END",
                "anonymous": f"CASE WHEN {lives} THEN {self.truth(False)} ELSE {self.truth(True)} END",
                "owner": "CASE WHEN m % 8 = 0 THEN 0 ELSE m % 28000 + 300000 END", "rating": "''",
                "place": f"CASE WHEN {lives} THEN sealed ELSE {nowhere} END",
                "words": f"CASE WHEN {lives} THEN words ELSE {empty['words']} END",
                "summary": f"CASE WHEN {lives} THEN summary ELSE {empty['summary']} END",
                "result": f"CASE WHEN {lives} AND {over} THEN result END",
                "lat": f"CASE WHEN m <= {29 * A_DAY} AND m % 3 = 0 THEN 30.63 + m % 1000 * 0.0002 END",
                "lon": f"CASE WHEN m <= {29 * A_DAY} AND m % 3 = 0 THEN 120.56 + m % 700 * 0.0002 END",
                "opened": opened, "changed": hour, "due": self.moment(f"{self.at} + 432000"),
                "solved": f"CASE WHEN {over} THEN {self.moment(f'{self.at} + 1800')} END",
                "closed": f"CASE WHEN {over} THEN {hour} END", "version": "3",
            },
            f"{series} JOIN bench_here h ON h.k = m * 7919 % {count} "
            f"JOIN bench_said d ON d.k = ({TEXTS} * 20000 + {min(self.total, LIVING)} - m) % {TEXTS}",
        )  # fmt: skip
        self._what_hangs_on_them(series)

    def _what_hangs_on_them(self, series: str) -> None:
        opened, over = self.moment(self.at), f"(m > {OPEN} OR m % 2 = 1)"
        for k, (clock, terms) in enumerate((("整体", "1440w"), ("首次联系", "480w"))):
            self.put(clock_events, {"ticket": self.id, "id": str(k), "at": self.at, "kind": "'start'",
                                    "clock": f"'{clock}'", "terms": f"'{terms}'"}, series)  # fmt: skip
        self.put(clock_events, {"ticket": self.id, "id": "2", "at": f"{self.at} + 1800", "kind": "'solved'"},
                 series, over)  # fmt: skip
        self.put(timers, {"ticket": self.id, "kind": "'overdue'", "due": self.moment(f"{self.end} + 864000 + m")},
                 series, f"NOT {over}")  # fmt: skip
        first = self.total - min(self.total, LOGGED)
        for k, kind in enumerate(("TicketOpened", "TicketAccepted", "TicketSolved")):
            said = f'"digest":"{DIGEST}","ticket":'
            body = f"""'{{"by":' || {self.person} || ',{said}' || {self.id} || '}}'"""
            self.put(
                facts,
                {
                    "id": f"{self.id} + {k}", "turn": f"{self.id} + {k}", "at": opened, "actor": self.person,
                    "via": "'wechat'", "kind": f"'{kind}'", "ticket": self.id, "body": body,
                    "position": f"(j - {first} - 1) * 3 + {k + 1}", "hash": f"'{DIGEST}'",
                },
                series, f"m <= {LOGGED}",
            )  # fmt: skip
        gone = f"'{crypto.current().seal('', 'notes.words')}'"
        self.put(
            notes,
            {
                "id": f"{self.id} + 1", "ticket": self.id, "at": opened, "kind": "'TicketNoted'",
                "person": f"CASE WHEN m <= {LIVING} THEN {self.person} ELSE 0 END",
                "words": f"CASE WHEN m <= {LIVING} THEN note ELSE {gone} END",
            },
            f"{series} JOIN bench_said d ON d.k = m % {TEXTS}", "m % 2 = 0",
        )  # fmt: skip
        self.put(
            media,
            {
                "id": f"{self.id} + 2", "ticket": self.id, "person": self.person, "kind": "'photo'", "at": opened,
                "ref": "''", "of": "'report'",
                "file": f"CASE WHEN m <= {SEEN} THEN 'p/' || j || '.jpg' END",
                "state": f"CASE WHEN m <= {SEEN} THEN 'stored' ELSE 'erased' END",
            },
            series, "m % 4 = 0",
        )  # fmt: skip
        seal = crypto.current().seal
        replies = f"'{seal(replies_json((Reply('已收到'),)), 'inbox.replies')}'"
        push = f"'{seal(dumps({'text': '您报的事有进展了'}), 'outbox.body')}'"
        for k in range(4):
            self.put(
                inbox,
                {
                    "channel": "'wechat'", "account": "'bench'", "user": self.user(self.person),
                    "key": f"'h' || m || '-{k}'", "turn": f"{self.id} + {k}", "person": self.person, "at": opened,
                    "received": opened, "replies": replies,
                },
                series, f"m <= {6 * A_DAY}",
            )  # fmt: skip
        for k in range(3):
            self.put(
                outbox,
                {
                    "id": f"{self.id} + {k}", "person": self.person, "ticket": self.id, "kind": "'progress'",
                    "rank": "1", "body": push, "state": "'sent'", "rung": "'service'", "created": opened,
                    "next_at": opened, "done": opened,
                },
                series, f"m <= {88 * A_DAY}",
            )  # fmt: skip
        judged, pg = dict.fromkeys(MEASURES, "1"), self.db.postgresql
        day = self.moment(f"{self.at} + 28800")
        self.put(
            ticket_numbers,
            {
                "ticket": self.id, "day": f"to_char({day}, 'YYYY-MM-DD')" if pg else f"substr({day}, 1, 10)",
                "community": "community", "micro_grid": "micro", "unit": "0",
                "category": "CASE m % 8 WHEN 0 THEN '0201' WHEN 1 THEN '0101' ELSE '0802' END",
                "first_length": "10 + m % 20", "done_length": "30 + m % 40 * 10", **judged,
            },
            f"{series} JOIN bench_here h ON h.k = m * 7919 % (SELECT count(*) FROM bench_here)",
            f"m <= {COUNTED * A_DAY}",
        )  # fmt: skip
