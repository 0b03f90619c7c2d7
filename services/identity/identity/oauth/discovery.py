"""The provider's metadata (OpenID Connect Discovery 1.0, RFC 8414) and keys, as bytes that are built once."""

from functools import lru_cache
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel.client_keys import CLIENT_KEY_ALGORITHMS
from chassis.pages.locales import LOCALES
from identity.clients.rules import AUTH_METHODS, GRANT_TYPES
from identity.clients.scopes import DESCRIPTION_ORDER
from identity.keys.rules import ALGORITHMS
from identity.oauth.authlib_adapter.metadata import checked
from identity.oauth.authorization_request import RESPONSE_MODES
from identity.oauth.rules import ACR_PASSWORD, ACR_SECOND_FACTOR, PROMPTS

JSON = "application/json"
FIVE_MINUTES = {"Cache-Control": "public, max-age=300"}
KEYS_ACCEPTED = [*CLIENT_KEY_ALGORITHMS, "EdDSA"]


async def discovery(request: Request) -> Response:
    """`/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`."""
    return Response(_document(request.app.state.runtime.platform.public_url), headers=FIVE_MINUTES, media_type=JSON)


async def jwks(request: Request) -> Response:
    """The public keys that tokens are verified with (RFC 7517)."""
    return Response(request.app.state.runtime.edges.keys.jwks, headers=FIVE_MINUTES, media_type=JSON)


@lru_cache(maxsize=4)
def _document(issuer: str) -> bytes:
    return orjson.dumps(checked(metadata(issuer)))


def metadata(issuer: str) -> dict[str, Any]:
    """Everything a client may want to know about the provider."""
    confidential = [method for method in AUTH_METHODS if method != "none"]
    return {
        "issuer": issuer,
        **_endpoints(issuer),
        "scopes_supported": list(DESCRIPTION_ORDER),
        "response_types_supported": ["code"],
        "response_modes_supported": list(RESPONSE_MODES),
        "grant_types_supported": list(GRANT_TYPES),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "token_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "token_endpoint_auth_signing_alg_values_supported": KEYS_ACCEPTED,
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": KEYS_ACCEPTED,
        "revocation_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "revocation_endpoint_auth_signing_alg_values_supported": KEYS_ACCEPTED,
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": KEYS_ACCEPTED,
        "prompt_values_supported": sorted(PROMPTS),
        "acr_values_supported": [ACR_PASSWORD, ACR_SECOND_FACTOR],
        "claims_supported": [
            *("iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "acr", "amr", "at_hash", "sid", "org"),
            *("name", "locale", "email", "email_verified"),
        ],
        "claim_types_supported": ["normal"],
        "ui_locales_supported": list(LOCALES),
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "require_pushed_authorization_requests": False,
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "service_documentation": f"{issuer}/docs",
    }


def _endpoints(issuer: str) -> dict[str, str]:
    return {
        "authorization_endpoint": f"{issuer}/oauth2/authorize",
        "token_endpoint": f"{issuer}/oauth2/token",
        "userinfo_endpoint": f"{issuer}/oauth2/userinfo",
        "jwks_uri": f"{issuer}/oauth2/jwks",
        "revocation_endpoint": f"{issuer}/oauth2/revoke",
        "introspection_endpoint": f"{issuer}/oauth2/introspect",
        "pushed_authorization_request_endpoint": f"{issuer}/oauth2/par",
        "end_session_endpoint": f"{issuer}/oauth2/logout",
    }
