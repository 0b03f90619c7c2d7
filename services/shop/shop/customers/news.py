"""What identity tells of organizations and their people, in the words of the customers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrganizationNews:
    """An organization as it is now; `country` in capitals, empty when identity does not know it."""

    organization_id: str
    name: str
    country: str
    locale: str | None
    time_zone: str | None
    vat_id: str | None


@dataclass(frozen=True, slots=True)
class MemberNews:
    """A person's place in an organization as of event number `sequence` about it."""

    member_id: str
    organization_id: str
    account_id: str
    email: str
    name: str
    roles: list[str]
    status: str
    sequence: int
    is_removed: bool

    @property
    def is_of_owner(self) -> bool:
        """Whether it tells of somebody who could be the buyer."""
        return "owner" in self.roles and not self.is_removed


@dataclass(frozen=True, slots=True)
class BuyerNamed:
    """Who is written to, None when nobody is known yet."""

    email: str | None
    first_name: str
    last_name: str
