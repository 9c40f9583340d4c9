"""The knowledge base: questions and answers, words of one meaning, open questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "knowledge_1"
down_revision = "api_1"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "faq",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("variants", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_until", sa.String(10), nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("helped", sa.Integer, nullable=False),
        sa.Column("not_helped", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_faq"),
        sa.UniqueConstraint("community", "question", name="uq_faq_community_question"),
    )
    op.create_table(
        "synonyms",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("word", sa.String(32), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_synonyms"),
        sa.UniqueConstraint("community", "word", name="uq_synonyms_community_word"),
    )
    op.create_table(
        "open_questions",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("reply", sa.Text),
        sa.Column("replied", Utc),
        sa.PrimaryKeyConstraint("id", name="pk_open_questions"),
        sa.UniqueConstraint("number", name="uq_open_questions_number"),
    )
    waiting = sa.text("replied IS NULL")
    op.create_index(
        "ix_open_questions_waiting", "open_questions", ["community", "id"], sqlite_where=waiting,
        postgresql_where=waiting,
    )  # fmt: skip
    op.create_index("ix_open_questions_person", "open_questions", ["person"])
