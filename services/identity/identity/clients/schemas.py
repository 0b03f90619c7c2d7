"""Clients as the API shows and takes them: the names of RFC 7591 and OpenID Connect Dynamic Registration."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from identity.clients.client import Client
from identity.clients.scopes import join

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Uri = Annotated[str, StringConstraints(max_length=2000)]
Uris = Annotated[list[Uri], Field(max_length=50)]
GrantType = Literal["authorization_code", "refresh_token", "client_credentials"]
AuthMethod = Literal["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
IdTokenAlgorithm = Literal["ES256", "RS256"]


class ClientMetadata(BaseModel):
    """What may be said about a client. Metadata that is not known here is ignored (RFC 7591 §2)."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    client_name: Name | None = None
    """The name that people read on the consent page."""
    application_type: Literal["web", "native"] | None = None
    """`native` allows a custom scheme and loopback redirect URIs with any port (RFC 8252)."""
    redirect_uris: Uris | None = None
    """Where authorization responses may go; compared character by character."""
    post_logout_redirect_uris: Uris | None = None
    """Where the browser may go after a logout."""
    backchannel_logout_uri: Uri | None = None
    """Where logout tokens are posted."""
    grant_types: Annotated[list[GrantType], Field(max_length=10)] | None = None
    """How the client may get tokens; default `authorization_code`."""
    response_types: Annotated[list[Literal["code"]], Field(max_length=5)] | None = None
    """`code` is the only one there is."""
    token_endpoint_auth_method: AuthMethod | None = None
    """How the client proves who it is; default `client_secret_basic`."""
    scope: Annotated[str, StringConstraints(max_length=2000)] | None = None
    """The scopes it may ask for, separated by spaces."""
    jwks: dict[str, Any] | None = None
    """Its public keys: ES256, PS256 or Ed25519."""
    require_pkce: bool | None = None
    """Whether every authorization request must carry a code challenge; default true."""
    require_pushed_authorization_requests: bool | None = None
    """Whether authorization requests must be pushed first (RFC 9126)."""
    dpop_bound_access_tokens: bool | None = None
    """Whether every token must be bound to a DPoP key (RFC 9449)."""
    id_token_signed_response_alg: IdTokenAlgorithm | None = None
    """The signature of its id and logout tokens; default `ES256`."""
    first_party: bool | None = None
    """Whether it belongs to the vendor, so that nobody is asked for consent."""
    organization_id: Annotated[str, StringConstraints(max_length=64)] | None = None
    """The organization that its own tokens act in."""
    products: Annotated[list[Annotated[str, StringConstraints(max_length=100)]], Field(max_length=200)] | None = None
    """The products it may check entitlements of (scope `entitlements:read`)."""
    client_uri: Uri | None = None
    """Its web page."""
    logo_uri: Uri | None = None
    """Its logo."""
    policy_uri: Uri | None = None
    """Its privacy policy."""
    tos_uri: Uri | None = None
    """Its terms of service."""
    contacts: Annotated[list[Annotated[str, StringConstraints(max_length=254)]], Field(max_length=20)] | None = None
    """E-mail addresses of the people behind it."""


class RegisterClient(ClientMetadata):
    """A new client."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "client_name": "ERP connector",
                    "grant_types": ["client_credentials"],
                    "scope": "orders:read",
                    "organization_id": "org_01jzy3v9k0e5t8q2m4n6p7r8sa",
                }
            ]
        }
    )

    client_name: Name


class ChangeClient(ClientMetadata):
    """What shall be different; what is not sent stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"redirect_uris": ["https://erp.example/callback"], "status": "active"}]}
    )

    status: Literal["active", "disabled"] | None = None
    """`disabled` refuses the client and its tokens at once."""


class ClientView(BaseModel):
    """A registered client."""

    client_id: str
    client_name: str
    status: Literal["active", "disabled"]
    built_in: bool
    first_party: bool
    application_type: str
    organization_id: str | None
    products: list[str]
    scope: str
    grant_types: list[str]
    response_types: list[str]
    token_endpoint_auth_method: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    backchannel_logout_uri: str | None
    require_pkce: bool
    require_pushed_authorization_requests: bool
    dpop_bound_access_tokens: bool
    id_token_signed_response_alg: str
    jwks: dict[str, Any] | None
    client_uri: str | None
    logo_uri: str | None
    policy_uri: str | None
    tos_uri: str | None
    contacts: list[str]
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, client: Client) -> "ClientView":
        """The client as operators see it; secrets are never among it."""
        return cls(**view_of(client))


class RegisteredClient(ClientView):
    """A client as its registration answers it: the only time that its secret is shown."""

    client_secret: str | None
    client_secret_expires_at: int
    client_id_issued_at: int

    @classmethod
    def with_secret(cls, client: Client, secret: str | None) -> "RegisteredClient":
        """The client and its new secret, if it uses one."""
        issued_at = int(client.created_at.timestamp())
        return cls(**view_of(client), client_secret=secret, client_secret_expires_at=0, client_id_issued_at=issued_at)


class NewSecret(BaseModel):
    """A new secret, shown this once. The one before stays good until the next rotation."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int


def view_of(client: Client) -> dict[str, Any]:
    """The public fields of a client."""
    about = client.about
    return {
        "client_id": client.id,
        "client_name": client.name,
        "status": client.status,
        "built_in": client.is_built_in,
        "first_party": client.is_first_party,
        "application_type": client.application_type,
        "organization_id": client.organization_id,
        "products": list(client.products),
        "scope": join(client.scopes),
        "grant_types": list(client.grant_types),
        "response_types": ["code"] if "authorization_code" in client.grant_types else [],
        "token_endpoint_auth_method": client.token_endpoint_auth_method,
        "redirect_uris": list(client.redirect_uris),
        "post_logout_redirect_uris": list(client.post_logout_redirect_uris),
        "backchannel_logout_uri": client.backchannel_logout_uri,
        "require_pkce": client.require_pkce,
        "require_pushed_authorization_requests": client.require_pushed_authorization_requests,
        "dpop_bound_access_tokens": client.dpop_bound_access_tokens,
        "id_token_signed_response_alg": client.id_token_signed_response_alg,
        "jwks": client.jwks,
        "client_uri": about.get("client_uri"),
        "logo_uri": about.get("logo_uri"),
        "policy_uri": about.get("policy_uri"),
        "tos_uri": about.get("tos_uri"),
        "contacts": about.get("contacts", []),
        "created_at": client.created_at,
        "changed_at": client.changed_at,
    }
