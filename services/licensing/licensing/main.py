"""Licensing: the table of contents."""

from chassis.service import Service
from licensing.assignments import events as assignment_events
from licensing.assignments.jobs import jobs as assignment_jobs
from licensing.assignments.router import router as assignments
from licensing.edges import edges
from licensing.entitlements import events as entitlement_events
from licensing.entitlements.jobs import jobs as entitlement_jobs
from licensing.entitlements.router import fast as entitlement_check
from licensing.entitlements.router import router as entitlements
from licensing.licenses import events as license_events
from licensing.licenses.jobs import jobs as license_jobs
from licensing.licenses.router import router as licenses
from licensing.one_offs.router import router as one_offs
from licensing.reactions.identity import identity
from licensing.reactions.shop import shop
from licensing.reports.router import router as reports
from licensing.seats.router import router as seats
from licensing.settings import LicensingSettings
from licensing.subscriptions.router import router as resize_checks
from licensing.tables import metadata

service = Service(
    name="licensing",
    title="Portico licensing",
    description="Licenses, seats, assignments and entitlements.",
    package="licensing",
    settings=LicensingSettings,
    metadata=metadata,
    # The check is asked most often by far: first in the list, it is found first.
    routers=[entitlement_check, licenses, seats, assignments, entitlements, reports],
    internal=[resize_checks, one_offs],
    reactions=[shop, identity],
    jobs=[license_jobs, assignment_jobs, entitlement_jobs],
    events=[*license_events.EVENTS, *assignment_events.EVENTS, *entitlement_events.EVENTS],
    edges=edges,
)
