"""What may be registered: RFC 7591 §2, RFC 8252 §7, RFC 9700 §4.1.3."""

from typing import Any

import pytest

from chassis.kernel.errors import FieldError
from identity.clients.metadata import columns_of, with_defaults
from identity.clients.rules import matches_redirect, problems_of, uri_problem
from identity.clients.scopes import ROLES_THAT_HOLD, allowed_to_roles, split

EC = {"kty": "EC", "crv": "P-256", "x": "x" * 43, "y": "y" * 43}


@pytest.mark.parametrize(
    ("uri", "native", "loopback_allowed", "good"),
    [
        ("https://app.example/callback", False, False, True),
        ("https://app.example/callback?tenant=7", False, False, True),
        ("http://localhost:9999/callback?tenant=7", False, True, True),
        ("http://127.0.0.1/callback", False, True, True),
        ("http://[::1]:80/callback", False, True, True),
        ("http://localhost/callback", False, False, False),
        ("http://localhost/callback", True, False, True),
        ("http://app.example/callback", True, True, False),
        ("com.example.app:/callback", True, False, True),
        ("com.example.app:/callback", False, False, False),
        ("javascript:alert(1)", True, True, False),
        ("data:text/html,x", True, True, False),
        ("https://app.example/#fragment", False, False, False),
        ("https://*.app.example/", False, False, False),
        ("https://user@app.example/", False, False, False),
        ("https://app.example;script-src*/", False, False, False),
        ("https://app.example,evil.example/", False, False, False),
        ("https://app.example/é", False, False, False),
        ("https://app.example/ x", False, False, False),
        ("https://", False, False, False),
        ("https://app.example:port/", False, False, False),
        ("/callback", False, False, False),
        ("", False, False, False),
    ],
)
def test_redirect_uris(uri: str, native: bool, loopback_allowed: bool, good: bool) -> None:
    assert (uri_problem(uri, native=native, loopback_allowed=loopback_allowed) is None) is good


@pytest.mark.parametrize(
    ("requested", "native", "matches"),
    [
        ("http://127.0.0.1/callback", False, True),
        ("http://127.0.0.1:5000/callback", False, False),
        ("http://127.0.0.1:5000/callback", True, True),
        ("http://127.0.0.1:5000/callback?x", True, False),
        ("http://localhost:5000/callback", True, False),
        ("http://user@127.0.0.1:5000/callback", True, False),
        ("http://127.0.0.1:x/callback", True, False),
    ],
)
def test_matching_is_exact_but_for_a_native_loopback_port(requested: str, native: bool, matches: bool) -> None:
    assert matches_redirect(requested, ["http://127.0.0.1/callback"], native=native) is matches


def problems(**sent: Any) -> list[FieldError]:
    """What is wrong with a registration that sends this."""
    complete = with_defaults(columns_of({"client_name": "x", "redirect_uris": ["https://a.example/"], **sent}))
    return problems_of(complete, loopback_allowed=False)


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"redirect_uris": []}, "/redirect_uris"),
        ({"redirect_uris": ["https://a.example/", "http://b.example/"]}, "/redirect_uris/1"),
        ({"post_logout_redirect_uris": ["http://b.example/"]}, "/post_logout_redirect_uris/0"),
        ({"backchannel_logout_uri": "http://b.example/"}, "/backchannel_logout_uri"),
        ({"grant_types": []}, "/grant_types"),
        ({"grant_types": ["refresh_token"]}, "/grant_types"),
        ({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"}, "/grant_types"),
        ({"scope": "openid unheard:of"}, "/scope"),
        ({"scope": "internal"}, "/scope"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "/jwks"),
        ({"jwks": {}}, "/jwks/keys"),
        ({"jwks": {"keys": []}}, "/jwks/keys"),
        ({"jwks": {"keys": [{"kty": "oct", "k": "x"}]}}, "/jwks/keys/0"),
        ({"jwks": {"keys": [{**EC, "d": "secret"}]}}, "/jwks/keys/0"),
        ({"jwks": {"keys": [{**EC, "crv": "P-521"}]}}, "/jwks/keys/0"),
        ({"jwks": {"keys": [{"kty": "RSA", "n": "x" * 342, "e": "AQAB", "alg": "RS256"}]}}, "/jwks/keys/0"),
        ({"jwks": {"keys": [{"kty": "RSA", "n": "x" * 171, "e": "AQAB"}]}}, "/jwks/keys/0"),
        ({"jwks": {"keys": [{**EC, "use": "enc"}]}}, "/jwks/keys/0"),
        ({"jwks": {"keys": ["key"]}}, "/jwks/keys/0"),
        ({"policy_uri": "javascript:alert(1)"}, "/policy_uri"),
    ],
)
def test_what_is_refused_and_where(sent: dict[str, Any], pointer: str) -> None:
    assert pointer in [problem.pointer for problem in problems(**sent)]


@pytest.mark.parametrize(
    "key",
    [
        EC,
        {**EC, "alg": "ES256", "use": "sig"},
        {"kty": "OKP", "crv": "Ed25519", "x": "x" * 43, "alg": "Ed25519"},
        {"kty": "OKP", "crv": "Ed25519", "x": "x" * 43, "alg": "EdDSA"},
        {"kty": "RSA", "n": "x" * 342, "e": "AQAB", "alg": "PS256"},
    ],
)
def test_the_keys_that_are_accepted(key: dict[str, Any]) -> None:
    assert problems(token_endpoint_auth_method="private_key_jwt", jwks={"keys": [key]}) == []


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        ("member", {"catalog:read"}),
        ("buyer", {"catalog:read", "orders:read", "orders:write", "payment_methods:write"}),
        ("license_manager", {"catalog:read", "licenses:read", "licenses:write", "entitlements:read"}),
        ("operator", {"operator:read", "operator:write"}),
        ("support", {"operator:read"}),
        ("auditor", {"operator:read"}),
    ],
)
def test_who_holds_which_scope(role: str, scopes: set[str]) -> None:
    """The table of the contract; a license manager never sees payment data."""
    assert set(allowed_to_roles(ROLES_THAT_HOLD, [role])) == scopes


def test_an_owner_holds_everything_but_the_operator_s() -> None:
    everything = {scope for scope in ROLES_THAT_HOLD if not scope.startswith("operator:")}
    assert set(allowed_to_roles(ROLES_THAT_HOLD, ["owner"])) == everything


def test_scopes_are_split_by_blanks_each_once() -> None:
    """RFC 6749 §3.3."""
    assert split("a b a") == ("a", "b")
    assert split("") == split(None) == split("  ") == ()
