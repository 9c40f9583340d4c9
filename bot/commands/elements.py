"""`jushe train FILE --elements`: learn to cut addresses into elements; scored on a part kept aside."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import typer

from bot.commands.bar import progress
from bot.commands.opened import fail
from bot.evaluating import address
from bot.learning.elements import Labelled, learn
from bot.learning.pieces import CannotLearn
from nlp.elements import segment
from nlp.elements.tagger import dump

_ASIDE = 5  # one row in five is kept to be judged by when no --test is given
_FEWEST = 50


def train_elements(file: Path, out: Path, test: Path | None, seed: int, *, quiet: bool) -> None:
    """Prints the F1 of the rules alone and of what was learned; writes the tagger learned from all rows of FILE."""
    try:
        rows = address.read(file)
        judged = address.read(test) if test else []
    except (address.BadRow, OSError) as error:
        fail(str(error))
    if len(rows) < _FEWEST:
        fail(f"只有 {len(rows)} 条地址，学不出来，至少要 {_FEWEST} 条。")
    started = time.monotonic()
    try:
        with progress(quiet=quiet) as tell:
            kept, judged = (rows, judged) if test else _apart(rows, seed)
            learned = learn(kept, seed=seed, tell=lambda done, total: tell("学", done, total))
            tagger = (
                learned if test else learn(rows, seed=seed, tell=lambda done, total: tell("用全部学", done, total))
            )
    except CannotLearn as error:
        fail(str(error))
    written = dump(tagger)
    out.write_bytes(written)
    seconds = round(time.monotonic() - started, 1)
    rules, f1 = address.f1(judged, segment), address.f1(judged, learned.segment)
    if quiet:
        figures = {
            "model": str(out), "bytes": len(written), "seconds": seconds, "learned_from": len(rows),
            "judged_by": len(judged), "rules_f1": rules, "learned_f1": f1,
        }  # fmt: skip
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    typer.echo(f"学好了：{len(rows):,} 条地址，用了 {seconds} 秒。")
    typer.echo(f"模型：{out}（{len(written) / 1e6:.2f} MB）")
    typer.echo(f"用 {len(judged):,} 条没学过的评（{'、'.join(address.CHOSEN)}）：")
    typer.echo(f"只用规则 F1 {rules:.4f}，学过以后 F1 {f1:.4f}。")


def _apart(rows: list[Labelled], seed: int) -> tuple[list[Labelled], list[Labelled]]:
    mixed = rows[:]
    random.Random(seed).shuffle(mixed)  # noqa: S311 — which rows judge, no secret
    count = len(mixed) // _ASIDE
    return mixed[count:], mixed[:count]
