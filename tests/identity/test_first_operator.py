"""The first operator: configured in development, made by a command in production."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from chassis.ops.settings import PlatformSettings
from identity.accounts.queries import find_account
from identity.accounts.verify_password import verify_password
from identity.bootstrap import bootstrap
from identity.main import service
from identity.settings import Settings
from tests.harness.servers import Databases, LocalNats
from tests.harness.service import RunningService, running
from tests.identity.people import PASSWORD, choose_password

EMAIL = "operator@portico.example"


async def test_development_starts_with_an_operator_who_can_sign_in(
    databases: Databases, nats_server: LocalNats, tmp_path: Path
) -> None:
    settings = {"bootstrap_operator_email": EMAIL, "bootstrap_operator_password": PASSWORD}
    async with running(service, databases, nats_server, settings=settings, platform={"data_dir": tmp_path}) as identity:
        account = await verify_password(identity.runtime, email=EMAIL, password=PASSWORD)
        assert account is not None
        assert account.operator_roles == ("operator",)

        await asyncio.gather(*[start_again(identity, settings) for _ in range(3)])

        async with identity.operator() as operator:
            found = (await operator.get("/api/v1/accounts")).json()["items"]
            applications = (await operator.get("/api/v1/applications")).json()["items"]
    assert [item["email"] for item in found] == [EMAIL]
    assert sorted(item["code"] for item in applications) == ["legacy-archive", "license-management", "shop"]


async def start_again(identity: RunningService, settings: dict[str, str]) -> None:
    runtime = identity.runtime
    await bootstrap(
        runtime.database,
        platform=runtime.platform,
        settings=Settings(**settings),
        hashing=runtime.edges.hashing,
    )


def test_production_refuses_a_configured_operator() -> None:
    platform = PlatformSettings(profile="production", public_url="https://portal.example")
    settings = Settings(client_secret="a secret of its own", bootstrap_operator_email=EMAIL)
    with pytest.raises(ValueError, match="create-operator"):
        settings.refuse_defaults(platform)


async def test_the_command_prints_a_link_that_activates_an_operator(identity: RunningService) -> None:
    command = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "identity", "create-operator", "--email", "Root@portico.example", "--name", "Root"),
        env=os.environ | {"IDENTITY_DATABASE_URL": identity.runtime.settings.database_url},
        stdout=asyncio.subprocess.PIPE,
    )
    printed = (await command.communicate())[0].decode()
    assert command.returncode == 0
    path = re.search(r"http://localhost:8080(/activate/\S+)", printed)
    assert path is not None

    async with identity.anonymous() as browser:
        answer = await choose_password(browser, path.group(1))

    assert answer.status_code == 303
    async with identity.runtime.database.read() as reader:
        account = await find_account(reader, email="root@portico.example")
    assert account is not None
    assert account.is_active
    assert account.is_operator
