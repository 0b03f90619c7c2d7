"""The errors of OAuth 2.0, OpenID Connect and their extensions, as they are raised in this package.

Descriptions are always our own fixed sentences: Authlib turns a description with a character outside of RFC 6749's
set into a ValueError, so nothing that a client sent is ever quoted.
"""

from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.rfc6749.errors import (
    AccessDeniedError,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    UnauthorizedClientError,
)
from authlib.oidc.core.errors import (
    AccountSelectionRequiredError,
    ConsentRequiredError,
    InvalidRequestURIError,
    LoginRequiredError,
    RegistrationNotSupportedError,
    RequestNotSupportedError,
    RequestURINotSupportedError,
)

__all__ = [
    "AccessDeniedError",
    "AccountSelectionRequiredError",
    "ConsentRequiredError",
    "InsufficientScopeError",
    "InvalidClientError",
    "InvalidDpopProofError",
    "InvalidGrantError",
    "InvalidRequestError",
    "InvalidRequestURIError",
    "InvalidScopeError",
    "InvalidTargetError",
    "InvalidTokenError",
    "LoginRequiredError",
    "OAuth2Error",
    "RegistrationNotSupportedError",
    "RequestNotSupportedError",
    "RequestURINotSupportedError",
    "ServerBusyError",
    "UnauthorizedClientError",
    "UnsupportedGrantTypeError",
    "UnsupportedResponseTypeError",
]


class InvalidClientError(OAuth2Error):
    """The client is unknown, or did not prove who it is (RFC 6749 §5.2): 401 whatever it tried."""

    error = "invalid_client"
    description = "The client is unknown or its credentials are not right."
    status_code = 401


class UnsupportedGrantTypeError(OAuth2Error):
    """RFC 6749 §5.2."""

    error = "unsupported_grant_type"
    description = "This grant type is not supported."


class UnsupportedResponseTypeError(OAuth2Error):
    """RFC 6749 §4.1.2.1."""

    error = "unsupported_response_type"
    description = "The only response_type is code."


class InvalidTargetError(OAuth2Error):
    """The resource is not one that this server issues tokens for (RFC 8707 §2)."""

    error = "invalid_target"
    description = "There is no such resource here."


class InvalidTokenError(OAuth2Error):
    """The access token is malformed, expired or revoked (RFC 6750 §3.1)."""

    error = "invalid_token"
    description = "The access token is not valid."
    status_code = 401


class InsufficientScopeError(OAuth2Error):
    """The access token does not cover this (RFC 6750 §3.1)."""

    error = "insufficient_scope"
    description = "The access token lacks the scope openid."
    status_code = 403


class InvalidDpopProofError(OAuth2Error):
    """The DPoP proof is missing or does not hold (RFC 9449 §5)."""

    error = "invalid_dpop_proof"
    description = "The DPoP proof is not valid."


class ServerBusyError(OAuth2Error):
    """RFC 6749 §4.1.2.1."""

    error = "temporarily_unavailable"
    description = "Try again in a moment."
    status_code = 503
