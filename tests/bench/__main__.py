"""`python -m tests.bench`: the real server under signed, sealed messages, beside a bare aiohttp handler."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from tests.bench import profiled, town
from tests.bench.asked_for import asking, kinds, on_cores, standing
from tests.bench.goals import Outcome
from tests.bench.messages import Writer
from tests.bench.process import Server, free_port
from tests.bench.serving import own_count, serve
from tests.bench.stages import CONNECTIONS, Driver, Measured, closed, floor_scripts, settle
from tests.bench.traffic import Crowd, labels
from tests.channels.fake_wechat import FakeWeChat

REPORTERS = 2400  # who have a ticket before the question for it is measured


def options() -> argparse.Namespace:
    parser = asking("tests.bench", __doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="of one stage of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--households", type=int, default=20_000, help="of the sample town")
    parser.add_argument(
        "--in-flight",
        type=int,
        default=CONNECTIONS,
        help="messages, each on a connection of its own, while saturated",
    )
    parser.add_argument("--plain", action="store_true", help="the account's plain mode: nothing is sealed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument(
        "--profile", nargs="?", const="mixed", choices=("menu", "question", "progress", "mixed"), metavar="KIND",
        help="instead: the 25 costliest functions of a kind of traffic (menu, question, progress; mixed if not said)",
    )  # fmt: skip
    return parser.parse_args()


def main() -> int:
    given = options()
    at, own = on_cores()
    if at != own:
        print(f"server on core {at}, driver (and PostgreSQL) on core {own}")
    else:
        print("one core only: server, driver and PostgreSQL share it, so the rates are too low")
    outcomes = []
    for kind in kinds(given):
        with standing(kind, "bench") as (url, folder):
            if given.profile:
                asyncio.run(profile(kind, url, folder, given, at))
                continue
            outcome = asyncio.run(measure(kind, url, folder, given, at))
            print(outcome.text(), flush=True)
            outcomes.append(outcome)
    if given.json:
        given.json.write_text(json.dumps([outcome.data() for outcome in outcomes], ensure_ascii=False, indent=1))
    missed = [goal for outcome in outcomes for goal in outcome.goals() if goal.mark(goal.first) == "NO"]
    return 1 if missed or any(stage.bad for outcome in outcomes for stage in outcome.kinds.values()) else 0


def mode(given: argparse.Namespace) -> dict[str, str]:
    return {"JUSHE_WECHAT_MODE": "plain"} if given.plain else {}


async def measure(kind: str, url: str, folder: Path, given: argparse.Namespace, core: int) -> Outcome:
    place = await asyncio.to_thread(town.found, url, given.households)
    crowd = Crowd(labels(place.register))
    port = free_port()
    floor = Server.start(["-m", "tests.bench.floor", str(port)], folder, port=port, core=core)
    server = None
    try:
        async with FakeWeChat() as api:
            server = await asyncio.to_thread(serve, place, folder, api.url, core, None, mode(given))
            await settle(5.0)  # dictionaries are loaded meanwhile
            rest = server.memory_mb()
            driver = Driver(server, Writer(given.plain), given.in_flight)
            stages = {name: Measured() for name in ("floor", "menu", "question", "progress", "mixed", "half")}
            simple = {"menu": crowd.menu, "question": crowd.question}
            tickets = {"progress": crowd.progress, "mixed": crowd.mixed}  # with pushes, which leave at their own pace
            for kinds_of in (simple, tickets):
                if kinds_of is tickets:
                    await driver.all_of(crowd.reporters(REPORTERS))
                for number in range(given.rounds):
                    print(
                        f"{kind}, {', '.join(kinds_of)}: round {number + 1} of {given.rounds}",
                        file=sys.stderr,
                        flush=True,
                    )
                    await driver.rested()
                    before = floor.cpu_seconds()
                    load = await closed(floor.port, floor_scripts(driver.writer, given.in_flight), given.seconds)
                    stages["floor"].add(load, floor.cpu_seconds() - before)
                    for name, scenes in kinds_of.items():
                        stages[name].add(*await driver.saturate(name, scenes(), given.seconds))
                        stages[name].left.append(await driver.rested())  # so that it is not counted to the next
            half = stages["mixed"].rate / 2
            for _ in range(given.rounds):
                await driver.rested()
                stages["half"].add(*await driver.steadily(crowd, half, given.seconds))
            answered = own_count(server)
            after = server.memory_mb()
            status = await asyncio.to_thread(server.stop)
            if status:
                raise RuntimeError(f"the server ended with {status}:\n{server.tail()}")
    finally:
        floor.kill()
        if server is not None:
            server.kill()
    counted = await asyncio.to_thread(town.rows, place)
    return Outcome(
        kind, stages.pop("floor"), stages, server.ready_seconds, rest, after, counted, answered
    )  # fmt: skip


async def profile(kind: str, url: str, folder: Path, given: argparse.Namespace, core: int) -> None:
    place = await asyncio.to_thread(town.found, url, given.households)
    crowd = Crowd(labels(place.register))
    out = folder / "profile"
    async with FakeWeChat() as api:
        server = await asyncio.to_thread(
            serve, place, folder, api.url, core, ["-m", "tests.bench.profiled", str(out)], mode(given)
        )
        try:
            await settle(8.0)
            driver = Driver(server, Writer(given.plain), given.in_flight)
            await driver.all_of(crowd.reporters(100))
            server.process.send_signal(signal.SIGUSR1)
            load, cpu = await driver.saturate(given.profile, getattr(crowd, given.profile)(), given.seconds)
            await asyncio.to_thread(server.stop, 60.0)
        finally:
            server.kill()
    each = 1e6 / load.count
    rows = profiled.heaviest(out)
    print(f"\n== {kind}, {given.profile}: {load.count} messages under the profiler, CPU {cpu * each:.0f} µs each ==")
    print(f"{'µs/msg':>8} {'with calls':>10} {'calls/msg':>9}  function")
    for name, calls, own, whole in rows[:25]:
        print(f"{own * each:>8.1f} {whole * each:>10.1f} {calls / load.count:>9.2f}  {name}")
    areas: dict[str, float] = {}
    for name, _, own, _ in rows:
        area = name.partition("/")[0].partition(":")[0] if "/" in name else "built in"
        areas[area] = areas.get(area, 0.0) + own * each
    heavy = sorted(areas.items(), key=lambda pair: -pair[1])[:12]
    print("µs/msg by package: " + ", ".join(f"{area} {spent:.0f}" for area, spent in heavy))


if __name__ == "__main__":
    sys.exit(main())
