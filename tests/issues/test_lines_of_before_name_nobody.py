"""Lines stored before telephones and names were left out of them went on to neighbours and followers as they were."""

from __future__ import annotations

from storage.engine import Database
from storage.schema import tickets
from tests.storage.kit import asked, do, opened, rows

OLD = "我叫王小明，水管漏水，请打我电话13800001234"


def test_a_line_that_stands_already_is_told_without_who_wrote_it(database: Database) -> None:
    do(database, opened(1, words=OLD, summary=OLD))
    assert rows(database, tickets)[0].summary == OLD
    told = asked(database, lambda read: read.ticket(1))
    assert (told.summary, told.words) == ("水管漏水", OLD)  # who works on it reads the words
