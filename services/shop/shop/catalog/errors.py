"""What can go wrong with products and prices."""

from chassis.kernel.errors import Conflict, NotFound


class ProductNotFound(NotFound):
    """No product with this code is sold in the caller's region."""

    code, title = "product-not-found", "There is no such product"


class ProductExists(Conflict):
    """The code is taken by a product on sale."""

    code, title = "product-exists", "A product with this code exists already"


class RegionNotServed(Conflict):
    """No region serves the organization's country, so nothing is sold there yet."""

    code, title = "region-not-served", "Nothing is sold in your country yet"
