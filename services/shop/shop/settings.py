"""What the shop can be told by its environment."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from chassis.ops.settings import LOOPBACK_HOSTS, PlatformSettings, ServiceSettings


class ShopSettings(ServiceSettings):
    """Settings of the shop; each is the environment variable `SHOP_…`."""

    model_config = SettingsConfigDict(env_prefix="SHOP_", use_attribute_docstrings=True, extra="ignore")

    seller_name: str = ""
    """The seller's legal name on invoices; the brand's name when empty."""
    seller_street: str = "Domstrasse 1"
    """The seller's street on invoices."""
    seller_postal_code: str = "50668"
    """The seller's postal code on invoices."""
    seller_city: str = "Köln"
    """The seller's town on invoices."""
    seller_country: str = "DE"
    """The seller's country (ISO 3166-1 alpha-2): decides between domestic tax, reverse charge and export."""
    seller_vat_id: str = "DE136695976"
    """The seller's own VAT id on invoices."""
    sandbox_providers: tuple[str, ...] = ("sandbox", "stripe")
    """The provider names that the sandbox answers to outside production, so that imported methods can be charged.
    `stripe` is Stripe itself as soon as it has a key."""
    payment_provider: Literal["sandbox", "stripe"] = "sandbox"
    """The provider that takes new payment methods. The production profile knows no sandbox."""
    stripe_api_key: str = Field(default="", repr=False)
    """Stripe's secret key (`sk_…`, or a restricted `rk_…` that may write customers, payment methods, set-up and payment
    intents, checkout sessions and refunds, and read mandates)."""
    stripe_publishable_key: str = ""
    """Stripe's public key (`pk_…`), handed to whoever shows Stripe's form."""
    stripe_webhook_secret: str = Field(default="", repr=False)
    """The signing secret (`whsec_…`) of the endpoint `{PUBLIC_URL}/api/v1/payment-callbacks/stripe` at Stripe."""
    stripe_api_url: str = "https://api.stripe.com"
    """Where Stripe's API is."""
    transfer_release: Literal["immediate", "confirmed"] = "immediate"
    """`confirmed`: a customer moves only after an operator confirmed that the old shop has stopped billing it;
    `immediate`: the release counts as acknowledged when it is asked for."""
    transfer_check_at_once: int = 2_000
    """The dry run of a wave with more customers goes on in the background instead of being waited for."""

    @field_validator("stripe_api_url")
    @classmethod
    def _encrypted(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK_HOSTS:
            raise ValueError("SHOP_STRIPE_API_URL must be https on every host but the loopback ones.")
        return url

    def refuse_defaults(self, platform: PlatformSettings) -> None:
        """Stop a production shop that cannot collect money, and any shop told to use Stripe without its key."""
        super().refuse_defaults(platform)
        if platform.is_production and self.payment_provider == "sandbox":
            raise ValueError("The production profile needs SHOP_PAYMENT_PROVIDER=stripe: the sandbox collects nothing.")
        if self.payment_provider == "stripe" and not self.stripe_api_key:
            raise ValueError("SHOP_PAYMENT_PROVIDER=stripe needs SHOP_STRIPE_API_KEY.")
        if platform.is_production and not self.stripe_webhook_secret:
            raise ValueError("The production profile needs SHOP_STRIPE_WEBHOOK_SECRET: debits settle by callback.")
