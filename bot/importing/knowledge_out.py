"""The knowledge base as tables: what was written, and what nobody could answer yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from bot.importing.plan_knowledge import GONE
from handlers.tickets.clock import SHANGHAI
from storage.schema import communities, faq, open_questions, synonyms

FAQ_HEADINGS_MORE = ("问过", "有帮助", "没帮助")
QUESTION_HEADINGS = ("编号", "社区", "问题", "时间", "答复", "答复时间")


def faq_rows(conn: Connection, of: Sequence[int]) -> Iterator[list[str]]:
    codes = _codes(conn)
    for row in conn.execute(select(faq).order_by(faq.c.community, faq.c.id)):
        if not of or row.community in of:
            yield [
                codes.get(row.community, ""), row.question, "|".join(row.variants), row.answer, row.source,
                row.valid_from, row.valid_until, GONE if row.gone else "", str(row.asked), str(row.helped),
                str(row.not_helped),
            ]  # fmt: skip


def synonym_rows(conn: Connection, of: Sequence[int]) -> Iterator[list[str]]:
    codes = _codes(conn)
    for row in conn.execute(select(synonyms).order_by(synonyms.c.community, synonyms.c.word)):
        if not of or row.community in of:
            yield [codes.get(row.community, ""), row.word, "、".join(row.words)]


def question_rows(conn: Connection, of: Sequence[int], *, unmasked: bool) -> Iterator[list[str]]:
    """The words of residents only unmasked; those that wait come first."""
    names = {row.id: row.name for row in conn.execute(select(communities.c.id, communities.c.name))}
    statement = select(open_questions).order_by(open_questions.c.replied.is_not(None), open_questions.c.id)
    for row in conn.execute(statement):
        if not of or row.community in of:
            asked, reply = (
                (row.words, row.reply or "") if unmasked else (_short(row.words), "有" if row.reply else "")
            )
            yield [
                str(row.number), names.get(row.community, ""), asked, _local(row.at), reply, _local(row.replied),
            ]  # fmt: skip


def _short(words: str) -> str:
    return words[:2] + "*" * max(len(words) - 2, 0)


def _local(at: object) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if hasattr(at, "astimezone") else ""


def _codes(conn: Connection) -> dict[int, str]:
    return {row.id: row.code for row in conn.execute(select(communities.c.id, communities.c.code))}
