"""What is counted, for Prometheus; its own registry, so that two Apps in one process do not mix."""

from __future__ import annotations

import asyncio

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 4.5)


class Metrics:
    """Every number of the process. Labels have few values and never name a person."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry = registry or CollectorRegistry()
        self.messages = Counter(
            "jushe_messages", "Messages by channel and outcome", ["channel", "outcome"], registry=registry
        )
        self.turn_seconds = Histogram(
            "jushe_turn_seconds", "From receipt to answer", buckets=_SECONDS, registry=registry
        )
        self.pushes = Counter("jushe_pushes", "Pushes by rung or failure code", ["outcome"], registry=registry)
        self.held = Counter(
            "jushe_pushes_held_back",
            "Pushes kept back by a silent limit",
            ["channel"],
            registry=registry,
        )
        self.outbox = Gauge("jushe_outbox", "Outbox by state, and age of the oldest", ["what"], registry=registry)
        self.spooled = Gauge("jushe_spool_messages", "Messages that wait in the spool", registry=registry)
        self.set_aside = Gauge("jushe_spool_set_aside", "Messages put aside for people to look at", registry=registry)
        self.disk = Gauge("jushe_disk_free_bytes", "Free on the disk of the data directory", registry=registry)
        self.certificate = Gauge(
            "jushe_certificate_days", "Days the certificate of the public address is good", registry=registry
        )
        self.alarm = Gauge("jushe_alarm", "1 while an alarm is on", ["alarm"], registry=registry)
        self.job_last = Gauge("jushe_job_last_run", "Unix time of the last run", ["job"], registry=registry)
        self.job_seconds = Gauge("jushe_job_seconds", "Duration of the last run", ["job"], registry=registry)
        self.job_ok = Gauge("jushe_job_ok", "1 when the last run succeeded", ["job"], registry=registry)
        self.late_ticks = Counter("jushe_late_ticks", "Runs that began late", ["job"], registry=registry)
        self.clock_jumps = Counter("jushe_clock_jumps", "Times the wall clock jumped", registry=registry)
        self.leading = Gauge("jushe_leading", "1 in the process that has the clockwork in hand", registry=registry)
        self.loop_lag = Gauge("jushe_loop_lag_seconds", "Lateness of the event loop, last second", registry=registry)
        self.holidays = Gauge(
            "jushe_holidays_missing", "1 when a year has no 调休 table: this or next", ["year"], registry=registry
        )
        self._counters: dict[tuple[str, str], Counter] = {}
        self.streams = Gauge("jushe_streams", "Open event streams", registry=registry)

    def message(self, channel: str, outcome: str) -> None:
        """Count one. Once a message, so the labelled counters are kept."""
        counter = self._counters.get((channel, outcome))
        if counter is None:
            counter = self._counters[channel, outcome] = self.messages.labels(channel, outcome)
        counter.inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)

    async def watch_loop(self) -> None:
        """Measure once a second by how much the event loop is late, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            start = loop.time()
            await asyncio.sleep(1)
            self.loop_lag.set(max(0.0, loop.time() - start - 1))
