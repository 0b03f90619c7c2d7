"""The keys that clients sign with: which algorithms are taken, and which one fits a key. Pure."""

from collections.abc import Mapping
from typing import Any

CLIENT_KEY_ALGORITHMS = ("ES256", "PS256", "Ed25519")
"""Never RS256 or HS256: FAPI 2.0 Security Profile §5.4."""

PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})


def algorithm_of(key: Mapping[str, Any]) -> str | None:
    """The one algorithm that a client's key signs with here."""
    match key.get("kty"), key.get("crv"):
        case "EC", "P-256":
            return "ES256"
        case "OKP", "Ed25519":
            return "Ed25519"
        case "RSA", _:
            return "PS256"
        case _:
            return None
