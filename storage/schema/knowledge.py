"""Questions and answers of the communities, words of one meaning, and questions nobody could answer yet."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from storage.columns import Json, Secret, Utc
from storage.schema.base import key, metadata, only

faq = Table(  # written by staff for everybody to read: nothing personal
    "faq", metadata, key(),
    Column("community", BigInteger, nullable=False, default=0),  # 0: for all
    Column("question", String(200), nullable=False),
    Column("variants", Json, nullable=False),  # other ways of asking
    Column("answer", Text, nullable=False),
    Column("source", String(120), nullable=False, default=""),
    Column("valid_from", String(10), nullable=False, default=""),  # 2026-06-01, "": always
    Column("valid_until", String(10), nullable=False, default=""),  # the last day
    Column("gone", Boolean, nullable=False, default=False),
    # one more at each change: their sum tells every process that something changed, whatever order commits come in
    Column("revision", Integer, nullable=False, default=1),
    Column("asked", Integer, nullable=False, default=0), Column("helped", Integer, nullable=False, default=0),
    Column("not_helped", Integer, nullable=False, default=0),
    UniqueConstraint("community", "question"),
)  # fmt: skip

faq_versions = Table(  # what an answer said before it was changed
    "faq_versions", metadata, key(),
    Column("answer", BigInteger, nullable=False), Column("at", Utc, nullable=False),  # when it was replaced
    Column("by", BigInteger, nullable=False),  # the person who replaced it
    Column("question", String(200), nullable=False), Column("variants", Json, nullable=False),
    Column("words", Text, nullable=False), Column("source", String(120), nullable=False),
    Column("valid_from", String(10), nullable=False), Column("valid_until", String(10), nullable=False),
    Column("gone", Boolean, nullable=False),
    Index("ix_faq_versions_answer", "answer", "id"),
)  # fmt: skip

synonyms = Table(
    "synonyms", metadata, key(),
    Column("community", BigInteger, nullable=False, default=0),
    Column("word", String(32), nullable=False),  # the first of the group
    Column("words", Json, nullable=False),  # the others
    Column("revision", Integer, nullable=False, default=1),
    UniqueConstraint("community", "word"),
)  # fmt: skip

open_questions = Table(
    "open_questions", metadata, key(),
    Column("number", Integer, nullable=False, unique=True),
    Column("community", BigInteger, nullable=False), Column("person", BigInteger, nullable=False),
    Column("words", Secret("open_questions.words"), nullable=False),
    Column("at", Utc, nullable=False), Column("reply", Secret("open_questions.reply")), Column("replied", Utc),
    Index("ix_open_questions_waiting", "community", "id", **only("replied IS NULL")),
    Index("ix_open_questions_person", "person"),
)  # fmt: skip
