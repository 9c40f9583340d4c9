"""What understanding costs: time of a short message, memory and readiness of a fresh process, growth with length.

Run as a program it measures its own process and prints one JSON object; `fresh` starts it and reads that. Times of
messages are those of the processor, so that other work on the machine does not count; readiness is by the clock.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.evaluating.utterances import rows

_HARD = ("三号楼二单元的声控灯坏了两天了没人来修,", "电梯困", "(", "1-", "我家漏水,", "煤气味不急万一")
_SHORT, _LONG = 1_000, 10_000  # characters


def evaluate(path: Path) -> dict[str, float]:
    """`median`: µs of the processor for a message of 15–25 characters of the table, each read twice and the second
    time counted; `ready` (s), `memory` (MB) and `growth` are of a process of its own."""
    import nlp

    texts = [row.text for row in rows(path) if 15 <= len(row.text) <= 25]
    if not texts:
        raise ValueError(f"{path.name} 里没有 15 到 25 个字的话。")
    nlp.warm()
    spent = []
    for text in texts * 2:
        started = time.thread_time_ns()
        nlp.understand(text)
        spent.append((time.thread_time_ns() - started) / 1000)
    return {"median": statistics.median(spent[len(texts) :]), "messages": len(texts)} | fresh()


def fresh() -> dict[str, float]:
    """`ready`: seconds from the import to the first answer; `memory`: the most it ever held, interpreter included;
    `growth`: how many times longer 10,000 characters take than 1,000, of six hard texts the worst."""
    done = subprocess.run([sys.executable, "-m", __name__], capture_output=True, check=True, text=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _main() -> None:
    started = time.perf_counter()
    import nlp

    nlp.warm()
    ready = time.perf_counter() - started
    memory = _most_held()
    growth = max(_least(nlp.understand, piece, _LONG) / _least(nlp.understand, piece, _SHORT) for piece in _HARD)
    sys.stdout.write(json.dumps({"ready": ready, "memory": memory, "growth": growth}))


def _least(read: Callable[[str], object], piece: str, size: int) -> float:
    """Seconds of the processor for `size` characters, the least of five times."""
    text, spent = (piece * size)[:size], []
    for _ in range(5):
        started = time.thread_time()
        read(text)
        spent.append(time.thread_time() - started)
    return min(spent)


def _most_held() -> float:
    """In MB. `ru_maxrss` of a child begins with what its parent held, the kernel's own account does not."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


if __name__ == "__main__":
    _main()
