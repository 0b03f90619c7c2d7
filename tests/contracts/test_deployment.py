"""The deployment files cannot be run by these tests; what can be checked of them is."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.ops.settings import DEVELOPMENT_SECRET, PlatformSettings
from deploy.contracts import ROOT
from deploy.dev.nats import LocalNats
from deploy.docs import settings_classes, settings_of

DEPLOY = ROOT / "deploy"
PROCESSES = ("identity", "shop", "licensing", "notifications", "gateway")
KNOWN = {variable for _, _, settings in settings_classes() for variable, _ in settings_of(settings)}
REQUIRED = {
    variable
    for _, _, settings in settings_classes()
    for variable, field in settings_of(settings)
    if field.default == DEVELOPMENT_SECRET and variable != "IDENTITY_OPERATOR_CLIENT_SECRET"
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_compose_starts_every_process_with_a_health_check(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert set(services) == {"pod", "postgres", "nats", *PROCESSES}
    assert [name for name in services if name != "pod" and "healthcheck" not in services[name]] == []
    for name in PROCESSES:
        assert services[name]["build"]["args"] == {"SERVICE": name}
        assert (ROOT / services[name]["build"]["dockerfile"]).is_file()


def test_compose_sets_real_settings_and_every_required_secret(compose: dict[str, Any]) -> None:
    given = {name: set(compose["services"][name]["environment"]) for name in PROCESSES}

    assert {name: variables - KNOWN for name, variables in given.items() if variables - KNOWN} == {}
    assert REQUIRED - set().union(*given.values()) == set()


def test_compose_knows_no_secret_and_no_default_for_one(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    used = re.findall(r"\$\{([A-Z0-9_]+)(:[?-][^}]*)?\}", text)

    secrets = {(name, how) for name, how in used if re.search(r"(PASSWORD|SECRET|SECRETS_KEY|API_KEY)$", name)}

    assert {name for name, how in secrets if how != ":?" and name != "NOTIFICATIONS_SMTP_PASSWORD"} == set()


def test_the_example_of_compose_names_all_that_compose_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", (DEPLOY / "compose.yaml").read_text()))
    example = (DEPLOY / "env" / "compose.env.example").read_text()

    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE))

    assert named == asked


def test_compose_mounts_files_that_exist(compose: dict[str, Any]) -> None:
    mounts = [volume for service in compose["services"].values() for volume in service.get("volumes", [])]

    sources = [mount.split(":")[0] for mount in mounts if mount.startswith("./")]

    assert sources
    assert [source for source in sources if not (DEPLOY / source).is_file()] == []


def test_nats_gives_each_process_the_rights_that_it_has_in_development(tmp_path: Path) -> None:
    development = LocalNats(tmp_path, port=4222, password="x")._configuration()
    production = (DEPLOY / "nats" / "nats.conf").read_text()

    assert _rights(production) == _rights(development)
    assert "sync_interval: always" in production
    assert "sync_interval: always" in development


USER = re.compile(
    r"user: (\w+), password: [^\s,}]+,?\s*(?:permissions: {\s*publish: {\s*allow: \[([^\]]*)\],\s*deny: \[([^\]]*)\])?"
)


def _rights(configuration: str) -> dict[str, tuple[list[str], list[str]]]:
    """By user: the subjects it may publish to, and those it may not."""
    return {user: (_subjects(allowed), _subjects(denied)) for user, allowed, denied in USER.findall(configuration)}


def _subjects(text: str) -> list[str]:
    return sorted(re.findall(r'"([^"]+)"', text))


def test_the_image_is_built_from_the_lock_file_and_runs_without_rights() -> None:
    text = (DEPLOY / "docker" / "Dockerfile").read_text()

    assert "--require-hashes" in text
    assert "--no-index" in text
    assert re.search(r"^USER portico$", text, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", text, re.MULTILINE)
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert (ROOT / source).exists(), source


def test_the_unit_runs_the_command_line_of_a_process() -> None:
    text = (DEPLOY / "systemd" / "portico@.service").read_text()

    assert "ExecStart=/opt/portico/.venv/bin/python -m %i serve --migrate" in text
    assert "User=portico" in text


def test_the_production_profile_takes_the_platform_example() -> None:
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", (DEPLOY / "env" / "platform.env.example").read_text(), re.MULTILINE))

    settings = PlatformSettings(**{name.lower(): value for name, value in values.items()})

    assert settings.is_production
    assert settings.is_secure
