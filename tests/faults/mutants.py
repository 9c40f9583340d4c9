"""`python -m tests.faults.mutants`: faults put into copies of the program; each must make a test fail."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("bot", "handlers", "nlp", "storage", "tests", "pyproject.toml", "docs", "CHANGELOG.md")
COMMITS = (
    "    pen.tx._let_logs_wait_before(frozenset(pen.tx._logs))\n"
    "    pen.tx._send()\n"
    "    pen.tx._cursor.connection.commit()\n"
)


@dataclass(frozen=True)
class Mutant:
    """In `file` each `old` becomes its `new`; `test` (a pytest target with its options) must fail then."""

    name: str
    file: str
    change: Sequence[tuple[str, str]]
    test: str


MUTANTS = (
    Mutant(
        "acknowledge before anything is kept", "bot/promises.py",
        [("await (self._on_disk(self._spool.add, inbound, stuck=True) if stuck else self._add(inbound))", "pass")],
        "tests/bot/gateway/test_promises.py -k lost_database",
    ),
    Mutant(
        "copies known from memory only", "storage/known.py",
        [("if replies is not None:", "if False:")],
        "tests/storage/turns/test_once.py -k recorded_answer --database sqlite",
    ),
    Mutant(
        "check, then act", "storage/transaction.py",
        [("if write.once and cursor.rowcount != 1:", "if False:"),
         ("if any(cursor.rowcount != 1 for cursor in checked):", "if False:")],
        "tests/storage/turns/test_order.py -k two_who_take",
    ),
    Mutant(
        "two transactions", "storage/turn.py",
        [("    name = turn_name(sender, inbound.key)\n", "    name = turn_name(sender, inbound.key)\n" + COMMITS)],
        "tests/storage/test_durable.py -k all_or_nothing",
    ),
    Mutant(
        "pushes outside the transaction", "storage/turn.py",
        [("                turn=name,\n            )  # fmt: skip\n",
          "                turn=name,\n            )  # fmt: skip\n" + COMMITS)],
        "tests/storage/test_durable.py -k all_or_nothing",
    ),
    Mutant(
        "no BEGIN IMMEDIATE", "storage/batches.py",
        [('cursor.execute("BEGIN IMMEDIATE")', 'cursor.execute("BEGIN")')],
        "tests/storage/test_contention.py --database sqlite",
    ),
    Mutant(
        "no fsync: the database", "storage/engine.py",
        [('"synchronous=FULL"', '"synchronous=OFF"'), ("synchronous_commit=on", "synchronous_commit=off")],
        "tests/storage/test_durable.py",
    ),
    Mutant(
        "no fsync: the spool", "bot/spool.py",
        [("                os.fsync(file)\n            except OSError:", "            except OSError:")],
        "tests/storage/test_durable.py",
    ),
    Mutant(
        "no fencing", "storage/queue.py",
        [("return and_(outbox.c.id == row, outbox.c.holder == holder) if holder else outbox.c.id == row",
          "return outbox.c.id == row")],
        "tests/storage/test_alive.py -k dead_had",
    ),
    Mutant(
        "bodies are unpacked", "bot/server.py",
        [("auto_decompress=False", "auto_decompress=True")],
        "tests/bot/test_server.py",
    ),
    Mutant(
        "a nonce is not bound to its body", "bot/channels/wechat/front.py",
        [("if not self._replays.fits(", "if False and not self._replays.fits(")],
        "tests/channels/test_front.py -k another_body",
    ),
    Mutant(
        "leases end by the wall clock", "storage/queue.py",
        [(', outbox.c.holder.not_like(f"{MARK}%"))', ")")],
        "tests/storage/test_alive.py -k dead_had",
    ),
    Mutant(
        "a sender's next message does not wait", "bot/gateway.py",
        [("            if line is None:\n", "            if True:\n")],
        "tests/bot/gateway/test_promises.py -k second_waits",
    ),
    Mutant(
        "what comes later overtakes the spool", "bot/promises.py",
        [("        return sender in self._kept", "        return False")],
        "tests/bot/gateway/test_promises.py -k does_not_overtake",
    ),
    Mutant(
        "the living are inherited", "bot/spool.py",
        [('if path == self.path or not is_free(path.with_suffix(".owner")):', "if path == self.path:")],
        "tests/bot/test_spool.py -k living_keep",
    ),
    Mutant(
        "the clockwork trusts the clock", "bot/ticking.py",
        [("            if jumped or late", "            if False and late")],
        "tests/bot/test_ticking.py",
    ),
    Mutant(
        "everybody leads", "storage/alive.py",
        [("        return self._leads and time", "        return True or time")],
        "tests/storage/test_alive.py -k one_leads",
    ),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutants", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORDS", help="mutants whose name has these words")
    given = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if given.only in mutant.name]
    missed = 0
    for mutant in chosen:
        caught = by(mutant)
        missed += not caught
        print(
            f"{'caught' if caught else 'MISSED'}  {mutant.name} ({mutant.file}): {caught or mutant.test}", flush=True
        )
    print(f"{len(chosen) - missed} of {len(chosen)} caught")
    return 1 if missed else 0


def by(mutant: Mutant) -> str:
    """The test that failed on the mutant, "" when none did. Raises ValueError when the program has changed."""
    with tempfile.TemporaryDirectory(prefix="jushe-mutant-") as name:
        folder = Path(name)
        for part in COPIED:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, folder / part)
        change(mutant, folder)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *mutant.test.split()]
        env = os.environ | {"PYTHONPATH": name, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise ValueError(f"{mutant.name}: pytest ended with {done.returncode}\n{done.stdout[-2000:]}")
        failed = [line.split(" ")[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")]
        return failed[0] if done.returncode and failed else ""


def change(mutant: Mutant, folder: Path) -> None:
    path = folder / mutant.file
    text = path.read_text(encoding="utf-8")
    for old, new in mutant.change:
        if text.count(old) < 1:
            raise ValueError(f"{mutant.name}: {mutant.file} has no {old!r} any more")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
