"""What residents heard of a burst second by second, and what the database says of it afterwards."""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from bot.spool import opened
from handlers import texts
from handlers.types import Sender
from storage.engine import open_database
from storage.ids import turn_name
from storage.schema import inbox, outbox
from storage.values import replies_from
from tests.bench import town
from tests.bench.driver import Asked
from tests.bench.messages import APP_ID, Writer

TIP = 5.0  # seconds; then the platform tells the resident that the account is out of order
CALM = 0.1  # seconds of p99 that count as normal in any case: the goal at half load
IN_A_ROW = 3  # calm seconds make it normal again
STAGES = ("before", "burst", "after")
OWN, RECORDED, SUCCESS = "own answer", "「我们记下了…稍后回您」", "`success`, the answer follows"
NOT_KEPT, APOLOGY, NO_ANSWER = "「没有记下」", "apology or 「太快」", "error tip"
HEARD = (OWN, RECORDED, SUCCESS, NOT_KEPT, APOLOGY, NO_ANSWER)


@dataclass
class Said:
    """One message. `stage`: when it was due; `heard`: one of HEARD."""

    user: str
    key: str
    stage: str
    asked: Asked
    heard: str = NO_ANSWER


@dataclass
class Found:
    said: Sequence[Said]
    cpu: dict[str, float]  # stage → share of the server's core
    memory: tuple[float, float, float]  # MB at rest, when the burst ends, at the end
    kept: float  # seconds after the burst's end until no message waits in the spool
    driver: float  # share of a core
    wrong: Counter[str] = field(default_factory=Counter)
    spooled: int = 0  # messages in the spool when the server was stopped: safe, not done
    undelivered: int = 0  # promised answers that the platform will not take: five a resident, until he writes again
    waiting: int = 0  # pushes that had not left when the server was stopped

    @property
    def normal(self) -> float:
        """p99 in seconds of the worst second before the burst, or CALM."""
        return max(CALM, *(percentile(one, 0.99) for one in by_second(self.said, "before").values()))

    @property
    def back(self) -> int | None:
        """Seconds after the burst's end until seconds are normal again, IN_A_ROW of them."""
        after = by_second(self.said, "after")
        seconds = sorted(after)
        calm = [percentile(after[at], 0.99) <= self.normal for at in seconds]
        return next((at for at in range(len(calm)) if all(calm[at : at + IN_A_ROW])), None) if calm else None


def heard(writer: Writer, asked: Asked) -> str:
    if asked.body is None or asked.seconds >= TIP:
        return NO_ANSWER
    try:
        words = writer.read(asked.body)
    except Exception:  # whatever is wrong with it, the platform shows its error tip
        return NO_ANSWER
    known = {"": SUCCESS, texts.RECORDED: RECORDED, texts.NOT_KEPT: NOT_KEPT}
    return known.get(words) or (APOLOGY if words in (texts.SORRY, texts.TOO_FAST, texts.TOO_MANY) else OWN)


def judge(place: town.Town, folder: Path, found: Found) -> None:
    """What the database says: each acknowledged message once, in its sender's order, each promise in the outbox."""
    db = open_database(place.url, place.key)
    try:
        with db.reading() as conn:
            there = conn.execute(select(inbox.c.user, inbox.c.key, inbox.c.turn, inbox.c.replies)).all()
            promised = Counter(conn.execute(select(outbox.c.turn).where(outbox.c.kind == "reply")).scalars())
            open_ones = select(func.count()).select_from(outbox).where(outbox.c.state.in_(("waiting", "sending")))
            late = (
                select(func.count()).select_from(outbox).where(outbox.c.kind == "reply", outbox.c.state == "failed")
            )
            found.undelivered = conn.execute(late).scalar_one()
            found.waiting = conn.execute(open_ones).scalar_one()
    finally:
        db.close()
    kept = {(inbound.sender.user, inbound.key) for inbound in opened(folder / "data", "judge").waiting()}
    found.spooled = len(kept)
    turns = {(row.user, row.key): row for row in there}
    before: dict[str, list[tuple[float, int]]] = defaultdict(list)  # sender → when it was answered, turn
    for one in found.said:
        row = turns.get((one.user, one.key))
        if one.heard in (OWN, RECORDED, SUCCESS):
            found.wrong["lost"] += row is None and (one.user, one.key) not in kept
        if one.heard in (RECORDED, SUCCESS) and row is not None:
            times = promised[turn_name(Sender("wechat", APP_ID, one.user), one.key) + "r"]
            found.wrong["promises not kept"] += not times and (one.user, one.key) not in kept
            found.wrong["promises kept twice"] += times > len(replies_from(row.replies))
        if row is not None and one.asked.body is not None:
            due = one.asked.due
            found.wrong["out of order"] += any(at < due and turn > row.turn for at, turn in before[one.user])
            before[one.user].append((due + one.asked.seconds, row.turn))


def by_second(said: Iterable[Said], stage: str) -> dict[int, list[float]]:
    """Seconds until the answer, by the second of the stage; no answer counts as for ever."""
    those = [one for one in said if one.stage == stage]
    start = min(one.asked.due for one in those)
    times: dict[int, list[float]] = defaultdict(list)
    for one in those:
        times[int(one.asked.due - start)].append(taken(one))
    return times


def taken(one: Said) -> float:
    return one.asked.seconds if one.asked.body is not None else float("inf")


def percentile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def told(kind: str, given: argparse.Namespace, found: Found) -> bool:
    print(f"\n== {kind}: {given.rate:.0f}/s, then {given.rate * given.times:.0f}/s for {given.burst:.0f} s ==")
    print(f"{'':<34}" + "".join(f"{stage:>10}" for stage in STAGES))
    by_stage = {stage: [one for one in found.said if one.stage == stage] for stage in STAGES}
    rows = {"messages": [len(by_stage[stage]) for stage in STAGES]}
    for what in HEARD:
        rows[what] = [sum(one.heard == what for one in by_stage[stage]) for stage in STAGES]
    for name, numbers in rows.items():
        print(f"{name:<34}" + "".join(f"{number:>10}" for number in numbers))
    for share in (0.5, 0.99):
        times = [percentile([taken(one) for one in by_stage[stage]], share) * 1000 for stage in STAGES]
        print(f"{f'p{share * 100:.0f}, ms':<34}" + "".join(f"{time:>10.0f}" for time in times))
    print(f"{'CPU of the server, share of a core':<34}" + "".join(f"{found.cpu[stage]:>10.2f}" for stage in STAGES))
    tips = sum(rows[NO_ANSWER])
    lost = ", ".join(f"{what} {count}" for what, count in found.wrong.items())
    back = "not seen" if found.back is None else f"{found.back} s after the burst"
    print(f"error tips {tips}; in the database: {lost}; 「没有记下」 {sum(rows[NOT_KEPT])}")
    calm = f"p99 of a second normal again (≤ {found.normal * 1000:.0f} ms) {back}"
    print(f"{calm}; nothing waits in the spool {found.kept:.1f} s after; {found.spooled} still there at the end")
    print(
        "memory {:.0f} MB at rest, {:.0f} when the burst ended, {:.0f} at the end; ".format(*found.memory)
        + f"driver {found.driver:.0%} of a core"
    )
    print(
        f"{found.undelivered} promised answers not taken by the platform (five a resident until he writes again), "
        f"{found.waiting} pushes still waiting (they leave at 50 a second)",
        flush=True,
    )
    return not tips and not any(found.wrong.values()) and found.back is not None and found.back <= 30
