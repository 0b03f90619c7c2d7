"""The shapes of money and of multilingual text in requests, answers and events."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt

from chassis.kernel.money import Money

LOCALES = ("en", "fr", "de", "it")


class Amount(BaseModel):
    """Money in minor units (cents) of an ISO 4217 currency."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [{"amount": 12900, "currency": "EUR"}]})

    amount: Annotated[int, Field(description="Minor units: 12900 is 129.00.")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]

    @classmethod
    def of(cls, money: Money) -> "Amount":
        """The same money, for the outside."""
        return cls(amount=money.amount, currency=money.currency)

    @classmethod
    def minor(cls, amount: int, currency: str) -> "Amount":
        """`amount` minor units of `currency`."""
        return cls(amount=amount, currency=currency)


class GivenAmount(Amount):
    """Money as operators give it: whole minor units, and not so many that a full order could not be added up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Annotated[StrictInt, Field(le=100_000_000_000, description="Minor units: 12900 is 129.00.")]


class Texts(BaseModel):
    """A text in the four languages of the shop."""

    model_config = ConfigDict(frozen=True)

    en: str
    fr: str
    de: str
    it: str


def in_all_languages(value: Any) -> Any:
    """One text for all languages, or a text per language where missing ones repeat the English (or first) one."""
    if isinstance(value, str):
        return dict.fromkeys(LOCALES, value)
    if isinstance(value, dict) and value:
        fallback = value.get("en") or next(iter(value.values()))
        return {**dict.fromkeys(LOCALES, fallback), **{k: v for k, v in value.items() if v}}
    return value


class GivenTexts(Texts):
    """A text as operators give it: plain, or per language."""

    model_config = ConfigDict(frozen=True, extra="forbid")


GivenText = Annotated[GivenTexts, BeforeValidator(in_all_languages)]
