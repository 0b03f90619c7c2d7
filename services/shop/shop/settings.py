"""What the shop can be told by its environment."""

from typing import Literal

from pydantic_settings import SettingsConfigDict

from chassis.ops.settings import ServiceSettings


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
    """The provider names that the sandbox answers to outside production, so that imported methods can be charged."""
    transfer_release: Literal["immediate", "confirmed"] = "immediate"
    """`confirmed`: a customer moves only after an operator confirmed that the old shop has stopped billing it;
    `immediate`: the release counts as acknowledged when it is asked for."""
