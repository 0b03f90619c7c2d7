"""What can be wrong about a license."""

from chassis.kernel.errors import Conflict, NotFound


class LicenseNotFound(NotFound):
    """No such license, or another organization's."""

    code, title = "license-not-found", "There is no such license"


class NotCountedInUnits(Conflict):
    """The license is not one that is used up by units."""

    code, title = "license-not-counted-in-units", "This license is not counted in units"


class UnitsUsedUp(Conflict):
    """Fewer units are left than were asked for."""

    code, title = "units-used-up", "There are not enough units left"


class LicenseNotActive(Conflict):
    """The license gives no access now."""

    code, title = "license-not-active", "This license is not active"


class ReferenceReused(Conflict):
    """The reference was used before, for another number of units."""

    code, title = "usage-reference-reused", "This reference was used for another number of units"
