"""Plans for the knowledge base: questions with answers, and words of one meaning."""

from __future__ import annotations

from bot.importing.plan import Plan
from bot.importing.records import Record
from storage.ledger import Row
from storage.schema import communities, faq, synonyms

GONE = "下架"


def plan_faq(records: list[Record], plan: Plan) -> None:
    """By community and question; a changed row is one revision further, so that every process reads it again."""
    plan.ledger.know(faq, ("community", "question"))
    for record in records:
        community = _community(record, plan)
        if community is None:
            continue
        if record["from"] and record["until"] and record["until"] < record["from"]:
            plan.bad(record, "until", "早于开始日期")
            continue
        stored = plan.ledger.find(faq, community=community, question=record["question"])
        values = {
            "community": community, "question": record["question"], "answer": record["answer"],
            "variants": [way for way in record["variants"].split("|") if way], "source": record["source"],
            "valid_from": record["from"], "valid_until": record["until"], "gone": record["state"] == GONE,
        }  # fmt: skip
        plan.ledger.put(faq, ("community", "question"), values | _revision(stored, values))


def plan_synonyms(records: list[Record], plan: Plan) -> None:
    plan.ledger.know(synonyms, ("community", "word"))
    for record in records:
        community = _community(record, plan)
        if community is None:
            continue
        stored = plan.ledger.find(synonyms, community=community, word=record["word"])
        values = {"community": community, "word": record["word"], "words": record["words"].split("、")}
        plan.ledger.put(synonyms, ("community", "word"), values | _revision(stored, values))


def _revision(stored: Row | None, values: Row) -> Row:
    if stored is None:
        return {"revision": 1}
    return {"revision": stored["revision"] + any(stored[name] != value for name, value in values.items())}


def _community(record: Record, plan: Plan) -> int | None:
    """0: for all."""
    if not record["community"]:
        return 0
    found = plan.ledger.find(communities, code=record["community"])
    if found is None:
        plan.bad(record, "community", "没有这个编码的社区；请核对，或先导入社区")
        return None
    return int(found["id"])
