"""The platform's own clients come from the settings, at every start."""

from pathlib import Path

import pytest

from chassis.ops.settings import PlatformSettings
from identity.clients import ensure
from identity.clients.ensure import ensure_client
from identity.settings import Settings
from tests.harness.service import RunningService

SECRETS = {
    "client_secret": "a" * 40,
    "gateway_client_secret": "b" * 40,
    "shop_client_secret": "c" * 40,
    "licensing_client_secret": "d" * 40,
    "notifications_client_secret": "e" * 40,
}


async def status(identity: RunningService, secret: str) -> int:
    """What the operators' client gets with a secret."""
    async with identity.anonymous() as http:
        form = {"grant_type": "client_credentials"}
        return (await http.post("/oauth2/token", data=form, auth=("operator-cli", secret))).status_code


async def test_a_changed_setting_takes_over_while_the_old_secret_still_works(identity: RunningService) -> None:
    """So that services restarted one after the other do not lose each other."""
    for secret in ("second-secret", "second-secret", "third-secret"):
        async with identity.runtime.database.transaction() as tx:
            await ensure_client(tx, client_id="operator-cli", values=ensure.operator_machine(), secret=secret)
        identity.runtime.edges.clients.forget("operator-cli")

    statuses = {
        secret: await status(identity, secret) for secret in ("development-only", "second-secret", "third-secret")
    }
    assert statuses == {"development-only": 401, "second-secret": 200, "third-secret": 200}


@pytest.mark.parametrize("missing", list(SECRETS))
def test_production_starts_with_secrets_of_its_own_only(missing: str, tmp_path: Path) -> None:
    platform = PlatformSettings(profile="production", public_url="https://portal.example", data_dir=tmp_path)
    Settings(**SECRETS).refuse_defaults(platform)

    with pytest.raises(ValueError, match="production profile needs"):
        Settings(**{name: secret for name, secret in SECRETS.items() if name != missing}).refuse_defaults(platform)
