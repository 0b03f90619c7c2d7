"""Settings of the identity service: environment variables `IDENTITY_…`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.ops.settings import PlatformSettings, ServiceSettings


class Settings(ServiceSettings):
    """What the identity service has of its own."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_", use_attribute_docstrings=True, extra="ignore")

    key_file: Path | None = None
    """The key that seals signing keys and second factors; default `DATA_DIR/identity.key`, made when absent."""
    bootstrap_operator_email: str = ""
    """Development and test: an operator with this address exists, active, from the first start on."""
    bootstrap_operator_password: str = Field(default="", repr=False)
    """Development and test: the password of that first operator."""

    def refuse_defaults(self, platform: PlatformSettings) -> None:
        """Stop a production service with a development secret, or with an operator whose password is configured."""
        super().refuse_defaults(platform)
        if platform.is_production and (self.bootstrap_operator_email or self.bootstrap_operator_password):
            raise ValueError(
                "In production the first operator is made by `python -m identity create-operator`, not by settings."
            )
