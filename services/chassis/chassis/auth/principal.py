"""The caller of a route, as the access token describes it."""

from dataclasses import dataclass, field
from typing import Any

from chassis.kernel.errors import Forbidden


class NoOrganization(Forbidden):
    """The caller has not chosen an organization, or belongs to none."""

    code, title = "no-organization", "Choose an organization first"


class LacksScope(Forbidden):
    """The token does not carry a scope that the route asks for."""

    code, title = "lacks-scope", "Your access does not cover this"


@dataclass(frozen=True, slots=True)
class Principal:
    """A person (with an account) or a machine (an OAuth client of its own)."""

    subject: str
    client_id: str
    scopes: frozenset[str] = frozenset()
    organization_id: str | None = None
    roles: frozenset[str] = frozenset()
    session_id: str | None = None
    email: str | None = None
    products: frozenset[str] | None = None
    claims: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_machine(self) -> bool:
        """Whether no person stands behind the call."""
        return not self.subject.startswith("acc_")

    @property
    def account_id(self) -> str | None:
        """The person's account; None for machines."""
        return None if self.is_machine else self.subject

    @property
    def is_operator(self) -> bool:
        """Whether the vendor's own staff or tools are calling."""
        return "operator:read" in self.scopes or "operator:write" in self.scopes

    @property
    def organization(self) -> str:
        """The active organization. Raises NoOrganization."""
        if self.organization_id is None:
            raise NoOrganization()
        return self.organization_id

    @property
    def actor(self) -> str:
        """How audit and events name the caller."""
        return f"client:{self.subject}" if self.is_machine else f"user:{self.subject}"

    def require(self, *scopes: str) -> None:
        """Raise LacksScope unless at least one of `scopes` is held."""
        if scopes and not self.scopes.intersection(scopes):
            raise LacksScope(f"This needs the scope {' or '.join(scopes)}.", scope=scopes[0])
