"""What can go wrong with regions."""

from chassis.kernel.errors import Conflict, NotFound


class RegionNotFound(NotFound):
    """No region has this code."""

    code, title = "region-not-found", "There is no such region"


class RegionExists(Conflict):
    """The code is taken."""

    code, title = "region-exists", "A region with this code exists already"


class CountryTaken(Conflict):
    """A country belongs to one region."""

    code, title = "country-taken", "A country already belongs to another region"
