"""What may be registered as an OAuth client, by RFC 7591, RFC 8252 and OpenID Connect Dynamic Registration."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from chassis.kernel.client_keys import CLIENT_KEY_ALGORITHMS, PRIVATE_MEMBERS, algorithm_of
from chassis.kernel.errors import FieldError
from identity.clients.scopes import REGISTRABLE_SCOPES

GRANT_TYPES = ("authorization_code", "refresh_token", "client_credentials")
SECRET_METHODS = ("client_secret_basic", "client_secret_post")
AUTH_METHODS = (*SECRET_METHODS, "private_key_jwt", "none")
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
DANGEROUS_SCHEMES = frozenset({"javascript", "data", "file", "vbscript", "blob", "about", "ws", "wss", "ftp"})
SMALLEST_RSA_MODULUS = 342
"""Base64url characters of a 2048-bit modulus."""


def problems_of(metadata: Mapping[str, Any], *, loopback_allowed: bool) -> list[FieldError]:
    """Everything that is wrong with a client's metadata; empty when it may be registered."""
    native = metadata["application_type"] == "native"
    return [
        *_problems_of_redirects(metadata, native=native, loopback_allowed=loopback_allowed),
        *_problems_of_grants(metadata),
        *_problems_of_scopes(metadata["scopes"]),
        *_problems_of_backchannel(metadata["backchannel_logout_uri"], loopback_allowed=loopback_allowed),
        *_problems_of_keys(metadata),
        *_problems_of_links(metadata["about"]),
    ]


def uri_problem(uri: str, *, native: bool, loopback_allowed: bool) -> str | None:
    """Why `uri` cannot be a redirect URI; None when it can (RFC 6749 §3.1.2, RFC 8252 §7)."""
    if not uri or not uri.isascii() or any(character <= " " or character in '"<>\\^`{|}' for character in uri):
        return "contains characters that a URI cannot contain"
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return "cannot be read as a URI"
    if "#" in uri:
        return "must not have a fragment"
    if any(sign in parts.netloc for sign in ";,'"):
        return "must name a host without signs that none has"
    if "*" in parts.netloc or "@" in parts.netloc:
        return "must name one host, without wildcard or user"
    match parts.scheme:
        case "https":
            return None if parts.hostname else "names no host"
        case "http":
            loopback = parts.hostname in LOOPBACK_HOSTS and (loopback_allowed or native)
            return None if loopback else "must use https"
        case scheme if native and scheme and scheme not in DANGEROUS_SCHEMES:
            return None
        case _:
            return "must use https"


def matches_redirect(requested: str, registered: Iterable[str], *, native: bool) -> bool:
    """Whether `requested` is one of the registered URIs, character by character (RFC 9700 §4.1.3).

    A native application's loopback URI may name any port, because the system chooses it (RFC 8252 §7.3).
    """
    registered = tuple(registered)
    if requested in registered:
        return True
    wanted = _without_loopback_port(requested) if native else None
    return wanted is not None and wanted in {_without_loopback_port(uri) for uri in registered}


def _without_loopback_port(uri: str) -> str | None:
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or parts.hostname not in LOOPBACK_HOSTS or "@" in parts.netloc:
        return None
    netloc = parts.netloc.removesuffix(f":{port}") if port is not None else parts.netloc
    return parts._replace(netloc=netloc).geturl()


def _problems_of_redirects(
    metadata: Mapping[str, Any], *, native: bool, loopback_allowed: bool
) -> Iterator[FieldError]:
    if "authorization_code" in metadata["grant_types"] and not metadata["redirect_uris"]:
        yield FieldError("/redirect_uris", "invalid_redirect_uri", "Name at least one redirect URI.")
    for field in ("redirect_uris", "post_logout_redirect_uris"):
        for index, uri in enumerate(metadata[field]):
            why = uri_problem(uri, native=native, loopback_allowed=loopback_allowed)
            if why:
                yield FieldError(f"/{field}/{index}", "invalid_redirect_uri", f"The URI {why}.")


def _problems_of_grants(metadata: Mapping[str, Any]) -> Iterator[FieldError]:
    method = metadata["token_endpoint_auth_method"]
    grants = metadata["grant_types"]
    if not grants:
        yield FieldError("/grant_types", "invalid_client_metadata", "Name at least one grant type.")
    if method == "none" and "client_credentials" in grants:
        detail = "A client without credentials cannot use client_credentials."
        yield FieldError("/grant_types", "invalid_client_metadata", detail)
    if "refresh_token" in grants and "authorization_code" not in grants:
        detail = "refresh_token needs authorization_code beside it."
        yield FieldError("/grant_types", "invalid_client_metadata", detail)


def _problems_of_scopes(scopes: Iterable[str]) -> Iterator[FieldError]:
    unknown = [scope for scope in scopes if scope not in REGISTRABLE_SCOPES]
    if unknown:
        yield FieldError("/scope", "invalid_client_metadata", "There is no such scope among those asked for.")


def _problems_of_backchannel(uri: str | None, *, loopback_allowed: bool) -> Iterator[FieldError]:
    if uri is None:
        return
    why = uri_problem(uri, native=False, loopback_allowed=loopback_allowed)
    if why:
        yield FieldError("/backchannel_logout_uri", "invalid_client_metadata", f"The URI {why}.")


def _problems_of_keys(metadata: Mapping[str, Any]) -> Iterator[FieldError]:
    jwks = metadata["jwks"]
    if metadata["token_endpoint_auth_method"] == "private_key_jwt" and not jwks:
        yield FieldError("/jwks", "invalid_client_metadata", "private_key_jwt needs the client's public keys.")
    if jwks is None:
        return
    keys = jwks.get("keys")
    if not isinstance(keys, list) or not keys or len(keys) > 10:
        yield FieldError("/jwks/keys", "invalid_client_metadata", "Give one to ten keys.")
        return
    for index, key in enumerate(keys):
        why = _key_problem(key)
        if why:
            yield FieldError(f"/jwks/keys/{index}", "invalid_client_metadata", f"The key {why}.")


def _problems_of_links(about: Mapping[str, Any]) -> Iterator[FieldError]:
    """People click on these."""
    for field in ("client_uri", "logo_uri", "policy_uri", "tos_uri"):
        uri = about.get(field)
        why = uri_problem(uri, native=False, loopback_allowed=True) if uri else None
        if why:
            yield FieldError(f"/{field}", "invalid_client_metadata", f"The URI {why}.")


def _key_problem(key: Any) -> str | None:
    if not isinstance(key, dict):
        return "is not a JSON Web Key"
    if PRIVATE_MEMBERS & key.keys():
        return "must be public: send no private part"
    algorithm = algorithm_of(key)
    if algorithm is None or key.get("alg") not in (None, algorithm, "EdDSA" if algorithm == "Ed25519" else algorithm):
        return f"must be for one of {', '.join(CLIENT_KEY_ALGORITHMS)}"
    if key.get("use") not in (None, "sig"):
        return "is not for signatures"
    if algorithm == "PS256" and len(str(key.get("n", ""))) < SMALLEST_RSA_MODULUS:
        return "must have at least 2048 bits"
    return None
