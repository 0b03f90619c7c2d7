"""The signing keys as the running service holds them: ready to sign, ready to verify, the key set ready to send."""

from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

SIGNING_ALGORITHM = "ES256"


class UnknownToken(ValueError):
    """Not a token of ours: malformed, of another kind, or with a signature that does not hold."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key that signs now."""

    kid: str
    algorithm: str
    key: ECKey | RSAKey


class KeyRing:
    """The keys in use. `replace` swaps all of them at once after a rotation."""

    def __init__(self) -> None:
        self._signing: dict[str, SigningKey] = {}
        self._known: dict[str, tuple[str, ECKey | RSAKey]] = {}
        self.jwks = b'{"keys":[]}'

    def replace(
        self,
        *,
        signing: Iterable[SigningKey],
        public: Mapping[str, dict[str, Any]],
        known: Mapping[str, dict[str, Any]],
    ) -> None:
        """Take `signing` for new tokens, publish the `public` JWKs, verify with all `known` ones (both by kid)."""
        self._signing = {key.algorithm: key for key in signing}
        self._known = {kid: (jwk["alg"], _imported(jwk)) for kid, jwk in known.items()}
        self.jwks = orjson.dumps({"keys": list(public.values())})

    def sign(self, claims: dict[str, Any], *, typ: str, algorithm: str = SIGNING_ALGORITHM) -> str:
        """A compact JWS of `claims` by the active key of `algorithm`."""
        signer = self._signing[algorithm]
        header = {"alg": algorithm, "typ": typ, "kid": signer.kid}
        return jwt.encode(header, claims, signer.key, algorithms=[algorithm])

    def verify(self, token: str, *, typ: str) -> dict[str, Any]:
        """The claims of a token of ours, whatever its age. Raises UnknownToken; the caller judges `exp` and `aud`."""
        try:
            header = _header_of(token)
            algorithm, key = self._known[header["kid"]]
            if header.get("typ", "JWT").lower() != typ.lower():
                raise UnknownToken("another kind of token")
            return dict(jwt.decode(token, key, algorithms=[algorithm]).claims)
        except (JoseError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise UnknownToken("not a token of ours") from error

    @property
    def public_keys(self) -> KeySet:
        """The published keys, for a verifier inside this process."""
        return KeySet.import_key_set(orjson.loads(self.jwks))


def _header_of(token: str) -> dict[str, Any]:
    head = token.split(".", 1)[0]
    if len(head) > 1024:
        raise UnknownToken("the header is too long")
    header = orjson.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    if not isinstance(header, dict) or not isinstance(header.get("kid"), str):
        raise UnknownToken("no key is named")
    return header


def _imported(jwk: dict[str, Any]) -> ECKey | RSAKey:
    return ECKey.import_key(jwk) if jwk["kty"] == "EC" else RSAKey.import_key(jwk)
