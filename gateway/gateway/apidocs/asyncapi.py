"""One AsyncAPI 3 document of every event of the platform."""

from typing import Any

Document = dict[str, Any]

INTRODUCTION = """\
Services tell each other what happened by these events: CloudEvents 1.0 in structured JSON, JetStream subject =
`type`, `Nats-Msg-Id` = `id`, extension `sequence` counting the events of one subject. Partners receive the same events
as webhooks. No event carries a password, a token or an activation link.
"""


def merged(documents: dict[str, Document]) -> Document:
    """Channels, operations and messages of all services; event types begin with their publisher, so none clash."""
    channels: Document = {}
    operations: Document = {}
    messages: Document = {}
    for service, document in documents.items():
        tag = [{"name": service}]
        for name, channel in document.get("channels", {}).items():
            channels[name] = channel | {"tags": tag}
        operations |= document.get("operations", {})
        messages |= document.get("components", {}).get("messages", {})
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Portico: events", "version": "1.0.0", "description": INTRODUCTION},
        "defaultContentType": "application/cloudevents+json",
        "channels": dict(sorted(channels.items())),
        "operations": dict(sorted(operations.items())),
        "components": {"messages": dict(sorted(messages.items()))},
    }
