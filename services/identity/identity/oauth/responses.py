"""Answers of the protocol's endpoints: ready JSON, never kept by a cache (RFC 6749 §5.1)."""

from typing import Any

import orjson
from starlette.responses import Response

from identity.oauth.authlib_adapter.errors import OAuth2Error

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
JSON = "application/json"


def json_response(content: dict[str, Any], status: int = 200) -> Response:
    """A JSON answer with a secret in it."""
    return Response(orjson.dumps(content), status, headers=NO_STORE, media_type=JSON)


def error_response(error: OAuth2Error) -> Response:
    """An error of the token, revocation, introspection or pushed request endpoint (RFC 6749 §5.2)."""
    response = json_response(body_of(error), error.status_code)
    if error.error == "invalid_client":
        response.headers["WWW-Authenticate"] = 'Basic realm="oauth2", charset="UTF-8"'
    if error.status_code == 503:
        response.headers["Retry-After"] = "1"
    return response


def bearer_error_response(error: OAuth2Error, *, scheme: str = "Bearer") -> Response:
    """An error of a resource that an access token protects (RFC 6750 §3)."""
    response = json_response(body_of(error), error.status_code)
    description = error.get_error_description()
    response.headers["WWW-Authenticate"] = f'{scheme} error="{error.error}", error_description="{description}"'
    return response


def bearer_challenge() -> Response:
    """To whoever brought no access token at all: only that one is needed, no error code (RFC 6750 §3.1)."""
    return Response(status_code=401, headers={**NO_STORE, "WWW-Authenticate": "Bearer"})


def body_of(error: OAuth2Error) -> dict[str, str]:
    """`error` and `error_description`."""
    return {"error": error.error, "error_description": error.get_error_description()}
