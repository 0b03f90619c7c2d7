"""The shop: what it serves, what it reacts to, what it does by itself, what it tells."""

from chassis.service import Service
from shop.archive.router import router as archive
from shop.catalog.events import ProductChanged
from shop.catalog.router import router as catalog
from shop.checkout.jobs import jobs as checkout_jobs
from shop.checkout.router import router as checkout
from shop.customers.events import CustomerChanged
from shop.customers.router import router as customers
from shop.edges import open_edges
from shop.invoices.events import InvoiceIssued
from shop.invoices.router import router as invoices
from shop.orders.events import OrderFailed, OrderPaid, OrderPlaced, OrderRefunded
from shop.orders.router import router as orders
from shop.payment_methods.router import router as payment_methods
from shop.payments.router import callbacks as payment_callbacks
from shop.payments.router import router as payments
from shop.privacy.router import router as privacy
from shop.reactions.identity import reactions as of_identity
from shop.reactions.together import together
from shop.regions.router import router as regions
from shop.settings import ShopSettings
from shop.subscriptions.events import (
    PaymentActionRequired,
    PaymentFailed,
    SubscriptionCancelScheduled,
    SubscriptionCancelUndone,
    SubscriptionEnded,
    SubscriptionPastDue,
    SubscriptionQuantityChanged,
    SubscriptionRecovered,
    SubscriptionRenewed,
    SubscriptionStarted,
    SubscriptionTransferred,
)
from shop.subscriptions.jobs import jobs as subscriptions_jobs
from shop.subscriptions.router import router as subscriptions
from shop.support.router import router as support
from shop.tables import metadata
from shop.transfers.events import (
    TransferActivationReminderDue,
    TransferAnnounced,
    TransferFailed,
    TransferPostponed,
    TransferReminderDue,
    TransferRolledBack,
    TransferSettled,
    TransferTransferred,
)
from shop.transfers.imports.router import router as transfer_imports
from shop.transfers.jobs import jobs as transfers_jobs
from shop.transfers.reactions import of_identity as transfers_of_identity
from shop.transfers.reactions import of_notifications as transfers_of_notifications
from shop.transfers.reactions import of_shop as transfers_of_shop
from shop.transfers.router import router as transfers
from shop.transfers.waves.router import router as transfer_waves
from shop.wishlist.router import router as wishlist

service = Service(
    name="shop",
    title="Shop",
    description="Catalogue, orders, invoices, subscriptions and the transfer from the old shop.",
    package="shop",
    settings=ShopSettings,
    metadata=metadata,
    routers=[
        support,
        catalog,
        wishlist,
        customers,
        privacy,
        payment_methods,
        checkout,
        orders,
        invoices,
        subscriptions,
        regions,
        archive,
        transfers,
        transfer_waves,
        transfer_imports,
        payments,
        payment_callbacks,
    ],
    reactions=together(of_identity, transfers_of_identity, transfers_of_notifications, transfers_of_shop),
    jobs=[checkout_jobs, subscriptions_jobs, transfers_jobs],
    events=[
        ProductChanged,
        CustomerChanged,
        OrderPlaced,
        OrderPaid,
        OrderFailed,
        OrderRefunded,
        InvoiceIssued,
        SubscriptionStarted,
        SubscriptionTransferred,
        SubscriptionRenewed,
        SubscriptionQuantityChanged,
        SubscriptionCancelScheduled,
        SubscriptionCancelUndone,
        SubscriptionPastDue,
        SubscriptionRecovered,
        SubscriptionEnded,
        PaymentFailed,
        PaymentActionRequired,
        TransferAnnounced,
        TransferReminderDue,
        TransferTransferred,
        TransferActivationReminderDue,
        TransferFailed,
        TransferPostponed,
        TransferRolledBack,
        TransferSettled,
    ],
    edges=open_edges,
)
