"""What can be configured about notifications: environment variables `NOTIFICATIONS_…`."""

from typing import Literal

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.ops.settings import DEVELOPMENT_SECRET, PlatformSettings, ServiceSettings


class NotificationsSettings(ServiceSettings):
    """Settings of the notifications service."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_", use_attribute_docstrings=True, extra="ignore")

    smtp_host: str = "127.0.0.1"
    """The mail server that takes our mails."""
    smtp_port: int = 8113
    """Its port; the default is the development mailbox."""
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    """`tls` from the first byte, `starttls`, or `none` (loopback and private networks only)."""
    smtp_username: str = ""
    """Account at the mail server; empty where it asks for none."""
    smtp_password: str = Field(default="", repr=False)
    """Password at the mail server."""
    smtp_sessions: int = Field(default=6, ge=1, le=64)
    """How many connections are kept to the mail server; as many mails are on their way at once."""
    smtp_timeout_seconds: float = Field(default=8, gt=0, le=60)
    """How long one answer of the mail server may take."""
    mails_per_second: float = Field(default=0, ge=0)
    """The most that the mail server wants to be given per second; 0 for no limit."""
    delivery_batch: int = Field(default=60, ge=1, le=500)
    """How many mails one look at the queue takes."""
    delivery_lease_seconds: float = Field(default=10, ge=1, le=600)
    """After how long the mails of a process that died are taken up again; a process that lives keeps its own."""
    message_lifetime_hours: int = Field(default=72, ge=1, le=720)
    """How long a mail is tried again before it is given up."""
    message_id_domain: str = ""
    """The right side of every Message-ID; default is the domain of the brand's sender address."""
    secrets_key: str = Field(default=DEVELOPMENT_SECRET, repr=False)
    """Encrypts the signing secrets of webhook endpoints. Several, separated by commas: the first encrypts, all
    decrypt, so that a key can be replaced."""
    webhook_timeout_seconds: float = Field(default=10, gt=0, le=60)
    """How long a partner's endpoint may take to answer."""
    webhook_allow_private: bool = False
    """Whether webhooks may go to private network addresses in production (partners inside one's own network)."""

    def refuse_defaults(self, platform: PlatformSettings) -> None:
        """Stop a production service that still has a development secret."""
        super().refuse_defaults(platform)
        if platform.is_production and DEVELOPMENT_SECRET in self.secrets_key.split(","):
            raise ValueError("The production profile needs NOTIFICATIONS_SECRETS_KEY set to a secret of its own.")
