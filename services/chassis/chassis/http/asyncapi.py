"""The events a service publishes, as an AsyncAPI 3 document made from its event classes."""

from typing import Any

from chassis.facts import Envelope, Event
from chassis.service import Service

ENVELOPE_FIELDS = ("specversion", "id", "source", "type", "subject", "time", "sequence", "data")


def asyncapi_document(service: Service) -> dict[str, Any]:
    """AsyncAPI 3.0 over the service's events, each message a CloudEvent in structured JSON."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for event in service.events:
        name = message_name(event)
        messages[name] = _message(event, service)
        channels[event.event_type] = {
            "address": event.event_type,
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
            "description": (event.__doc__ or "").strip(),
        }
        operations[f"publish_{name}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{event.event_type}"},
        }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"{service.title}: events", "version": "1.0.0", "description": service.description},
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def message_name(event: type[Event]) -> str:
    """The name of an event's message: its type with underscores."""
    return event.event_type.replace(".", "_")


def envelope_schema(event: type[Event], source: str) -> dict[str, Any]:
    """The JSON Schema of the whole event as it travels."""
    schema = Envelope.model_json_schema()
    schema["properties"]["type"] = {"const": event.event_type}
    schema["properties"]["source"] = {"const": source}
    schema["properties"]["data"] = event.model_json_schema(ref_template="#/properties/data/$defs/{model}")
    schema["required"] = list(ENVELOPE_FIELDS)
    return schema


def _message(event: type[Event], service: Service) -> dict[str, Any]:
    return {
        "name": event.event_type,
        "title": (event.__doc__ or event.event_type).strip().splitlines()[0],
        "contentType": "application/cloudevents+json",
        "payload": envelope_schema(event, f"/{service.name}"),
    }
