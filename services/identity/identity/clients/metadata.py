"""From the metadata names of RFC 7591 to the columns of a client, defaults included."""

from collections.abc import Mapping
from typing import Any

from identity.clients import scopes

ABOUT = ("client_uri", "logo_uri", "policy_uri", "tos_uri", "contacts")
RENAMED = {"client_name": "name", "first_party": "is_first_party", "scope": "scopes"}
NOT_STORED = frozenset({"response_types"})

DEFAULTS: dict[str, Any] = {
    "status": "active",
    "is_built_in": False,
    "is_first_party": False,
    "application_type": "web",
    "organization_id": None,
    "products": [],
    "grant_types": ["authorization_code"],
    "token_endpoint_auth_method": "client_secret_basic",
    "redirect_uris": [],
    "post_logout_redirect_uris": [],
    "backchannel_logout_uri": None,
    "require_pkce": True,
    "require_pushed_authorization_requests": False,
    "dpop_bound_access_tokens": False,
    "id_token_signed_response_alg": "ES256",
    "jwks": None,
    "about": {},
}


def columns_of(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that metadata sent by a caller sets; an explicit null means the default."""
    columns: dict[str, Any] = {}
    for name, value in sent.items():
        if name in ABOUT:
            columns.setdefault("about", {})[name] = value
        elif name not in NOT_STORED:
            column = RENAMED.get(name, name)
            columns[column] = DEFAULTS[column] if value is None and column in DEFAULTS else value
    if "scopes" in columns:
        columns["scopes"] = list(scopes.split(columns["scopes"]))
    return columns


def with_defaults(columns: Mapping[str, Any]) -> dict[str, Any]:
    """A complete client: what was not said is what RFC 7591 or this platform takes for granted."""
    complete = {**DEFAULTS, **columns}
    complete.setdefault("scopes", default_scopes(complete["grant_types"]))
    return complete


def default_scopes(grant_types: list[str]) -> list[str]:
    """Signing in, and staying signed in where refresh tokens may be used."""
    if "authorization_code" not in grant_types:
        return []
    staying = ["offline_access"] if "refresh_token" in grant_types else []
    return ["openid", "profile", "email", *staying]
