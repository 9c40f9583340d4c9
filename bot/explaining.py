"""Why a message was read the way it was: one line a part, with the words, rules or model that decided."""

from __future__ import annotations

from collections.abc import Iterable

from nlp import danger, evidence
from nlp.evidence import Evidence
from nlp.judge import Judgement, judge
from nlp.lexicon import Hit, lexicon
from nlp.types import Understanding, When

_TAKEN_BACK = {"mask": "只是像险情的词", "calm": "说了不急", "hypothetical": "只是假设"}
_NOTHING = "没有说"


def explained(said: Understanding) -> dict[str, str]:
    """The parts intent, category, urgency, place, time, issues of a message as `nlp.understand` read it.

    Reads the words once more, so it is for a person who asks, not for every message.
    """
    one = evidence.gather(said.raw)
    if not one.clean:
        return dict.fromkeys(("intent", "category", "urgency", "place", "time", "issues"), "没有字")
    verdict = judge(one)
    if said.urgency == "emergency" and danger.alarm(one, verdict).urgency != "emergency":
        heard = danger.hidden(one, verdict, said.place)  # without the address, as understand() did
        verdict = heard[1] if heard else verdict
    return {
        "intent": _intent(said, one, verdict),
        "category": _category(said, one, verdict),
        "urgency": _urgency(said, one, verdict),
        "place": _place(said),
        "time": "；".join(map(_time, said.when)) or _NOTHING,
        "issues": _issues(said),
    }


def _intent(said: Understanding, one: Evidence, verdict: Judgement) -> str:
    name = f"{said.intent}/{said.action}" if said.intent else "听不出"
    if said.urgency == "emergency" and said.intent == "emergency":
        return f"{name}：险情在先，看 urgency"
    if one.command is not None:
        return f"{name}：命令「{one.core[:24]}」" + (f"，也可能是 {one.command.also}" if one.command.also else "")
    if said.why[:1] == ("address",):
        return f"{name}：整句只是一个地址"
    hits = (hit for hit in lexicon().hits("intents", one.read.scan) if hit.target.startswith(f"{said.intent}/"))
    chance = dict(verdict.intents).get(said.intent, 0.0)
    words = _words(hits, one)
    if not words and one.read.ranking.best and said.intent in one.cues.weights:
        return f"{name} {said.score:.2f}：从分类{one.read.ranking.best}的词推出，合计{chance:.2f}{_asked(said)}"
    return f"{name} {said.score:.2f}：{_by(words, chance)}{_asked(said)}"


def _asked(said: Understanding) -> str:
    if said.sure:
        return "，有把握"
    others = "、".join(f"{intent}/{action} {chance:.2f}" for intent, action, chance in said.readings)
    return f"，没把握，会先问。可能是 {others}" if others else "，没把握，会先问"


def _category(said: Understanding, one: Evidence, verdict: Judgement) -> str:
    if not said.category:
        return "没有分类"
    hits = (hit for hit in lexicon().hits("categories", one.read.scan) if hit.target == said.category)
    return f"{said.category}：{_by(_words(hits, one), dict(verdict.codes).get(said.category, 0.0))}"


def _by(words: str, chance: float) -> str:
    """Rule words, the chance the rules and models give together, or only the model."""
    return f"词{words}，合计{chance:.2f}" if words else f"没有规则的词，模型{chance:.2f}"


def _urgency(said: Understanding, one: Evidence, verdict: Judgement) -> str:
    hits = [hit for hit in lexicon().hits("danger", one.read.scan) if " " in hit.target or hit.target == "urgent"]
    back = "、".join(words for kind, words in _TAKEN_BACK.items() if kind in one.read.alarm.kinds)
    words, chance = _words(hits, one), f"模型看险情{verdict.danger:.2f}"
    name = f"{said.urgency}/{said.danger}" if said.danger else said.urgency
    if said.urgency != "normal":
        return f"{name}：" + (f"词{words}，{chance}" if one.read.alarm.hits or words else f"没有险情的词，{chance}")
    if words:
        return f"{name}：有词{words}，但是{back or '别的词都说没有险情'}，{chance}"
    return f"{name}：没有险情的词，{chance}"


def _place(said: Understanding) -> str:
    words = "".join(f"「{said.text[start:end]}」" for start, end in said.place.spans)
    found = "、".join(place.label for place in said.place.found)
    if found:
        return f"{found}：名册里有{words}"
    if said.place.unknown:
        return f"「{said.place.unknown}」像地址，名册里没有"
    return f"{said.place.kind_of_spot}：只说了这样的地方，没说哪一处" if said.place.kind_of_spot else _NOTHING


def _time(one: When) -> str:
    start = one.start.isoformat(timespec="minutes") if one.start else ""
    value = one.rule or start or f"{one.seconds:.0f}秒"
    return f"「{one.text}」{one.kind} {value}" + ("" if one.certain else "，按惯例取的")


def _issues(said: Understanding) -> str:
    parts = [f"{issue.category or '没有分类'}「{issue.text[:24]}」" for issue in said.issues]
    if not parts:
        return "没有要办的事"
    return f"一件：{parts[0]}" if len(parts) == 1 else f"按标点和各段的词分成{len(parts)}件：" + "；".join(parts)


def _words(hits: Iterable[Hit], one: Evidence) -> str:
    """What stands in the message where rules matched, at most three."""
    order = sorted(hits, key=lambda hit: -hit.weight)
    found = dict.fromkeys(one.plain[hit.start : hit.end][:16] for hit in order)
    return "".join(f"「{words}」" for words in list(found)[:3] if words)
