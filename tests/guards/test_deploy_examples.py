"""The examples around the program keep its promises: nothing of who came or what was said is written down."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
CLOSED = {
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateDevices=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "SystemCallFilter=@system-service",
    "UMask=0077",
    "User=helpline",
}
MOST_EXPOSED = 2.5


def lines(path: Path) -> set[str]:
    return {line.strip() for line in path.read_text().splitlines() if not line.strip().startswith("#")}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_a_command_that_there_is_in_a_closed_sandbox(unit: Path) -> None:
    said = lines(unit)
    assert sorted(CLOSED - said) == []
    (starts,) = [line for line in said if line.startswith("ExecStart=")]
    command = re.search(r"/opt/helpline/current/bin/helpline (\S+)", starts)
    assert command
    assert command[1] in get_commands()


@pytest.mark.parametrize("timer", TIMERS, ids=lambda timer: timer.stem)
def test_a_timer_has_its_service(timer: Path) -> None:
    assert timer.with_suffix(".service") in UNITS


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_itself_finds_the_sandbox_closed(unit: Path) -> None:
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", judged.stdout)
    assert exposure, judged.stderr
    assert float(exposure[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("proxy", ["caddy/Caddyfile", "nginx/helpline.conf"])
def test_a_proxy_reaches_all_that_callers_need_and_passes_no_address_on(proxy: str) -> None:
    said = (DEPLOY / proxy).read_text()
    assert re.search(r"X-Forwarded-For unknown", said), "constant: that a proxy is there, never who came"
    assert "$proxy_add_x_forwarded_for" not in said
    callers, staff = said[said.index("hulp.example") :].split("staf.hulp.example", 1)
    assert re.search(r"location / \{.*helpline_callers|handle \{\s+reverse_proxy 127\.0\.0\.1:8001", callers)
    assert "/guest/" in callers, "a guest comes by the callers' name"
    assert re.search(r"location / \{.*helpline_staff|reverse_proxy 127\.0\.0\.1:8002", staff)
    for site in (callers, staff):
        assert all(path in site for path in ("/metrics", "/readyz", "/-/")), "numbers are for nobody outside"


def test_no_proxy_keeps_a_log_of_who_came() -> None:
    nginx = (DEPLOY / "nginx" / "helpline.conf").read_text()
    servers = nginx.count("\nserver {")
    assert nginx.count("access_log off;") == nginx.count("error_log /dev/null crit;") == servers == 3
    caddy = (DEPLOY / "caddy" / "Caddyfile").read_text()
    assert "exclude http.log.access http.log.error http.handlers.reverse_proxy" in caddy
    assert len(re.findall(r"^\s*log\b", caddy, re.MULTILINE)) == 1, "no site has a log of its own"


def test_the_database_logs_no_statement_and_no_parameter() -> None:
    said = lines(DEPLOY / "postgresql" / "helpline.conf")
    assert {
        "log_statement = 'none'",
        "log_min_duration_statement = -1",
        "log_min_error_statement = panic",
        "log_parameter_max_length = 0",
        "log_parameter_max_length_on_error = 0",
        "log_error_verbosity = terse",
    } <= said
    assert {"fsync = on", "synchronous_commit = on"} <= said, "an ok is on disk"


def test_the_layer_keeps_nothing() -> None:
    assert {'save ""', "appendonly no"} <= lines(DEPLOY / "valkey" / "helpline.conf")
