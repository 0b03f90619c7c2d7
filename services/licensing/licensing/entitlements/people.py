"""Whom questions are about: an address, or an account that has one."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.db.transaction import Reader
from chassis.kernel.emails import email_as_asked
from chassis.kernel.errors import FieldError, Invalid
from licensing.accounts.queries import emails_of
from licensing.entitlements.rules import Decision
from licensing.entitlements.store import Question

NO_ADDRESS = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known by exactly one of the two."""

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


async def addresses_of(reader: Reader, people: Iterable[Person]) -> dict[Person, str]:
    """The address of each in the spelling that is stored; NO_ADDRESS for an account that nobody knows."""
    known = set(people)
    emails = await emails_of(reader, {person.account for person in known if person.account is not None})
    return {
        person: emails.get(person.account or "", NO_ADDRESS) if person.email is None else email_as_asked(person.email)
        for person in known
    }


def address_told(question: Question, decision: Decision) -> str | None:
    """The address to answer with. Nobody learns it from an account that holds nothing they may ask about."""
    return question.email if question.account is None or decision.claim is not None else None
