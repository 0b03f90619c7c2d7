"""RFC 6238 appendix B and RFC 4226 appendix D, and what we add."""

import pytest

from identity.mfa.rules import (
    base32,
    code_at,
    matching_step,
    new_recovery_codes,
    provisioning_uri,
    recovery_digest,
    tidy,
)

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("counter", "code"),
    list(
        enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])
    ),
)
def test_the_codes_of_rfc_4226(counter: int, code: str) -> None:
    assert code_at(SECRET, counter) == code


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_of_rfc_6238(seconds: int, code: str) -> None:
    assert matching_step(SECRET, code, now=seconds, last_step=0) == seconds // 30


def test_a_neighbouring_step_counts_and_a_farther_one_does_not() -> None:
    now = 1_000_000
    for offset, counts in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        code = code_at(SECRET, (now + offset) // 30)
        assert (matching_step(SECRET, code, now=now, last_step=0) is not None) is counts


def test_a_code_counts_once() -> None:
    step = 40_000
    code = code_at(SECRET, step)
    assert matching_step(SECRET, code, now=step * 30, last_step=step - 1) == step
    assert matching_step(SECRET, code, now=step * 30, last_step=step) is None


@pytest.mark.parametrize("code", ["", "12345", "0000000", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(SECRET, code, now=59, last_step=0) is None


def test_recovery_codes_are_ten_different_ones_however_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert recovery_digest(codes[0]) == recovery_digest(f" {codes[0].upper().replace('-', ' ')} ")
    assert recovery_digest(codes[0]) != recovery_digest(codes[1])


def test_authenticators_can_read_the_address() -> None:
    uri = provisioning_uri(SECRET, issuer="Portico & Söhne", email="anna@muster.example")
    assert uri.startswith("otpauth://totp/Portico%20%26%20S%C3%B6hne:anna@muster.example?secret=")
    assert base32(SECRET) in uri
    assert tidy(" 123 456 ") == "123456"
