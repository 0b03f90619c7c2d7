"""What can go wrong with customers."""

from chassis.kernel.errors import Conflict, NotFound


class CustomerNotFound(NotFound):
    """The shop does not know the organization (yet: a new one is known within seconds)."""

    code, title = "customer-not-found", "There is no such customer"


class CustomerOnHold(Conflict):
    """An operator has put the customer on hold."""

    code, title = "customer-on-hold", "Your account is on hold"


class RegionFixed(Conflict):
    """Moving to a country of another region would change prices and currency."""

    code, title = "region-fixed", "The country belongs to another sales region"
