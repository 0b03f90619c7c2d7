"""Every table of the service in one place: what migrations are compared with."""

from licensing.accounts import models as accounts
from licensing.assignments import models as assignments
from licensing.changes import models as changes
from licensing.history import models as history
from licensing.licenses import models as licenses
from licensing.metadata import metadata
from licensing.organizations import models as organizations
from licensing.products import models as products
from licensing.transfers import models as transfers

__all__ = [
    "accounts",
    "assignments",
    "changes",
    "history",
    "licenses",
    "metadata",
    "organizations",
    "products",
    "transfers",
]
