"""What the gateway can be told by its environment (`GATEWAY_…`)."""

from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.ops.settings import PlatformSettings, ServiceSettings

MEBIBYTE = 1024 * 1024


class GatewaySettings(ServiceSettings):
    """The gateway's own settings; those of the whole platform stand beside them."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", use_attribute_docstrings=True, extra="ignore")

    client_id: str = "gateway"
    """The gateway's own OAuth client at identity."""
    encryption_key: str = Field(default="", repr=False)
    """32 bytes in base64 that seal the tokens of sessions at rest; empty: a key file under `DATA_DIR/gateway`."""
    trusted_proxies: str = ""
    """Addresses or networks, by commas, whose `X-Forwarded-For` and `-Proto` are believed; none by default."""

    session_idle_minutes: int = 120
    """A session unused for so long is over."""
    session_hours: int = 12
    """A session is over after so long, used or not."""
    operator_idle_minutes: int = 15
    """The same for accounts with operator rights, which reach further."""
    operator_session_hours: int = 8
    """The same for accounts with operator rights."""
    session_cache_seconds: float = 1
    """How long a process may answer for a session from memory, and a role that was taken away may still serve there.
    An ended session leaves the memory at once."""

    max_body_bytes: int = 10 * MEBIBYTE
    """The largest request body that is passed on."""
    max_import_bytes: int = 1024 * MEBIBYTE
    """The largest bundle of a legacy shop's export."""
    connect_seconds: float = 1
    """A service that cannot be connected to within this time is not there."""
    answer_seconds: float = 30
    """A service that says nothing for so long has failed."""
    max_in_flight: int = 256
    """Requests that one service may have open through one gateway process; more are turned away for a moment."""
    streams_per_session: int = 4
    """Pages of one session that are told of changes at once; further ones ask by themselves. A browser opens no more
    than six connections to one origin over HTTP/1.1: some must stay free."""
    streams_in_all: int = 5000
    """Pages that one gateway process tells of changes at once; further ones ask by themselves."""

    visitor_rate_per_minute: int = 0
    """Requests per minute for one network (/24, /64) without a session; 0: unlimited outside production, else 1200."""
    session_rate_per_minute: int = 0
    """Requests per minute for one session; 0: unlimited outside production, else 1200."""
    mail_rate_per_minute: int = 0
    """Mails per minute that one network may ask for without a session (new accounts, forgotten passwords); 0: unlimited
    outside production, else 30."""
    client_rate_per_minute: int = 0
    """Requests per minute for one bearer token; 0: unlimited outside production, else 6000."""


def listening_port(settings: GatewaySettings, platform: PlatformSettings) -> int:
    """The port of the public origin, unless a proxy in front makes another one necessary."""
    parts = urlsplit(platform.public_url)
    return settings.port or parts.port or (443 if parts.scheme == "https" else 80)
