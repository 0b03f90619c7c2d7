"""Addresses without tricks."""

import pytest

from gateway.paths import is_plain, own_path


@pytest.mark.parametrize(
    "path",
    [
        b"/api/../internal",
        b"/api/./x",
        b"/..",
        b"/api/%2e%2e/internal",
        b"/api/%2E%2E",
        b"/api%2finternal",
        b"/api%2Finternal",
        b"/api%5cinternal",
        b"/api\\internal",
        b"//evil.example",
        b"/api//v1",
        b"/api/%252e%252e/x",
        b"/api/\x00",
        b"/api/%00",
        b"/api/%0d%0aSet-Cookie",
        b"api",
        b"",
    ],
)
def test_a_path_that_two_readers_read_differently_is_not_taken(path: bytes) -> None:
    assert not is_plain(path)


@pytest.mark.parametrize(
    "path",
    [b"/", b"/api/v1/orders", b"/.well-known/openid-configuration", b"/a%20b", b"/caf%C3%A9", b"/x.json", b"/a/"],
)
def test_an_ordinary_path_is_taken(path: bytes) -> None:
    assert is_plain(path)


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/licenses?page=2#top", "/licenses?page=2#top"),
        ("/", "/"),
        (None, "/"),
        ("", "/"),
        ("licenses", "/"),
        ("//evil.example", "/"),
        ("//[", "/"),
        ("http://[", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/ok\r\nSet-Cookie: a=b", "/"),
        ("/bff/login", "/"),
        ("/" + "x" * 3000, "/"),
    ],
)
def test_going_on_never_leads_to_another_site(wanted: str | None, goes_to: str) -> None:
    assert own_path(wanted) == goes_to
