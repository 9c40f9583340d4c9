"""Finding tickets by words, number, phone end and place, on both databases; what an old index may not show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from handlers.residents.facts import PersonErased
from handlers.tickets.facts import NameHidden, TicketSolved, WordsAdded
from handlers.types import Fact
from nlp.pairs import pairs, plain, terms
from storage import bits, chain, crypto, rekey, search_index
from storage.engine import Database
from storage.people import phone_indexes
from storage.schema import communities, persons, search_docs, search_grams, tickets
from storage.search import Found, find
from storage.sight import Sight
from tests.conftest import SECRET
from tests.storage.kit import HOME, NOW, do, indexed, opened

ALL = None


def ticket(number: int, words: str, **more: Any) -> Fact:
    return replace(opened(number), words=words, summary=words[:20], reporter=number + 1000, **more)


def happened(db: Database, *facts: Fact) -> None:
    do(db, *facts)
    chain.seal(db)
    indexed(db)


@pytest.fixture
def town(database: Database) -> Database:
    with database.writing() as conn:
        conn.execute(insert(communities), [{"id": c, "code": f"{c:012d}", "name": f"社区{c}"} for c in (1, 2)])
        people = [
            {"id": 1000 + n, "community": 1, "name": "王", "phone": f"1380000{n:04d}", "created": NOW,
             "phone_index": phone_indexes(f"1380000{n:04d}")[0]}
            for n in (1, 2, 3, 4)
        ]  # fmt: skip
        conn.execute(insert(persons), people)
    happened(
        database,
        ticket(1, "楼道灯坏了", community=1),
        ticket(2, "电梯坏了，困过人", community=2, place=replace(HOME, label="枫桦景苑一期5511弄3号")),
        ticket(3, "路灯不亮", community=1, anonymous=True),
        ticket(4, "Wi-Fi 密码是多少", community=0),
    )
    return database


def ids(db: Database, query: str, sight: Sight | None = ALL) -> list[int]:
    return list(find(db, query, sight).ids)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("坏了", [2, 1]), ("楼道", [1]), ("楼道灯", [1]), ("灯坏", [1]), ("坏了 电梯", [2]), ("路灯", [3]),
        ("楼道不亮", []), ("枫桦", [2]), ("3幢", [4, 3, 1]), ("三幢", [4, 3, 1]), ("5511弄", [2]),
        ("ＷＩ－ＦＩ", [4]), ("wi fi", [4]), ("樓道燈", [1]), ("0002", [2]), ("202606010003", [3]),
        ("13800000001", [1]), ("13800000003", []), ("没有的词", []), ("坏了 没有", []),
    ],
)  # fmt: skip
def test_what_is_found(town: Database, query: str, expected: list[int]) -> None:
    assert ids(town, query) == expected


def test_the_end_of_a_phone_and_of_a_number_are_both_found(town: Database) -> None:
    with town.writing() as conn:
        conn.execute(update(persons).where(persons.c.id == 1001).values(phone="13800007788"))
    happened(town, WordsAdded(1, 1001, "还是黑的"))
    assert ids(town, "7788") == [1]
    assert ids(town, "7788 黑的") == [1]
    assert ids(town, "0003") == [3], "the number; the reporter of 3 is hidden, so no phone finds it"
    assert ids(town, "0001") == [1], "the phone ends otherwise now: an old entry shows nothing"


@pytest.mark.parametrize("query", ["", " ", "灯", "a", "，。", "\x00", "%", "__"])
def test_what_is_too_short_says_so(town: Database, query: str) -> None:
    assert find(town, query, ALL) == Found(too_short=True)


def test_only_what_may_be_seen(town: Database) -> None:
    assert ids(town, "坏了", Sight(5, (1,))) == [1]
    assert ids(town, "坏了", Sight(5, (2,))) == [2]
    assert ids(town, "密码", Sight(5, (2,))) == [4], "nobody knows its community yet"
    assert ids(town, "坏了", Sight(5, ())) == []
    assert ids(town, "0001", Sight(5, (2,))) == []
    assert ids(town, "坏了", Sight(5, tuple(range(1, 40)))) == [2, 1]
    with town.writing() as conn:
        conn.execute(update(tickets).where(tickets.c.id == 1).values(against=77))
        conn.execute(update(tickets).where(tickets.c.id == 2).values(against_unit=88))
    assert ids(town, "坏了", Sight(77, (1, 2))) == [2]
    with town.writing() as conn:
        conn.execute(update(tickets).values(unit=9))
    assert ids(town, "坏了", Sight(5, (1, 2), units=(88, 9))) == [1]
    assert ids(town, "坏了", Sight(5, (1, 2), units=(7,))) == []
    assert ids(town, "坏了", Sight(5, (1,), micro_grids=(3,))) == []


def test_what_is_added_later_is_found_and_what_is_hidden_is_not(town: Database) -> None:
    assert ids(town, "配件") == []
    happened(town, WordsAdded(1, 1001, "配件到了"), TicketSolved(2, 200, "换了曳引机"))
    assert ids(town, "配件") == [1] and ids(town, "曳引") == [2]
    assert indexed(town) == 0, "nothing is read twice"
    assert ids(town, "0002 曳引") == [2]
    happened(town, NameHidden(2, 1002))
    assert ids(town, "0002 曳引") == []


def test_erased_words_leave_the_index(town: Database) -> None:
    with town.reading() as conn:
        before = conn.execute(select(search_docs.c.place).where(search_docs.c.ticket == 1)).scalar_one()
    happened(town, PersonErased(1001, ()))
    assert ids(town, "楼道") == []
    with town.reading() as conn:
        assert conn.execute(select(search_docs.c.ticket).where(search_docs.c.place == before)).scalar() is None


def test_the_index_says_no_words(town: Database) -> None:
    with town.reading() as conn:
        rows = conn.execute(select(search_grams.c.gram)).scalars().all()
    readable = {int.from_bytes(gram.encode()[:8].ljust(8, b"\0"), "big") for gram in pairs(plain("楼道灯坏了"))}
    assert rows and not readable & set(rows)


def test_after_a_new_key_everything_is_found(town: Database) -> None:
    ring = crypto.current()
    try:
        crypto.use(crypto.Keyring("another-secret-of-this-test", (SECRET,)))
        assert ids(town, "楼道") == [1], "by the marks of the earlier key"
        list(rekey.renew(town))
        crypto.use(crypto.Keyring("another-secret-of-this-test"))
        assert ids(town, "楼道") == []
        indexed(town)
        assert ids(town, "楼道") == [1]
    finally:
        crypto.use(ring)


def test_more_than_a_block(town: Database) -> None:
    many = {n: search_index.Text(f"第{n}件 水管漏了", "", 1) for n in range(100, 100 + 2 * bits.SIZE)}
    with town.writing() as conn:
        for start in range(100, 100 + 2 * bits.SIZE, 1000):
            search_index.add(conn, {n: many[n] for n in range(start, min(start + 1000, 100 + 2 * bits.SIZE))})
        blocks = conn.execute(select(func.count(func.distinct(search_grams.c.block)))).scalar_one()
    assert blocks == 3
    assert ids(town, "楼道") == [1], "in the oldest block"
    assert ids(town, "水管") == [], "the index alone shows nothing"


@given(st.sets(st.integers(0, bits.SIZE - 1)), st.sets(st.integers(0, bits.SIZE - 1)))
def test_a_set_is_kept_whole(places: set[int], more: set[int]) -> None:
    data = bits.pack(places)
    assert len(data) <= bits.SIZE // 8
    assert list(bits.falling(bits.unpack(data))) == sorted(places, reverse=True)
    assert bits.added(data, more) == bits.pack(places | more)


@given(st.text(max_size=60), st.integers(0, 57), st.integers(2, 8))
def test_any_part_of_a_text_is_found_by_its_pairs(text: str, at: int, length: int) -> None:
    whole = plain(text)
    part = whole[at : at + length].strip()
    for term in terms(part):
        assert term not in whole or pairs(term) <= pairs(whole)
