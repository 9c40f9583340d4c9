"""Cost of understanding, and how right it is: `python -m tests.bench.understanding`. Prints, asserts nothing."""

from __future__ import annotations

import resource
import statistics
import time
from pathlib import Path

from bot.evaluating.utterances import evaluate

_TABLES = Path(__file__).parents[1] / "nlp"
RESIDENTS = _TABLES / "residents.tsv"  # seen since the first models
NEIGHBOURS = _TABLES / "neighbours.tsv"  # looked at while teaching the second ones
UNSEEN = _TABLES / "unseen.tsv"  # written with it, known only by its sums
BLIND = _TABLES / "blind.tsv"  # written before the third round of examples, known only by its sums
_SAID = "三号楼二单元的声控灯坏了两天了没人来修"
_HARD = ("电梯困", "(", "1-", "啊", "我家漏水,", "煤气味不急万一", "３幢２单元")


def main() -> None:
    start = time.perf_counter()
    import nlp

    nlp.warm()
    print(f"ready after {time.perf_counter() - start:.2f} s")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (models, words and jieba)")
    taken = []
    for _ in range(2000):
        begun = time.process_time()
        nlp.understand(_SAID)
        taken.append(time.process_time() - begun)
    print(f"{len(_SAID)} characters: median {statistics.median(taken) * 1e6:.0f} µs of the processor")
    print("characters      " + "".join(f"{size:>10}" for size in (100, 1000, 10_000, 100_000)))
    for piece in _HARD:
        row = []
        for size in (100, 1000, 10_000, 100_000):
            text = (piece * size)[:size]
            begun = time.perf_counter()
            nlp.understand(text)
            row.append(f"{(time.perf_counter() - begun) * 1e3:>8.1f}ms")
        print(f"{piece:<12}" + "".join(row))
    for path in (RESIDENTS, NEIGHBOURS, UNSEEN, BLIND):
        found = evaluate(path)
        print(f"{path.name}: {found['messages']} messages")
        for part in ("intent", "emergency", "category"):
            print(f"  {part}: " + ", ".join(f"{name} {value:.3f}" for name, value in found[part].items()))


if __name__ == "__main__":
    main()
