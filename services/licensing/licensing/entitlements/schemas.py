"""What clients are promised about entitlements."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

CHECKS_AT_MOST = 1000
EXAMPLE = {
    "allowed": True,
    "reason": "assigned",
    "product": "cad-pro",
    "email": "jane@example.com",
    "account": None,
    "valid_until": "2027-12-31T23:00:00Z",
    "license_id": "lic_01k0q3v7w2d8m4n6p8r0t2v4x6",
    "assignment_id": "asg_01k0q3v7w2d8m4n6p8r0t2v4x6",
}


class Entitlement(BaseModel):
    """May this person use this product now, why, and until when."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})

    allowed: bool
    reason: str = Field(
        description="`assigned`, `one_off`, `grace`, or why not: `not_assigned`, `not_started`, `assignment_ended`, "
        "`deactivated`, `license_suspended`, `license_ended`, `units_used_up`, `transfer_pending`, `unknown_product`."
    )
    product: str
    email: str | None = Field(description="Null for an account that holds nothing you may ask about.")
    account: str | None = Field(description="The account, where one was asked about.")
    valid_until: datetime | None = Field(description="When access ends unless something changes; null: no end is set.")
    license_id: str | None
    assignment_id: str | None


class Check(BaseModel):
    """One question, about an address or an account."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"product": "cad-pro", "email": "jane@example.com"}}
    )

    product: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, min_length=1, max_length=320)
    account: str | None = Field(default=None, min_length=1, max_length=64)

    @model_validator(mode="after")
    def names_one_person(self) -> Self:
        """Exactly one of the two says who is meant."""
        if (self.email is None) == (self.account is None):
            raise PydanticCustomError("one_person", "Say which email, or which account")
        return self


class CheckItems(BaseModel):
    """Questions, answered in their order."""

    model_config = ConfigDict(extra="forbid")

    items: list[Check] = Field(max_length=CHECKS_AT_MOST)


Checks = Annotated[
    Annotated[CheckItems, Tag("object")] | Annotated[list[Check], Tag("array")],
    Discriminator(lambda given: "array" if isinstance(given, list) else "object"),
]


class Entitlements(BaseModel):
    """An answer per question, in the order asked."""

    items: list[Entitlement]
    next_cursor: str | None


class ExplainedClaim(BaseModel):
    """One assignment or one-off license that access could rest on, and what it says now."""

    allowed: bool
    reason: str
    organization_id: str
    license_id: str
    assignment_id: str | None
    valid_from: datetime
    valid_until: datetime | None
    license_status: str


class Explanation(BaseModel):
    """Everything that bears on one person's use of one product."""

    allowed: bool
    reason: str
    sentence: str = Field(description="The answer in words, fit for the end user.")
    product: str
    email: str | None
    account: str | None
    valid_until: datetime | None
    is_known_product: bool
    has_pending_transfer: bool
    claims: list[ExplainedClaim]
