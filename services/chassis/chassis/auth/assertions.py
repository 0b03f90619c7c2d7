"""Signed statements of clients: assertions that prove who they are (RFC 7523), proofs of a key (RFC 9449)."""

from base64 import urlsafe_b64decode
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from chassis.kernel.client_keys import CLIENT_KEY_ALGORITHMS, algorithm_of

LONGEST_ASSERTION = 8 * 1024
LONGEST_JTI = 256
ACCEPTED_NAMES = {"Ed25519": ("Ed25519", "EdDSA")}
"""Older libraries name the algorithm of an Ed25519 key `EdDSA`; RFC 9864 gave it its own name."""


class StrictRegistry(JWSRegistry):
    """Long headers are fine (a proof carries its key), `crit` and unknown algorithms are not."""

    max_header_length = 4096
    strict_check_header = False


class BadAssertion(ValueError):
    """The statement does not hold."""


def read_unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a compact JWS before its signature is checked. Raises BadAssertion."""
    try:
        head, body, _ = token.split(".")
        if len(token) > LONGEST_ASSERTION:
            raise BadAssertion("too long")
        header, claims = orjson.loads(_decoded(head)), orjson.loads(_decoded(body))
    except ValueError as error:
        raise BadAssertion("not a JWT") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise BadAssertion("not a JWT")
    return header, claims


def verify_signature(token: str, header: dict[str, Any], jwk: dict[str, Any]) -> None:
    """Check the signature with one public key and the one algorithm that fits it. Raises BadAssertion."""
    algorithm = algorithm_of(jwk)
    stated = header.get("alg")
    if algorithm not in CLIENT_KEY_ALGORITHMS or stated not in ACCEPTED_NAMES.get(algorithm, (algorithm,)):
        raise BadAssertion("the algorithm is not accepted")
    if "crit" in header:
        raise BadAssertion("critical headers are not understood")
    try:
        registry = StrictRegistry(algorithms=[stated])
        jws.deserialize_compact(token, import_public(jwk), algorithms=[stated], registry=registry)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BadAssertion("the signature does not hold") from error


def import_public(jwk: dict[str, Any]) -> ECKey | OKPKey | RSAKey:
    """The key object of a public JWK; members that do not matter for the key are left out."""
    match jwk.get("kty"):
        case "EC":
            return ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
        case "OKP":
            return OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")})
        case "RSA":
            return RSAKey.import_key({name: jwk[name] for name in ("kty", "n", "e")})
        case _:
            raise BadAssertion("the kind of key is not accepted")


def instant_of(claims: dict[str, Any], name: str) -> float | None:
    """A NumericDate claim, or None; raises BadAssertion when it is something else."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11:
        raise BadAssertion(f"{name} is not an instant")
    return float(value)


def jti_of(claims: dict[str, Any]) -> str:
    """The identifier that makes a statement good for one use only. Raises BadAssertion."""
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI or not jti.isprintable():
        raise BadAssertion("jti is missing")
    return jti


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
