"""An Understanding as plain values, for programs and people who look on. Reads no text."""

from __future__ import annotations

from typing import Any

from nlp.types import Understanding


def as_json(said: Understanding) -> dict[str, Any]:
    """The object `jushe understand` prints: keys of design.md §3, plain values only."""
    place = said.place
    values: dict[str, Any] = {
        "place": [one.label for one in place.found], "place_unknown": place.unknown, "spot": place.kind_of_spot,
        "time": said.until.isoformat() if said.until else None, "phone": said.phone, "ticket": list(said.tickets),
        "count": said.count, "number": said.number, "yes": said.yes, "anonymous": said.anonymous,
        "relation": said.relation, "reason": said.reason,
    }  # fmt: skip
    return {
        "text": said.text, "intent": said.intent, "action": said.action, "score": said.score,
        "category": said.category, "category_top3": list(said.category_top3),
        "kind": said.kind, "urgency": said.urgency, "danger": said.danger, "tone": said.tone,
        "slots": {key: value for key, value in values.items() if value not in (None, "", [], False)},
        "issues": [
            {
                "text": issue.text, "category": issue.category, "score": issue.score, "urgency": issue.urgency,
                "place": [one.label for one in issue.place.found],
            }
            for issue in said.issues
        ],
    }  # fmt: skip
