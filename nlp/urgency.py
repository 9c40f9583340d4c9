"""Is somebody in danger, is it urgent (domain.md §9.1). A danger is never missed for want of the word 急."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.lexicon import Hit, Scan, lexicon
from nlp.quick import quick
from nlp.types import Urgency

_TABLE = "danger"
_MASK, _CALM, _HYPOTHETICAL, _URGENT = "mask", "calm", "hypothetical", "urgent"


@quick
@dataclass(frozen=True, slots=True)
class Alarm:
    """`danger`: key of the safety advice, "" unless an emergency; `hits`: the rules that raised it.

    `kinds`: what else was seen: mask, calm, hypothetical, and "no <danger>" for a danger that was taken back.
    """

    urgency: Urgency = "normal"
    danger: str = ""
    hits: tuple[Hit, ...] = ()
    kinds: frozenset[str] = frozenset()


CALM = Alarm()


def alarm(scan: Scan) -> Alarm:
    """Reads the danger rules. Words inside a mask (应急照明, 没着火) do not count; 万一着火怎么办 is no fire."""
    plain = lexicon().hits(_TABLE, scan)
    if not plain:
        return CALM
    kinds = {hit.target for hit in plain}
    everything = plain
    if _MASK in kinds:
        holes = [(hit.start, hit.end) for hit in plain if hit.target == _MASK]
        everything = lexicon().hits(_TABLE, scan, [*holes, *lexicon().covered(_TABLE, _MASK, scan)])
    found = [hit for hit in everything if " " in hit.target]
    if found and _HYPOTHETICAL not in kinds:
        found.sort(key=lambda hit: -hit.weight)
        return Alarm("emergency", _key(found[0]), tuple(found), _seen(plain))
    urgent = tuple(hit for hit in everything if hit.target == _URGENT)
    if (urgent or found) and _CALM not in kinds and _HYPOTHETICAL not in kinds:
        return Alarm("urgent", "", urgent, _seen(plain))
    return Alarm("normal", "", (), _seen(plain))


def _key(hit: Hit) -> str:
    return hit.target.partition(" ")[0]


def _seen(hits: list[Hit]) -> frozenset[str]:
    return frozenset(f"no {_key(hit)}" if " " in hit.target else hit.target for hit in hits)
