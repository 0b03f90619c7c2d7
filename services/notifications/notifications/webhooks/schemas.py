"""Webhook endpoints and deliveries as clients see them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Url = Annotated[str, StringConstraints(max_length=2000, min_length=8)]
Filter = Annotated[str, StringConstraints(max_length=100)]
Filters = Annotated[list[Filter], Field(min_length=1, max_length=50)]
FILTERS_HELP = "Event types such as `shop.order.paid.v1`, or `shop.order.*`, `shop.*`, `*`."
EXAMPLE = {"url": "https://erp.example/hooks/portico", "event_types": ["shop.order.*", "licensing.license.*"]}


class WebhookEndpoint(BaseModel):
    """Where a partner's system hears events."""

    id: str
    organization_id: str | None = Field(description="Whose events; null for those of every organization (operators).")
    url: str
    description: str
    event_types: list[str] = Field(description=FILTERS_HELP)
    status: Literal["enabled", "disabled"]
    disabled_reason: Literal["manual", "failing", "gone"] | None
    previous_secret_until: datetime | None = Field(description="Until then deliveries carry two signatures.")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: Any) -> "WebhookEndpoint":
        """The endpoint in a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class NewWebhookEndpoint(WebhookEndpoint):
    """An endpoint with its signing secret, which is told only this once."""

    secret: str = Field(description="`whsec_…`, for any Standard Webhooks library.")

    @classmethod
    def with_secret(cls, row: Any, secret: str) -> "NewWebhookEndpoint":
        """The endpoint in a row, with its secret."""
        return cls(**WebhookEndpoint.of(row).model_dump(), secret=secret)


class CreateWebhookEndpoint(BaseModel):
    """A new endpoint. Operators may name an organization, or none for the events of all."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    url: Url
    description: Annotated[str, StringConstraints(max_length=200)] = ""
    event_types: Filters = Field(default=["*"], description=FILTERS_HELP)
    organization_id: str | None = None


class ChangeWebhookEndpoint(BaseModel):
    """What shall change; enabling an endpoint delivers what waited, in order."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"status": "enabled"}]})

    url: Url | None = None
    description: Annotated[str, StringConstraints(max_length=200)] | None = None
    event_types: Filters | None = Field(default=None, description=FILTERS_HELP)
    status: Literal["enabled", "disabled"] | None = None


class WebhookDelivery(BaseModel):
    """One event for one endpoint."""

    id: str
    endpoint_id: str
    event_id: str
    event_type: str
    body: str = Field(description="The signed bytes, exactly.")
    status: Literal["pending", "delivered", "failed"]
    is_repeat: bool = Field(description="Whether it was asked for by `redeliver` or `test`.")
    attempts: int
    next_attempt_at: datetime | None
    response_status: int | None
    response_body: str | None
    error: str | None
    duration_ms: int | None
    created_at: datetime
    delivered_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "WebhookDelivery":
        """The delivery in a row."""
        next_attempt_at = row.next_attempt_at if row.status == "pending" else None
        values = {name: getattr(row, name) for name in cls.model_fields if name != "next_attempt_at"}
        return cls(**values, next_attempt_at=next_attempt_at)
