"""One spelling for every e-mail address."""

import pytest

from chassis.kernel.emails import InvalidEmail, email_as_asked, normalize_email, readable_email, spellings_of_part

SPELLINGS = [
    (" Jane@Example.EU ", "jane@example.eu"),
    ("zoe\u0301@x.eu", "zo\u00e9@x.eu"),
    ("jörg@MÜLLER.de", "jörg@xn--mller-kva.de"),
    ("jörg@mu\u0308ller.de", "jörg@xn--mller-kva.de"),
    ("jörg@xn--mller-kva.de", "jörg@xn--mller-kva.de"),
    ("a@faß.de", "a@xn--fa-hia.de"),
    ("a@σίγμας.gr", "a@xn--kxaef0b5ab.gr"),
    ("x@例え。jp", "x@xn--r8jz45g.jp"),
]


@pytest.mark.parametrize(("typed", "stored"), SPELLINGS)
def test_every_way_to_write_an_address_is_stored_in_one(typed: str, stored: str) -> None:
    assert normalize_email(typed) == stored
    assert normalize_email(stored) == stored
    assert email_as_asked(typed) == stored


@pytest.mark.parametrize("text", ["", "a", "a@b", "a@x..eu", "a@x.eu.", ".a@x.eu", "a b@x.eu", f"a@{'ä' * 70}.de"])
def test_what_is_no_address_is_refused_and_asked_for_as_it_stands(text: str) -> None:
    with pytest.raises(InvalidEmail):
        normalize_email(text)
    assert email_as_asked(text) == text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("MÜLLER", ["müller", "xn--mller-kva"]),
        ("@müller.de", ["@müller.de", "@xn--mller-kva.de"]),
        ("zoe\u0301@", ["zo\u00e9@"]),
        ("x.e", ["x.e"]),
        (".eu", [".eu"]),
        ("", [""]),
    ],
)
def test_a_part_is_looked_for_as_it_stands_and_as_a_domain(typed: str, stored: list[str]) -> None:
    assert spellings_of_part(typed) == stored


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("jörg@xn--mller-kva.de", "jörg@müller.de"),
        ("a@mail.xn--fa-hia.de", "a@mail.faß.de"),
        ("jane@example.eu", "jane@example.eu"),
        ("a@xn--999999999.de", "a@xn--999999999.de"),
        ("a@xn--abc.de", "a@xn--abc.de"),
        ("nobody", "nobody"),
    ],
)
def test_a_stored_address_is_shown_in_letters(stored: str, shown: str) -> None:
    assert readable_email(stored) == shown
