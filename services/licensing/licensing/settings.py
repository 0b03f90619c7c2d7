"""What can be configured about licensing: environment variables `LICENSING_…`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.ops.settings import ServiceSettings


class LicensingSettings(ServiceSettings):
    """Settings of the licensing service."""

    model_config = SettingsConfigDict(env_prefix="LICENSING_", use_attribute_docstrings=True, extra="ignore")

    proof_key_file: Path | None = None
    """PEM file of the P-256 key that signs entitlement proofs; default `DATA_DIR/licensing/proof-key.pem`,
    made when absent. Several processes of one installation share it."""
    proof_seconds: int = Field(default=300, ge=30, le=3600)
    """For how many seconds a signed entitlement answer is good."""
