"""What can be refused about webhooks."""

from chassis.kernel.errors import Conflict, NotFound


class WebhookEndpointNotFound(NotFound):
    """No endpoint with this id, or it belongs to another organization."""

    code, title = "webhook-endpoint-not-found", "There is no such webhook endpoint"


class WebhookDeliveryNotFound(NotFound):
    """No delivery with this id, or it belongs to another organization."""

    code, title = "webhook-delivery-not-found", "There is no such webhook delivery"


class DeliveryPending(Conflict):
    """The delivery has not been made yet; it will be."""

    code, title = "webhook-delivery-pending", "The delivery is still on its way"


class TooManyEndpoints(Conflict):
    """An organization has as many endpoints as it may."""

    code, title = "too-many-webhook-endpoints", "There are too many webhook endpoints"
