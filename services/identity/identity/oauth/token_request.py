"""What every way to a token has in common: who asks, for what, with which key, and how the answer looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.clients.scopes import split
from identity.oauth.access_token import IssuedToken
from identity.oauth.authlib_adapter.errors import (
    InvalidDpopProofError,
    InvalidRequestError,
    InvalidScopeError,
    InvalidTargetError,
    UnauthorizedClientError,
)
from identity.oauth.parameters import Parameters


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A request at the token endpoint whose client is known. `thumbprint` is that of a proven DPoP key."""

    runtime: Runtime
    parameters: Parameters
    client: Client
    thumbprint: str | None
    now: datetime

    def required(self, name: str) -> str:
        """The parameter `name`. Raises InvalidRequestError without it."""
        value = self.parameters.get(name)
        if value is None:
            raise InvalidRequestError(f"The parameter {name} is missing.")
        return value

    def check_grant_type(self, grant_type: str) -> None:
        """Raise UnauthorizedClientError unless the client is registered for the grant type."""
        if not self.client.may_use(grant_type):
            raise UnauthorizedClientError("The client is not registered for this grant type.")

    def check_key(self) -> None:
        """Raise InvalidDpopProofError when the client must bind its tokens and sent no proof (RFC 9449 §5.2)."""
        if self.client.dpop_bound_access_tokens and self.thumbprint is None:
            raise InvalidDpopProofError("This client must send a DPoP proof.")


def check_resources(parameters: Parameters, audience: str) -> None:
    """Raise InvalidTargetError for any resource but the platform's API (RFC 8707 §2)."""
    if any(resource != audience for resource in parameters.resources):
        raise InvalidTargetError()


def requested_scopes(parameters: Parameters, allowed: Iterable[str], *, default: Iterable[str]) -> tuple[str, ...]:
    """The scopes asked for, or `default`. Raises InvalidScopeError for one that is unknown or not `allowed`."""
    asked = split(parameters.get("scope"))
    if not asked:
        return tuple(default)
    if not set(asked) <= set(allowed):
        raise InvalidScopeError()
    return asked


def token_answer(token: IssuedToken, *, thumbprint: str | None, **more: str | None) -> dict[str, Any]:
    """The body of a successful answer (RFC 6749 §5.1)."""
    return {
        "access_token": token.value,
        "token_type": "Bearer" if thumbprint is None else "DPoP",
        "expires_in": token.expires_in,
        "scope": " ".join(token.scopes),
        **{name: value for name, value in more.items() if value is not None},
    }
