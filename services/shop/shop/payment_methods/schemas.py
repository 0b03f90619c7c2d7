"""Payment methods as clients see them: never a card or account number."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shop.payment_methods.rules import contains_number


class Mandate(BaseModel):
    """The SEPA mandate that allows the direct debit."""

    reference: str
    signed_on: date | None


class PaymentMethod(BaseModel):
    """A card or a SEPA direct debit mandate, held by the payment provider."""

    id: str
    kind: Literal["card", "sepa_debit"]
    provider: str
    brand: str
    last4: str
    exp_month: int | None
    exp_year: int | None
    mandate: Mandate | None
    is_default: bool
    origin: Literal["new", "transferred"]
    created_at: datetime


class AttachPaymentMethod(BaseModel):
    """The one-time token that the payment provider gave for a card or account."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
        json_schema_extra={"examples": [{"token": "tok_visa"}, {"kind": "sepa_debit", "token": "tok_sepa"}]},
    )

    token: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=255),
        Field(validation_alias=AliasChoices("token", "provider_token")),
    ]
    kind: Literal["card", "sepa_debit"] | None = None
    make_default: Annotated[bool, Field(description="The first method is the default anyway.")] = False

    @model_validator(mode="before")
    @classmethod
    def _no_numbers(cls, value: Any) -> Any:
        if contains_number(value):
            raise PydanticCustomError(
                "card_number_refused",
                "Never send a card or account number here. Give it to the payment provider and send its token.",
            )
        return value


class StartSetup(BaseModel):
    """What is going to be entered; null leaves the choice to the payer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "card"}]})

    kind: Literal["card", "sepa_debit"] | None = None
    return_url: Annotated[
        str | None,
        StringConstraints(max_length=1000),
        Field(description="A page of this platform to come back to: then the answer has the `url` of a whole page."),
    ] = None


class PaymentMethodSetup(BaseModel):
    """What the payment provider's own form needs. Card and account numbers go there and nowhere else."""

    provider: str
    publishable_key: Annotated[str, Field(description="The provider's public key; empty for the sandbox.")]
    client_secret: Annotated[
        str | None, Field(description="Opens the provider's form for this one method. Do not store or log it.")
    ]
    url: Annotated[
        str | None,
        Field(description="The provider's page, when there is a `return_url`; it comes back there with `token` added."),
    ]
    token: Annotated[str, Field(description="What to attach once the form is done.")]
