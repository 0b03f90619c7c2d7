"""Configuration comes from the environment only; every setting says what it is for."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.kernel.clock import Clock, OffsetClock, SystemClock

LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}
DEVELOPMENT_SECRET = "development-only"

Profile = Literal["development", "test", "production"]


class PlatformSettings(BaseSettings):
    """What all services and the gateway of one installation share."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True, extra="ignore")

    profile: Profile = "development"
    """`development`, `test` (both with the business clock and the sandbox payment provider) or `production`."""
    public_url: str = "http://localhost:8080"
    """The one public origin: pages, API and OpenID issuer. No path, no trailing slash."""
    port_base: int = 8100
    """The first of the inner ports; another value lets several copies run side by side."""
    data_dir: Path = Path("var")
    """Where state is kept on disk: databases, streams, keys, the run file."""
    nats_url: str = "nats://127.0.0.1:8111"
    """The NATS server with JetStream."""
    identity_url: str = "http://127.0.0.1:8101"
    """Inner address of the identity service."""
    shop_url: str = "http://127.0.0.1:8102"
    """Inner address of the shop service."""
    licensing_url: str = "http://127.0.0.1:8103"
    """Inner address of the licensing service."""
    notifications_url: str = "http://127.0.0.1:8104"
    """Inner address of the notifications service."""
    clock_file: Path | None = None
    """Where development and test keep the offset of the business clock; default `DATA_DIR/clock.json`."""
    brand_file: Path | None = None
    """A brand as TOML; default is the built-in brand."""
    log_level: str = "INFO"
    """The least severe level that is logged."""
    mailbox_url: str = ""
    """The development mailbox page, linked from development pages; empty where there is none."""

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> "PlatformSettings":
        parts = urlsplit(self.public_url)
        if parts.path or parts.query or not parts.hostname:
            raise ValueError("PUBLIC_URL is an origin such as https://portal.example: no path, no trailing slash.")
        if parts.scheme != "https" and parts.hostname not in LOOPBACK_HOSTS:
            raise ValueError("PUBLIC_URL must be https on every host but the loopback ones.")
        if self.profile == "production" and parts.scheme != "https":
            raise ValueError("The production profile needs an https PUBLIC_URL.")
        return self

    @property
    def is_production(self) -> bool:
        """Whether real customers are served: no business clock, no sandbox, no default secret."""
        return self.profile == "production"

    @property
    def is_secure(self) -> bool:
        """Whether the public origin is https, so that cookies are `Secure` and carry the `__Host-` prefix."""
        return self.public_url.startswith("https://")

    @property
    def audience(self) -> str:
        """The `aud` of every access token for the API."""
        return f"{self.public_url}/api"

    def business_clock(self) -> Clock:
        """The clock of business time: the real one in production, a movable one elsewhere."""
        if self.is_production:
            return SystemClock()
        return OffsetClock(self.clock_file or self.data_dir / "clock.json")


class ServiceSettings(BaseSettings):
    """What every service has of its own; a subclass sets `env_prefix` (`SHOP_`)."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True, extra="ignore")

    database_url: str = ""
    """`postgresql+asyncpg://role:password@host:port/database`, a database and role of this service alone."""
    host: str = "127.0.0.1"
    """The address to listen on; loopback unless a private network stands around the services."""
    port: int = 0
    """The inner port to listen on."""
    client_secret: str = Field(default=DEVELOPMENT_SECRET, repr=False)
    """The secret of this service's own OAuth client at identity."""
    pool_size: int = 6
    """Database connections kept for requests, reactions and jobs."""

    def refuse_defaults(self, platform: PlatformSettings) -> None:
        """Stop a production service that still has a development secret."""
        if platform.is_production and self.client_secret == DEVELOPMENT_SECRET:
            raise ValueError("The production profile needs CLIENT_SECRET set to a secret of its own.")
