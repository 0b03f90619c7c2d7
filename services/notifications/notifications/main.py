"""The notifications service, as a table of contents."""

from chassis.bus.reactions import Reactions
from chassis.service import Service
from notifications.edges import open_edges
from notifications.messages.events import MessageBounced, MessageFailed, MessageSent
from notifications.messages.jobs import jobs as message_jobs
from notifications.messages.router import router as messages
from notifications.preferences.router import router as preferences
from notifications.reactions import accounts, assignments, licenses, orders, subscriptions, transfers
from notifications.reactions.expiring import jobs as expiring_jobs
from notifications.settings import NotificationsSettings
from notifications.suppressions.router import router as suppressions
from notifications.tables import metadata
from notifications.templates.router import router as templates
from notifications.webhooks.fan_out import with_partners
from notifications.webhooks.jobs import jobs as webhook_jobs
from notifications.webhooks.router import router as webhooks

identity, shop, licensing = Reactions("identity"), Reactions("shop"), Reactions("licensing")
accounts.register(identity)
transfers.register(shop)
orders.register(shop)
subscriptions.register(shop)
assignments.register(licensing)
licenses.register(licensing)

service = Service(
    name="notifications",
    title="Notifications",
    description="The mails to customers, and the webhooks of partners.",
    package="notifications",
    settings=NotificationsSettings,
    metadata=metadata,
    routers=[messages, templates, suppressions, preferences, webhooks],
    reactions=[with_partners(reactions) for reactions in (identity, shop, licensing)],
    jobs=[message_jobs, expiring_jobs, webhook_jobs],
    events=[MessageSent, MessageFailed, MessageBounced],
    edges=open_edges,
)
