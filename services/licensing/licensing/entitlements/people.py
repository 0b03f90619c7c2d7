"""Whom questions are about: an address, or an account that has one."""

from collections.abc import Sequence
from typing import NamedTuple

from chassis.db.transaction import Reader
from chassis.kernel.emails import email_as_asked
from chassis.kernel.errors import FieldError, Invalid
from licensing.accounts.queries import emails_of
from licensing.entitlements.rules import Decision
from licensing.entitlements.store import Question

NO_ADDRESS = ""


class Person(NamedTuple):
    """Somebody known by exactly one of the two. A tuple, because questions come by the thousand."""

    email: str | None
    account: str | None


def person_named(email: str | None, account: str | None) -> Person:
    """The person that two parameters name. Raises Invalid unless it is one of them."""
    email, account = (email or "").strip() or None, (account or "").strip() or None
    if email is None and account is None:
        raise Invalid(errors=[FieldError("?email", "missing", "Say which email, or which account.")])
    if email is not None and account is not None:
        raise Invalid(errors=[FieldError("?account", "ambiguous", "Name an email or an account, not both.")])
    return Person(email, account)


async def addresses_of(reader: Reader, people: Sequence[Person]) -> list[str]:
    """The address of each, in order and as it is stored; NO_ADDRESS for an account that nobody knows."""
    emails = await emails_of(reader, {account for _, account in people if account is not None})
    return [
        emails.get(account or "", NO_ADDRESS) if email is None else email_as_asked(email) for email, account in people
    ]


async def address_of(reader: Reader, person: Person) -> str:
    """The address of one."""
    (address,) = await addresses_of(reader, [person])
    return address


def address_told(question: Question, decision: Decision) -> str | None:
    """The address to answer with. Nobody learns it from an account that holds nothing they may ask about."""
    return question.email if question.account is None or decision.claim is not None else None
