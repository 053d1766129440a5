"""The examples in deploy/ keep the program's promises: nothing about callers or their words is logged."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from helpline.lib.errors import FOR_A_PERSON

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


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_is_not_started_again_after_what_only_a_person_can_change(unit: Path) -> None:
    said = lines(unit)
    restarts = [line for line in said if line.startswith("Restart=")]
    assert not restarts or f"RestartPreventExitStatus={FOR_A_PERSON}" in said


@pytest.mark.skipif(Path("/etc/helpline/helpline.env").exists(), reason="a helpline is installed here")
def test_the_command_without_its_settings_says_which_file_is_missing_and_how_to_run_it() -> None:
    ran = subprocess.run(
        ["sh", str(DEPLOY / "bin" / "helpline"), "status"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == FOR_A_PERSON
    assert ran.stderr.startswith("/etc/helpline/helpline.env is not there, or ")
    assert "sudo helpline status" in ran.stderr


def refuses(tmp_path: Path, rows: str) -> str:
    """Runs the command with these settings, and returns why it ends at once."""
    settings = tmp_path / "helpline.env"
    settings.write_text(rows)
    script = (DEPLOY / "bin" / "helpline").read_text().replace("/etc/helpline/helpline.env", str(settings))
    ran = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert ran.returncode == FOR_A_PERSON
    return ran.stderr.replace(str(settings), "FILE")


def test_the_command_says_in_which_line_a_quotation_mark_is_missing(tmp_path: Path) -> None:
    rows = (
        '# it\'s ours\nHELPLINE_APPS="none"\nHELPLINE_ORIGINS="https://hulp.example\nHELPLINE_MAIL_HOST="a"\n'
    )
    assert "FILE cannot be read. Is a quotation mark missing in line 3?\n" in refuses(tmp_path, rows)


@pytest.mark.parametrize("row", ['HELPLINE_APPS = "none"', 'HELPLINE_APPS= "none"', "HELPLINE_APPS =none"])
def test_the_command_says_in_which_line_there_are_spaces_beside_the_equals_sign(
    tmp_path: Path, row: str
) -> None:
    """systemd would accept them, and sh would not."""
    said = refuses(tmp_path, f"HELPLINE_MAIL_HOST=\n{row}\n")
    assert said.startswith('FILE: write NAME="value", without spaces beside the =. Line 2:HELPLINE_APPS')


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


def test_each_container_of_the_compose_file_is_closed_and_runs_a_command_that_there_is() -> None:
    services = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text())["services"]
    ours = {name: one for name, one in services.items() if one["image"].startswith("helpline:")}
    assert set(ours) == {"prepare", "callers", "staff", "worker"}
    for one in ours.values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["command"][0] in get_commands()
    assert "ports" not in str(ours), "nobody outside reaches them but through the proxy"


def test_the_container_is_made_as_the_page_says() -> None:
    """These are the same two steps as in docs/install-by-hand.md."""
    said = (DEPLOY / "container" / "Containerfile").read_text()
    page = (DEPLOY.parent / "docs" / "install-by-hand.md").read_text()
    for step in ("pip install --require-hashes -r", "pip install --no-deps"):
        assert step in said
        assert step in page
    assert "USER 990:990" in said


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("promtool", ["check", "rules", "prometheus/helpline.rules.yml"]),
        ("promtool", ["check", "config", "--syntax-only", "prometheus/scrape.yml"]),
        ("promtool", ["test", "rules", "prometheus/helpline.rules.test.yml"]),
        ("caddy", ["adapt", "--config", "caddy/Caddyfile"]),
    ],
)
def test_the_program_itself_takes_the_example(program: str, words: list[str]) -> None:
    if shutil.which(program) is None:
        missing = f"{program} is not installed here"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    taken = subprocess.run([program, *words], cwd=DEPLOY, capture_output=True, text=True, check=False)
    assert taken.returncode == 0, taken.stderr


def test_no_proxy_keeps_a_log_of_who_came() -> None:
    nginx = (DEPLOY / "nginx" / "helpline.conf").read_text()
    servers = nginx.count("\nserver {")
    assert servers == 4, "one of them for whoever names none of ours"
    # This is checked once for everything, whatever else this nginx serves.
    assert nginx.count("access_log off;") == nginx.count("error_log /dev/null crit;") == servers + 1
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
