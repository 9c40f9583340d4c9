"""What performance.md wants, beside what was measured; prints it, measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.stages import Measured


@dataclass(frozen=True)
class Goal:
    """`first`, `goal`: the two columns of the table; reached when `value` is at least (`up`) or at most that."""

    what: str
    value: float
    first: float
    goal: float
    unit: str
    up: bool

    def mark(self, wanted: float) -> str:
        return "yes" if (self.value >= wanted if self.up else self.value <= wanted) else "NO"

    def line(self) -> str:
        sign = "≥" if self.up else "≤"
        return (
            f"{self.what:<52} {self.value:>8.2f} {self.unit:<3}   {sign} {self.first:<6g} {self.mark(self.first):<4}"
            f"   {sign} {self.goal:<6g} {self.mark(self.goal)}"
        )


@dataclass
class Outcome:
    """All that a run on one database measured."""

    database: str
    floor: Measured
    kinds: Mapping[str, Measured]  # menu question progress mixed half
    ready_seconds: float
    rest_mb: float
    after_mb: float
    rows: Mapping[str, int]
    answered: Mapping[str, float]  # outcome → messages, of the server's own count

    def ratio(self, kind: str) -> float:
        """Of the rates of the same run, interleaved."""
        return self.kinds[kind].rate / self.floor.rate if self.floor.rate else 0.0

    def core_ratio(self, kind: str) -> float:
        """Of the CPU a message costs the server process; what the database's own processes cost is not in it."""
        return self.floor.cpu_us / self.kinds[kind].cpu_us if self.kinds[kind].cpu_us else 0.0

    def goals(self) -> list[Goal]:
        wanted = {"mixed": ("mixed, everything durable", 0.05, 0.2)}
        if self.database == "sqlite":
            wanted = {
                "menu": ("reply only 菜单 (its row follows)", 0.4, 0.6),
                "question": ("keyword question 居住证怎么办", 0.15, 0.4),
                "progress": ("of one's own tickets 查进度", 0.15, 0.4),
                "mixed": ("mixed, everything durable", 0.08, 0.2),
            }
        speed = []
        for kind, (what, first, goal) in wanted.items():
            speed.append(Goal(f"{what}, CPU of F / CPU", self.core_ratio(kind), first, goal, "F", True))
            if self.database == "sqlite":  # on PostgreSQL the server shares the driver's core
                speed.append(Goal(f"{what}, rate / F", self.ratio(kind), first, goal, "F", True))
        half = self.kinds["half"]
        return [
            *speed,
            Goal("p50 at half of that load", half.percentile_ms(0.5), 300, 15, "ms", False),
            Goal("p99 at half of that load", half.percentile_ms(0.99), 300, 100, "ms", False),
            Goal("start to ready", self.ready_seconds, 4, 1.5, "s", False),
            Goal("memory at rest", self.rest_mb, 250, 130, "MB", False),
        ]

    def text(self) -> str:
        lines = [
            f"\n== {self.database} ==",
            HEAD,
            self._line("F: bare aiohttp `success`", self.floor, 1.0, 1.0),
        ]
        for kind, name in NAMES.items():
            lines.append(self._line(name, self.kinds[kind], self.ratio(kind), self.core_ratio(kind)))
        left = ", ".join(f"{kind} {stage.left_us:.0f}" for kind, stage in self.kinds.items() if stage.left)
        counts = ", ".join(f"{name} {count}" for name, count in self.rows.items())
        told = ", ".join(f"{name} {count:.0f}" for name, count in self.answered.items())
        lines += [
            f"done after the answers, CPU µs a message: {left}",
            f"rows afterwards: {counts}; the server's own count of messages: {told}",
            f"memory after the load {self.after_mb:.0f} MB",
            f"\n{'':<52} {'measured':>8}       {'first step':<14}   goal",
            *(goal.line() for goal in self.goals()),
        ]
        return "\n".join(lines)

    @staticmethod
    def _line(name: str, stage: Measured, ratio: float, core: float) -> str:
        p50, p95, p99 = (stage.percentile_ms(share) for share in (0.5, 0.95, 0.99))
        return (
            f"{name:<26} {stage.rate:>8.0f} {ratio:>7.3f} {stage.cpu_us:>7.0f} {core:>7.3f} {p50:>7.1f} {p95:>7.1f} "
            f"{p99:>7.1f} {stage.spread:>6.0%} {stage.driver:>6.0%} {stage.bad:>4}"
        )

    def data(self) -> dict[str, object]:
        stages = {"floor": self.floor, **self.kinds}
        return {
            "database": self.database,
            "stages": {
                name: {
                    "rate": stage.rate, "cpu_us": stage.cpu_us, "left_us": stage.left_us, "noise": stage.spread,
                    "bad": stage.bad,
                    **{f"p{share}_ms": stage.percentile_ms(share / 100) for share in (50, 95, 99)},
                }
                for name, stage in stages.items()
            },
            "ready_seconds": self.ready_seconds, "rest_mb": self.rest_mb, "after_mb": self.after_mb,
            "rows": dict(self.rows), "answered": dict(self.answered),
            "goals": [
                {"what": goal.what, "value": goal.value, "first": goal.mark(goal.first), "goal": goal.mark(goal.goal)}
                for goal in self.goals()
            ],
        }  # fmt: skip


NAMES = {
    "menu": "reply only 菜单",
    "question": "keyword question 居住证怎么办",
    "progress": "own tickets 查进度",
    "mixed": "mixed traffic",
    "half": "mixed, half of that, open",
}
HEAD = (
    f"{'':<26} {'msg/s':>8} {'rate/F':>7} {'CPU µs':>7} {'F/CPU':>7} {'p50 ms':>7} {'p95 ms':>7} {'p99 ms':>7} "
    f"{'noise':>6} {'driver':>6} {'bad':>4}"
)
