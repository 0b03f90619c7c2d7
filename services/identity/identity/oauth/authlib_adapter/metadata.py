"""The provider's metadata, checked by Authlib against the registries before anybody reads it."""

from typing import Any

from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.discovery import OpenIDProviderMetadata
from authlib.oidc.rpinitiated.discovery import OpenIDProviderMetadata as LogoutMetadata


def checked(document: dict[str, Any]) -> dict[str, Any]:
    """The same document. Raises ValueError when it breaks RFC 8414, OIDC Discovery or RP-Initiated Logout."""
    AuthorizationServerMetadata(document).validate()
    OpenIDProviderMetadata(document).validate(metadata_classes=[LogoutMetadata])
    return document
