"""Which passwords are taken (NIST SP 800-63B-4, 3.1.1.2)."""

import pytest

from identity.accounts.rules import password_refusal, words_around
from identity.accounts.set_password import common_passwords

WORDS = words_around(
    email="anna.harbour@muster.example", name="Anna Harbour", brand_names=["Portico", "Portico App Portal"]
)


@pytest.mark.parametrize(
    ("password", "has_second_factor", "refusal"),
    [
        ("a quiet harbour at dawn", False, None),
        ("fourteen chars", False, "too_short"),
        ("fifteen charact", False, None),
        ("seven c", True, "too_short"),
        ("eight ch", True, None),
        ("x7" * 512, False, "too_common"),
        ("quiet harbour at dawn, " * 60, False, "too_long"),
        ("aaaaaaaaaaaaaaaaaaaa", False, "too_common"),
        ("abcdabcdabcdabcd", False, "too_common"),
        ("passwordpassword", False, "too_common"),
        ("Password12345678", False, "too_common"),
        ("123456789012345", False, "too_common"),
        ("password", True, "too_common"),
        ("annaharbour12345", False, "too_close_to_you"),
        ("anna.harbour@muster.example", False, "too_close_to_you"),
        ("PorticoPortico123", False, "too_close_to_you"),
        ("portico in the morning sun", False, None),
        ("пароль из многих слов", False, None),
    ],
)
def test_passwords(password: str, has_second_factor: bool, refusal: str | None) -> None:
    found = password_refusal(
        password, has_second_factor=has_second_factor, context_words=WORDS, common=common_passwords()
    )
    assert found == refusal
