"""Cost of understanding: `python -m tests.bench.understanding`. Prints; asserts nothing about time."""

from __future__ import annotations

import resource
import statistics
import time

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
        begun = time.perf_counter()
        nlp.understand(_SAID)
        taken.append(time.perf_counter() - begun)
    print(f"{len(_SAID)} characters: median {statistics.median(taken) * 1e6:.0f} µs")
    print("characters      " + "".join(f"{size:>10}" for size in (100, 1000, 10_000, 100_000)))
    for piece in _HARD:
        row = []
        for size in (100, 1000, 10_000, 100_000):
            text = (piece * size)[:size]
            begun = time.perf_counter()
            nlp.understand(text)
            row.append(f"{(time.perf_counter() - begun) * 1e3:>8.1f}ms")
        print(f"{piece:<12}" + "".join(row))


if __name__ == "__main__":
    main()
