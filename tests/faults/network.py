"""Hosts in network namespaces, each with a link to the street and one to the database; knows no program.

A link is cut at the switch's side: packets vanish without a word, as when a cable is pulled.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

Wire = Literal["street", "database"]
WIRES: tuple[Wire, ...] = ("street", "database")
NAME = "jushe-{pid}-{place}"


class Refused(Exception):
    """This machine lets nobody make namespaces; the words say why."""


def run(*command: object) -> str:
    """Raises Refused when the tool is not there, subprocess.CalledProcessError when it fails."""
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise Refused(f"no `{command[0]}` on this machine") from error
    return done.stdout


@dataclass(frozen=True)
class Host:
    """`street`, `database`: its addresses on the two networks."""

    name: str
    place: int
    street: str
    database: str

    @property
    def command(self) -> tuple[str, ...]:
        """What begins the command of a process that lives there; the process keeps its number."""
        return ("ip", "netns", "exec", self.name)


class Network:
    """`with Network(2) as net: net.hosts, net.address["database"]`; nothing of it is left behind.

    Raises Refused where namespaces are not allowed.
    """

    def __init__(self, hosts: int) -> None:
        self._pid = os.getpid()
        self._many = hosts
        self.address: dict[Wire, str] = {}
        self.hosts: Sequence[Host] = ()

    def __enter__(self) -> Self:
        if os.geteuid() != 0:
            raise Refused("network namespaces need root")
        _sweep()
        self._probe()
        try:
            self._build()
        except BaseException:
            _clear(self._pid)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        _clear(self._pid)

    @contextmanager
    def cut(self, host: Host, wires: Sequence[Wire]) -> Iterator[None]:
        """While inside, nothing passes these links."""
        for wire in wires:
            run("ip", "link", "set", self._port(wire, host.place), "down")
        try:
            yield
        finally:
            for wire in wires:
                run("ip", "link", "set", self._port(wire, host.place), "up")

    def _probe(self) -> None:
        """The three things that are needed; what fails later is a fault of ours."""
        name, bridge, port = NAME.format(pid=self._pid, place=0), self._bridge("street"), self._port("street", 0)
        try:
            run("ip", "netns", "add", name)
            run("ip", "netns", "exec", name, "true")
            run("ip", "link", "add", bridge, "type", "bridge")
            run("ip", "link", "add", port, "type", "veth", "peer", "name", "street", "netns", name)
        except subprocess.CalledProcessError as error:
            raise Refused(f"`{' '.join(error.cmd)}`: {error.stderr.strip()}") from error
        finally:
            with suppress(Refused):
                _clear(self._pid)

    def _build(self) -> None:
        nets = dict(zip(WIRES, _free_nets(self._pid), strict=True))
        self.address = {wire: f"{net}.1" for wire, net in nets.items()}
        for wire in WIRES:
            run("ip", "link", "add", self._bridge(wire), "type", "bridge")
            run("ip", "addr", "add", f"{self.address[wire]}/24", "dev", self._bridge(wire))
            run("ip", "link", "set", self._bridge(wire), "up")
        places = range(1, self._many + 1)
        self.hosts = [
            Host(NAME.format(pid=self._pid, place=at), at, *(f"{nets[wire]}.{at + 1}" for wire in WIRES))
            for at in places
        ]
        for host in self.hosts:
            run("ip", "netns", "add", host.name)
            run("ip", "-n", host.name, "link", "set", "lo", "up")
            for wire in WIRES:
                port = self._port(wire, host.place)
                run("ip", "link", "add", port, "type", "veth", "peer", "name", wire, "netns", host.name)
                run("ip", "link", "set", port, "master", self._bridge(wire), "up")
                run("ip", "-n", host.name, "addr", "add", f"{getattr(host, wire)}/24", "dev", wire)
                run("ip", "-n", host.name, "link", "set", wire, "up")

    def _bridge(self, wire: Wire) -> str:
        return f"j{wire[0]}{self._pid}"

    def _port(self, wire: Wire, place: int) -> str:
        return f"{self._bridge(wire)}h{place}"


def _free_nets(start: int) -> list[str]:
    """Two /24 of 198.18.0.0/15, which is kept for tests of networks, that nobody here uses."""
    used = run("ip", "-o", "-4", "addr")
    nets = (f"198.{18 + at % 512 // 256}.{at % 256}" for at in range(2 * start, 2 * start + 512))
    free = [net for net in nets if f" {net}." not in used]
    return free[: len(WIRES)]


def _sweep() -> None:
    """What a run that was killed left behind."""
    for pid in {int(found) for found in re.findall(r"^jushe-(\d+)-\d", run("ip", "netns", "list"), re.MULTILINE)}:
        if not Path(f"/proc/{pid}").exists():
            _clear(pid)


def _clear(pid: int) -> None:
    """The namespaces and bridges of one run, and every process that still lives in them."""
    for name in re.findall(rf"^(jushe-{pid}-\d+)", run("ip", "netns", "list"), re.MULTILINE):
        for inhabitant in run("ip", "netns", "pids", name).split():
            with suppress(ProcessLookupError):
                os.kill(int(inhabitant), signal.SIGKILL)
        run("ip", "netns", "del", name)
    for link in re.findall(rf"^\d+: (j[sd]{pid}(?:h\d+)?)[@:]", run("ip", "-o", "link"), re.MULTILINE):
        with suppress(subprocess.CalledProcessError):  # one end of a pair takes the other with it
            run("ip", "link", "del", link)
