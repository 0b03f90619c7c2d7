"""Time-based one-time passwords (RFC 6238: SHA-1, 30 s, 6 digits) and recovery codes. Pure."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
STEPS_AROUND = 1
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
RECOVERY_LENGTH = 12


def new_secret() -> bytes:
    """160 random bits, the length of the hash (RFC 4226, section 4)."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """The six digits of a time step (RFC 4226, section 5.3)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, code: str, *, now: float, last_step: int) -> int | None:
    """The step that `code` belongs to: the present one or a neighbour, and later than the last one used.

    `now` is the real time in seconds of the epoch. A code counts once (RFC 6238, section 5.2).
    """
    present = int(now) // STEP_SECONDS
    for step in range(present - STEPS_AROUND, present + STEPS_AROUND + 1):
        if step > last_step and hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def base32(secret: bytes) -> str:
    """The secret as authenticator applications take it when typed."""
    return base64.b32encode(secret).decode().rstrip("=")


def provisioning_uri(secret: bytes, *, issuer: str, email: str) -> str:
    """The `otpauth:` address that authenticator applications read."""
    label = quote(f"{issuer}:{email}", safe=":@")
    query = urlencode({"secret": base32(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS})
    return f"otpauth://totp/{label}?{query}"


def new_recovery_codes() -> list[str]:
    """Ten codes of 60 random bits, written in groups of four."""
    return [
        "-".join("".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(4)) for _ in range(RECOVERY_LENGTH // 4))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_digest(code: str) -> bytes:
    """What is stored of a recovery code, however it is typed."""
    bare = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(bare.encode()).digest()


def tidy(code: str) -> str:
    """A code without the blanks people type."""
    return "".join(code.split())
