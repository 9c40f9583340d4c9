"""schemathesis against a service of its own: sample community, SQLite, one token.

python -m tests.api.fuzz PATH_OF_SCHEMATHESIS [--role desk] [--examples 50]

schemathesis lives in an environment of its own, because it wants other versions than ours: `python -m venv fz &&
fz/bin/pip install schemathesis`, then PATH is fz/bin/schemathesis. Its exit status is passed on. Its phase
"coverage" is left out: it ends in an error of its own on Python 3.11.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from bot import app as parts
from bot.server import listen
from bot.settings import load
from storage import api_tokens, people

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


async def fuzz(program: str, role: str, examples: int) -> int:
    with tempfile.TemporaryDirectory(prefix="jushe-fuzz-") as folder:
        os.chdir(folder)
        app = await parts.start(load(data_dir=Path(folder) / "data"), demo=True)
        with app.db.writing() as conn:
            now = app.clock()
            person = people.add_person(conn, "fuzz", "", 0, now=now)
            token = api_tokens.add(conn, "fuzz", role, 0, person, now=now, days=1, per_minute=1_000_000)
        runner, port = await listen(app, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{port}"
        process = await asyncio.create_subprocess_exec(
            program, "run", f"{address}/api/v1/openapi.json", "--url", address, "--checks", CHECKS,
            "--phases", "examples,fuzzing,stateful",
            "--max-examples", str(examples), "--header", f"Authorization: Bearer {token}", "--workers", "2",
        )  # fmt: skip
        status = await process.wait()
        await runner.cleanup()
        await app.stop()
        return status


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    parser.add_argument("--role", default="desk", choices=("source", "desk", "read"))
    parser.add_argument("--examples", type=int, default=50)
    given = parser.parse_args()
    sys.exit(asyncio.run(fuzz(str(given.program.absolute()), given.role, given.examples)))


if __name__ == "__main__":
    main()
