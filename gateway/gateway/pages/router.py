"""Every page of the portal, in the order their addresses are matched."""

from chassis.pages import static_router
from gateway.pages import (
    assignments,
    checkout,
    license_history,
    licenses,
    operator_imports,
    operator_messages,
    operator_transfers,
    operator_waves,
    orders,
    payment_methods,
    portal,
    profile,
    registration,
    seat_import,
    seats,
    shop,
    subscriptions,
    transfer,
)
from gateway.pages.visit import PACKAGE

ROUTERS = (
    static_router(PACKAGE),
    portal.router,
    registration.router,
    licenses.router,
    license_history.router,
    seats.router,
    seat_import.router,
    assignments.router,
    shop.router,
    checkout.router,
    orders.router,
    subscriptions.router,
    payment_methods.router,
    profile.router,
    transfer.router,
    operator_imports.router,
    operator_waves.router,
    operator_transfers.router,
    operator_messages.router,
)
