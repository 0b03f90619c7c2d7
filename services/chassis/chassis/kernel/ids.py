"""Typed, sortable identifiers: a prefix and a UUIDv7 in lower-case Crockford base 32 (`sub_01k…`)."""

import base64
import os
import time
import uuid

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
BODY_LENGTH = 26
RFC_4648 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
IN_OUR_LETTERS = bytes.maketrans(RFC_4648, ALPHABET.encode())


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, section 5.7): 48 bits of milliseconds, then randomness."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10))
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= ((random_bits >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random_bits & 0x3FFF_FFFF_FFFF_FFFF
    return uuid.UUID(int=value)


def encode(value: uuid.UUID) -> str:
    """Write a UUID as 26 characters that sort like the UUID itself."""
    letters = base64.b32encode(value.int.to_bytes(20)).translate(IN_OUR_LETTERS)
    return letters[-BODY_LENGTH:].decode()


def new_id(prefix: str) -> str:
    """Mint an identifier of the kind that `prefix` names, later ones sorting after earlier ones."""
    return f"{prefix}_{encode(uuid7())}"


def is_id(text: str, prefix: str) -> bool:
    """Tell whether `text` has the form of an identifier of that kind."""
    head, _, body = text.rpartition("_")
    return head == prefix and len(body) == BODY_LENGTH and all(letter in ALPHABET for letter in body)
