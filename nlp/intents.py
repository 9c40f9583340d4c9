"""What a message wants: one of the 13 intents and its action, by cues weighed against the category found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from nlp.category import Ranking
from nlp.lexicon import Scan, lexicon
from nlp.quick import quick
from nlp.skipping import skipping

_QUESTION = skipping(
    r"[吗么?]|怎么(?!还|没|又|这么|那么|不)|哪[里儿个些]?|什么时候|几点|几时|多少|能不能|可不可以|是不是|有没有|要不要|多久|啥|谁|如何|请问|咨询|想问|问一?下|几号|几岁|几月"
)
_FAULT = re.compile(
    r"坏|漏|堵|停[水电气]|不亮|没人|脏|臭|吵|断|裂|掉|破|乱|占|不通|失灵|故障|修|爆|倒了|没[水电气]|满了|挡|扰民|噪|卡住|锈|撬|偷|咬"
)
_TOPICS = frozenset({"points", "volunteer_activity", "proposal_vote", "mutual_help", "account_privacy", "staff_ops"})
_BORROW = re.compile(r"^(?:我?想|我?要|求|谁能)?借(?!口|条|此|机|据|道)[一-鿿]")
_COMPLAINT_CODES = ("1101", "1103", "1104", "1106")


@quick
@dataclass(frozen=True, slots=True)
class Guess:
    intent: str = ""
    action: str = ""
    score: float = 0.0
    why: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Cues:
    """What the cue words say before anything is decided: weight per intent, its heaviest action, the cues found."""

    weights: Mapping[str, float]
    actions: Mapping[str, str]
    why: tuple[str, ...]
    asks: bool
    fault: bool


def cues(text: str, scan: Scan, ranking: Ranking) -> Cues:
    """Weighs the cues of free text against the category found."""
    weights: dict[str, float] = {}
    best: dict[str, tuple[float, str]] = {}
    why: list[str] = []
    for hit in lexicon().hits("intents", scan):
        intent, _, action = hit.target.partition("/")
        known = weights.get(intent, 0.0)
        weights[intent] = max(known, hit.weight) + 0.3 * min(known, hit.weight)
        if hit.weight > best.get(intent, (0.0, ""))[0]:
            best[intent] = (hit.weight, action)
        why.append(f"{hit.target}:{hit.text[:12]}")
    for intent in weights.keys() & _TOPICS:
        weights[intent] *= 1.4  # a named topic says more than the form of the question
    if _BORROW.match(text):
        weights["mutual_help"] = weights.get("mutual_help", 0.0) + 3.0
        best.setdefault("mutual_help", (3.0, "ask"))
    asks, fault = bool(_QUESTION.search(text)), bool(_FAULT.search(text))
    _weigh_category(weights, best, ranking, asks, fault)
    return Cues(weights, {intent: action for intent, (_, action) in best.items()}, tuple(why[:6]), asks, fault)


def guess(found: Cues) -> Guess:
    """The likeliest intent by the cues alone (no danger, no command), its action still coarse; "" where nothing
    speaks for any."""
    order = sorted(found.weights.items(), key=itemgetter(1), reverse=True)
    if not order or order[0][1] < 1.5:
        return Guess()
    intent, weight = order[0]
    second = order[1][1] if len(order) > 1 else 0.0
    score = weight / (weight + 2.0) * (1.0 - 0.3 * second / weight)
    action = found.actions.get(intent, "")
    return Guess(intent, "" if action == "other" else action, round(min(score, 0.94), 3), found.why)


def finer(intent: str, scan: Scan, coarse: str = "") -> str:
    """The action of an intent already known, by actions.txt; `coarse` where no rule says more."""
    hits = [hit for hit in lexicon().hits("actions", scan) if hit.target.startswith(intent + "/")]
    if hits:
        return max(hits, key=lambda hit: hit.weight).target.partition("/")[2]
    return "" if coarse == "other" else coarse


def _weigh_category(
    weights: dict[str, float], best: dict[str, tuple[float, str]], ranking: Ranking, asks: bool, fault: bool
) -> None:
    code = ranking.best
    if not code:
        return
    weight = ranking.weight
    if code.startswith("14"):
        intent, action, share = "consult", "ask", 1.2 if asks else 1.0
    elif code in _COMPLAINT_CODES:
        intent, action, share = "complaint_service", "complain", 0.9
    elif asks and not fault:
        intent, action, share = "consult", "ask", 0.9
    elif code.startswith("13") and asks:
        intent, action, share = "consult", "ask", 0.8
    else:
        intent, action, share = "report_issue", "report", 1.15 if fault else 0.9
    weights[intent] = weights.get(intent, 0.0) * 0.6 + weight * share
    if weight * share > best.get(intent, (0.0, ""))[0] or intent == "report_issue":
        best.setdefault(intent, (weight * share, action))


_KINDS = {
    "consult": "咨询", "report_issue": "求助", "emergency": "求助", "complaint_service": "投诉举报",
    "proposal_vote": "意见建议",
    "volunteer_activity": "咨询", "points": "咨询", "query_progress": "咨询", "account_privacy": "其他",
    "smalltalk_invalid": "其他", "staff_ops": "其他", "mutual_help": "求助",
}  # fmt: skip
_PRAISE = re.compile(r"表扬|感谢|锦旗|点赞|很满意|非常满意|手艺好|态度很?好|辛苦了")
_ACCUSE = re.compile(r"投诉|举报|违规|违法|乱收费|要求查处|曝光")
_PROPOSE = re.compile(r"建议|希望(?!尽快|快|能尽快)|能不能(?:加|装|设|增)|倡议|最好能")


def kind(text: str, intent: str) -> str:
    """咨询 求助 投诉举报 意见建议 表扬 其他."""
    if intent == "emergency":
        return "求助"
    if _ACCUSE.search(text):
        return "投诉举报"
    if intent in ("urge_reopen_rate", "smalltalk_invalid", "mutual_help", "complaint_service") and _PRAISE.search(
        text
    ):
        return "表扬"
    if _PROPOSE.search(text) and intent in ("report_issue", "proposal_vote", "consult", ""):
        return "意见建议"
    return _KINDS.get(intent, "求助")
