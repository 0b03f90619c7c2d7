"""A client as the rest of the service knows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from identity.clients.rules import matches_redirect


@dataclass(frozen=True, slots=True)
class Client:
    """An OAuth client and everything that decides what it may do."""

    id: str
    name: str
    status: str
    is_built_in: bool
    is_first_party: bool
    application_type: str
    organization_id: str | None
    products: tuple[str, ...]
    scopes: tuple[str, ...]
    grant_types: tuple[str, ...]
    token_endpoint_auth_method: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    backchannel_logout_uri: str | None
    require_pkce: bool
    require_pushed_authorization_requests: bool
    dpop_bound_access_tokens: bool
    id_token_signed_response_alg: str
    jwks: dict[str, Any] | None
    about: dict[str, Any]
    created_at: datetime
    changed_at: datetime
    secret_digests: tuple[str, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether it may do anything at all."""
        return self.status == "active"

    @property
    def is_fapi(self) -> bool:
        """Whether it keeps to the FAPI 2.0 Security Profile: pushed requests, bound tokens, keys for credentials."""
        return (
            self.require_pushed_authorization_requests
            and self.dpop_bound_access_tokens
            and self.token_endpoint_auth_method == "private_key_jwt"
        )

    def may_use(self, grant_type: str) -> bool:
        """Whether the grant type is among those it is registered for."""
        return grant_type in self.grant_types

    def may_return_to(self, redirect_uri: str) -> bool:
        """Whether an authorization response may go to `redirect_uri`."""
        return matches_redirect(redirect_uri, self.redirect_uris, native=self.application_type == "native")

    def may_return_after_logout(self, redirect_uri: str) -> bool:
        """Whether the browser may go to `redirect_uri` after a logout."""
        native = self.application_type == "native"
        return matches_redirect(redirect_uri, self.post_logout_redirect_uris, native=native)
