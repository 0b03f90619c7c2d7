"""Every table of the shop, for migrations: importing a feature's models registers them in the metadata."""

from shop.catalog import models as catalog
from shop.customers import models as customers
from shop.invoices import models as invoices
from shop.orders import models as orders
from shop.payment_methods import models as payment_methods
from shop.payments import models as payments
from shop.regions import models as regions
from shop.schema import metadata
from shop.subscriptions import models as subscriptions
from shop.transfers import models as transfers
from shop.wishlist import models as wishlist

__all__ = [
    "catalog",
    "customers",
    "invoices",
    "metadata",
    "orders",
    "payment_methods",
    "payments",
    "regions",
    "subscriptions",
    "transfers",
    "wishlist",
]
