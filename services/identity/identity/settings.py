"""Settings of the identity service: environment variables `IDENTITY_…`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.ops.settings import DEVELOPMENT_SECRET, PlatformSettings, ServiceSettings


class Settings(ServiceSettings):
    """What the identity service has of its own."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_", use_attribute_docstrings=True, extra="ignore")

    key_file: Path | None = None
    """The key that seals signing keys and second factors; default `DATA_DIR/identity.key`, made when absent."""
    gateway_client_secret: str = Field(default=DEVELOPMENT_SECRET, repr=False)
    """The secret of the gateway's OAuth client."""
    shop_client_secret: str = Field(default=DEVELOPMENT_SECRET, repr=False)
    """The secret of the shop's OAuth client."""
    licensing_client_secret: str = Field(default=DEVELOPMENT_SECRET, repr=False)
    """The secret of licensing's OAuth client."""
    notifications_client_secret: str = Field(default=DEVELOPMENT_SECRET, repr=False)
    """The secret of the notifications' OAuth client."""
    operator_client_secret: str = Field(default=DEVELOPMENT_SECRET, repr=False)
    """Development and test: the secret of the client `operator-cli`, which production does not have."""
    gateway_url: str = ""
    """Where the gateway takes logout tokens; default is its public address."""
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
        if platform.is_production and DEVELOPMENT_SECRET in self.client_secrets().values():
            raise ValueError("The production profile needs a secret of its own for every client of the platform.")

    def client_secrets(self) -> dict[str, str]:
        """The secrets of the platform's own clients, by client id."""
        return {
            "gateway": self.gateway_client_secret,
            "shop": self.shop_client_secret,
            "licensing": self.licensing_client_secret,
            "notifications": self.notifications_client_secret,
        }
