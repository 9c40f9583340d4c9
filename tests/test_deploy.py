"""What stands in deploy/ fits the program: paths, settings, commands, and how the program may run."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import typer.main

from bot import health
from bot.settings import Settings
from tests.commands import cli

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
COMMANDS = set(typer.main.get_command(cli).commands)  # type: ignore[attr-defined]
SETTINGS = {f"JUSHE_{name.upper()}" for name in Settings.model_fields}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")


def test_the_image_copies_what_is_there_and_all_of_it() -> None:
    copied = [words.split() for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)]
    sources = {source for words in copied for source in words[:-1]}
    assert all((ROOT / source).exists() for source in sources)
    assert {"bot", "handlers", "nlp", "storage", "pyproject.toml", "README.md"} <= sources
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{source}" for source in sources} <= set(ignored), "the build would not see it"


def test_the_image_runs_without_root_and_says_whether_it_lives() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d+:\d+$", last, re.MULTILINE), "a number, so that an orchestrator can check it"
    assert "USER root" not in last
    assert ":latest" not in DOCKERFILE + COMPOSE
    checked = re.search(r"127\.0\.0\.1:8080(/\w+)", last)
    assert checked
    assert checked[1] in {route.path for route in health.routes()}
    assert 'ENTRYPOINT ["jushe"]' in last
    assert re.search(r'^CMD \["(\w+)"\]$', last, re.MULTILINE)[1] in COMMANDS  # type: ignore[index]
    assert re.search(r"ARG|ENV .*(SECRET|PASSWORD|TOKEN)", DOCKERFILE) is None, "secrets do not belong into an image"


@pytest.mark.parametrize("name", ["compose.yaml", "env.example", "Dockerfile", "systemd/jushe@.service"])
def test_every_setting_named_exists(name: str) -> None:
    assert set(re.findall(r"JUSHE_[A-Z_]+", (DEPLOY / name).read_text(encoding="utf-8"))) <= SETTINGS


def test_compose_has_two_gateways_that_may_write_nothing_but_their_data() -> None:
    assert re.findall(r"^  (gateway-\d):$", COMPOSE, re.MULTILINE) == ["gateway-1", "gateway-2"]
    for hard in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "- /tmp", "stop_grace_period: 15s"):
        assert hard in COMPOSE
    for path in re.findall(r"- (\./\w+):", COMPOSE):
        assert (DEPLOY / path).exists()
    assert (DEPLOY / re.search(r"context: (\S+)", COMPOSE)[1]).resolve() == ROOT  # type: ignore[index]
    assert (ROOT / re.search(r"dockerfile: (\S+)", COMPOSE)[1]).is_file()  # type: ignore[index]
    variables = set(re.findall(r"\$\{(\w+)\}", COMPOSE))
    given = set(re.findall(r"^(\w+)=", (DEPLOY / "env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert variables <= given


def test_the_database_is_one_that_the_image_can_back_up() -> None:
    """pg_dump refuses a newer server; Debian's own client is 15 in bookworm."""
    base = re.findall(r"^FROM python:[\w.]+-slim-(\w+)", DOCKERFILE, re.MULTILINE)[-1]
    client = {"bookworm": 15, "trixie": 17}[base]
    assert "--no-install-recommends postgresql-client \\" in DOCKERFILE
    assert int(re.search(r"image: postgres:(\d+)", COMPOSE)[1]) <= client  # type: ignore[index]


def test_the_proxy_knows_the_gateways_and_shows_no_numbers() -> None:
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert set(re.findall(r"(gateway-\d):8080", caddy)) == {"gateway-1", "gateway-2"}
    assert re.search(r"health_uri (\S+)", caddy)[1] == "/healthz"  # type: ignore[index]
    assert "/healthz" in {route.path for route in health.routes()}
    assert re.search(r"@inner path .*/metrics", caddy)
    assert caddy.count("{") == caddy.count("}")


def test_nginx_shows_no_numbers_and_repeats_no_message() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert {"/metrics", "/readyz"} == set(re.findall(r"location = (\S+) { return 404; }", nginx))
    assert {"/metrics", "/readyz"} <= {route.path for route in health.routes()}
    assert re.search(r"proxy_next_upstream (.*);", nginx)[1] == "error timeout", (
        "non_idempotent would say things twice"
    )  # type: ignore[index]
    assert "X-Forwarded-For" in nginx, "by it the program knows that it was not asked on this machine"
    assert nginx.count("{") == nginx.count("}")


def test_an_upgrade_waits_until_the_proxy_has_seen_the_gateway() -> None:
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    seen = sum(int(re.search(rf"{name} (\d+)s", caddy)[1]) for name in ("health_interval", "fail_duration"))  # type: ignore[index]
    wait = re.search(r"JUSHE_SEEN:-(\d+)", (DEPLOY / "upgrade.sh").read_text(encoding="utf-8"))
    assert wait and int(wait[1]) > seen


def test_units_call_commands_that_exist_and_give_up_what_they_do_not_need() -> None:
    for path in sorted((DEPLOY / "systemd").glob("*.service")):
        unit = configparser.RawConfigParser(strict=False, delimiters=("=",))
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        text = path.read_text(encoding="utf-8")
        unit.read_string(re.sub(r"(?m)^ExecStart=", lambda found: f"ExecStart{found.start()}=", text))
        service = unit["Service"]
        called = re.findall(r"bin/jushe (\w+)", text)
        assert called
        assert set(called) <= COMMANDS
        assert service["User"] == "jushe"
        for hard in ("NoNewPrivileges", "ProtectHome", "PrivateTmp"):
            assert service[hard] == "yes"
        assert service["ProtectSystem"] == "strict"
    gateway = (DEPLOY / "systemd" / "jushe@.service").read_text(encoding="utf-8")
    assert "KillSignal=SIGTERM" in gateway
    assert "StartLimitIntervalSec=0" in gateway.partition("[Service]")[0], "five failed starts would be the last"
    assert int(re.search(r"TimeoutStopSec=(\d+)", gateway)[1]) > 10, "a stop takes up to ten seconds"  # type: ignore[index]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for path in sorted((DEPLOY / "systemd").iterdir()):
        text = path.read_text(encoding="utf-8").replace("/opt/jushe/current/bin/jushe", "/bin/true")
        (tmp_path / path.name.replace("@.", "@8081.")).write_text(text)
    names = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False)
    mine = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert mine == []


def tools(folder: Path, ready: str) -> dict[str, str]:
    """Programs that write down how they were called; `ready`: what curl does."""
    folder.mkdir()
    for name, body in {
        "systemctl": "",
        "python3": 'mkdir -p "$3/bin"; printf "#!/bin/sh\\n" >"$3/bin/pip"; chmod +x "$3/bin/pip"',
        "curl": ready,
        "sleep": "",
    }.items():
        path = folder / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>"{folder}/called"\n{body}\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.parametrize("works", [True, False], ids=["a good version", "one that does not get ready"])
def test_an_upgrade_takes_one_gateway_after_the_other_and_goes_back(tmp_path: Path, works: bool) -> None:
    root = tmp_path / "opt"
    (root / "old" / "bin").mkdir(parents=True)
    (root / "current").symlink_to(root / "old")
    ready = "exit 0" if works else f'case "$(readlink {root}/current)" in */old) exit 0;; *) exit 1;; esac'
    env = tools(tmp_path / "bin", ready) | {"JUSHE_ROOT": str(root), "JUSHE_SEEN": "0"}
    command = ["bash", str(DEPLOY / "upgrade.sh"), "jushe-9.whl", "8081", "8082"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    called = [line for line in (tmp_path / "bin" / "called").read_text().splitlines() if line.startswith("systemctl")]
    now_at = os.readlink(root / "current")
    if works:
        assert done.returncode == 0, done.stderr
        assert called == ["systemctl start jushe-backup.service", "systemctl restart jushe@8081",
                          "systemctl restart jushe@8082"]  # fmt: skip
        assert Path(now_at).name.startswith("jushe-9-")
    else:
        assert done.returncode == 1
        assert called == ["systemctl start jushe-backup.service"] + ["systemctl restart jushe@8081"] * 2
        assert now_at == str(root / "old"), "the second gateway still runs the old one, and the first again"
