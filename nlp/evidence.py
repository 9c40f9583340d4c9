"""Everything that is known of a message before anything is decided, as features for the small models."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp import category, commands, dialect, features, intents, normalize, pii, respell, slots, urgency
from nlp.category import Ranking
from nlp.commands import Command
from nlp.intents import Cues
from nlp.lexicon import Scan, lexicon
from nlp.quick import quick
from nlp.urgency import Alarm

_SPACES = re.compile(r"[\s\u3000]+")
_ADDRESS = re.compile(r"\d+ ?(?:幢|栋|号楼|单元|弄|室|号(?!线|那|的|这))|\d+-\d+")
_SHORT = {length: f"short:{limit}" for limit in (30, 12, 6, 3) for length in range(limit + 1)}  # the least limit
_BARE = re.compile(r"[\d\-幢栋号楼单元室弄东南西北门区期苑]+$")


@quick
@dataclass(frozen=True, slots=True)
class Read:
    """What the words of one text say, before intent and slots."""

    scan: Scan
    alarm: Alarm
    ranking: Ranking


@quick
@dataclass(frozen=True, slots=True)
class Evidence:
    """`clean` is normalised, `plain` also in standard words, `core` without politeness. `numbers`: of persons, in it.
    `topics`: the names of those with a word in it."""

    clean: str
    plain: str
    core: str
    read: Read
    command: Command | None
    cues: Cues
    numbers: tuple[pii.Found, ...]
    topics: frozenset[str]


def gather(raw: str) -> Evidence:
    """All that words, cues and command grammar say of a raw message."""
    clean = normalize.normalize(raw)
    # A space after a command word ends it (「求助 需要电工」), so here it stays as a comma.
    core = slots.core(normalize.normalize(_SPACES.sub(",", raw.strip())) if _SPACES.search(raw) else clean)
    plain = dialect.standard(clean)
    read = words_of(plain)
    topics = read.scan.topics
    found = command(clean, core, plain if core == clean else dialect.standard(core), read)
    cues = intents.cues(plain, read.scan, read.ranking)
    if found is None and not read.ranking.best and read.alarm.urgency == "normal" and not _ADDRESS.search(clean):
        heard = _second_look(plain, read, cues)
        if heard is not read:
            read, cues = heard, intents.cues(plain, heard.scan, heard.ranking)
    return Evidence(clean, plain, core, read, found, cues, pii.find(clean), topics)


def _second_look(plain: str, read: Read, cues: Cues) -> Read:
    """Keywords did not settle it: the same by sound (没气味 for 煤气味)."""
    if len(plain) < 3 or not any("一" <= char <= "鿿" for char in plain):
        return read
    if max(cues.weights.values(), default=0.0) >= 2.5:
        return read
    spelt, longest = respell.respell(plain)
    if longest:
        heard = words_of(spelt)
        if heard.alarm.urgency == "emergency" and longest < 3:
            heard = Read(heard.scan, urgency.CALM, category.rank(heard.scan))
        if heard.ranking.weight >= (3.0 if longest >= 3 else 3.5):
            return heard
    return read


def words_of(plain: str) -> Read:
    scan = lexicon().scan(plain)
    alarm = urgency.alarm(scan)
    return Read(scan, alarm, category.rank(scan, alarm.hits if alarm.danger else ()))


def command(clean: str, core: str, plain_core: str, read: Read) -> Command | None:
    """A command, unless the words after it tell of a matter (「上报:楼道灯坏了」 is a report).

    In danger only a leader's command about a task counts (「办结 火已扑灭」); the urgency stays for everybody else.
    """
    found = commands.whole(clean, core)
    if found is None and plain_core != core:
        found = commands.whole(plain_core, plain_core)
    if found is None:
        found = commands.leading(core)
        if found is not None and not _holds(found, read):
            found = None
    if read.alarm.urgency == "emergency" and (found is None or found.intent != "staff_ops"):
        return None
    return found


def _holds(found: Command, read: Read) -> bool:
    if found.intent != "staff_ops" or not found.reason:
        return True
    if found.action == "escalate" and read.ranking.weight >= 3 and not found.tickets:
        return False
    return found.action != "transfer" or len(found.reason) <= 8


def pieces(one: Evidence) -> tuple[list[str], list[str]]:
    """The features of the models: written and sounding pieces, and what the rules found."""
    return features.written(features.line(one.plain)), ruled(one)


def ruled(one: Evidence) -> list[str]:
    """The features of what the rules found."""
    alarm = one.read.alarm
    return features.ruled(one.cues.weights, one.read.ranking.codes, alarm.danger, alarm.urgency, _marks(one))


def _marks(one: Evidence) -> list[str]:
    found = [f"topic:{name}" for name in one.topics]
    if one.cues.asks:
        found.append("asks")
    if one.cues.fault:
        found.append("fault")
    if one.command is not None:
        found.append(f"command:{one.command.intent}/{one.command.action}")
    if _ADDRESS.search(one.clean):
        found.append("bare" if _BARE.match(one.clean) else "address")
    if one.numbers:
        found.append("phone")
    if short := _SHORT.get(len(one.plain)):
        found.append(short)
    return found + [f"danger:{kind}" for kind in one.read.alarm.kinds]
