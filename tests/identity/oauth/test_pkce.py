"""Proof Key for Code Exchange: RFC 7636, with RFC 9700 §2.1.1 (S256 only, no downgrade)."""

import pytest

from tests.harness.service import RunningService
from tests.identity.people import active
from tests.identity.provider import a_browser, an_app, ask


@pytest.mark.parametrize(
    "verifier",
    [None, "x" * 43, "short", "x" * 129, "not allowed: blanks and ünïcödé" * 2],
    ids=["missing", "wrong", "too-short", "too-long", "malformed"],
)
async def test_a_code_needs_its_verifier(identity: RunningService, verifier: str | None) -> None:
    """RFC 7636 §4.6: otherwise invalid_grant."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity)
    asked = app.question()
    answer = await ask(browser, asked)

    refused = await app.redeem(asked, answer, code_verifier=verifier)

    assert refused.status_code == 400
    assert refused.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "too-short"},
        {"code_challenge": "ü" * 43},
    ],
    ids=["missing", "plain", "no-method", "malformed", "not-ascii"],
)
async def test_requests_without_a_good_challenge_are_refused(
    identity: RunningService, changes: dict[str, str | None]
) -> None:
    """RFC 7636 §4.4.1: invalid_request; `plain` is never accepted."""
    app = await an_app(identity)
    async with identity.anonymous() as browser:
        answer = await ask(browser, app.question(**changes))

    assert answer["error"] == "invalid_request"


async def test_a_client_may_be_registered_without_pkce(identity: RunningService) -> None:
    """For software that cannot do it: confidential clients only."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity, require_pkce=False)
    asked = app.question(code_challenge=None, code_challenge_method=None)

    tokens = await app.redeem(asked, await ask(browser, asked))

    assert tokens.status_code == 200


async def test_public_clients_cannot_do_without_pkce(identity: RunningService) -> None:
    """RFC 9700 §2.1.1."""
    app = await an_app(identity, require_pkce=False, token_endpoint_auth_method="none")
    async with identity.anonymous() as browser:
        answer = await ask(browser, app.question(code_challenge=None, code_challenge_method=None))

    assert answer["error"] == "invalid_request"


async def test_a_verifier_without_a_challenge_is_a_downgrade(identity: RunningService) -> None:
    """RFC 9700 §4.8.2."""
    browser = await a_browser(identity, await active(identity))
    app = await an_app(identity, require_pkce=False)
    asked = app.question(code_challenge=None, code_challenge_method=None)
    answer = await ask(browser, asked)

    refused = await app.redeem(asked, answer, code_verifier="x" * 50)

    assert refused.json()["error"] == "invalid_grant"
