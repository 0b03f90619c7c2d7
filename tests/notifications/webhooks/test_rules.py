"""Filters, ownership, signatures and the guard against calling our own network."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from notifications.webhooks.guard import NotAllowed, Policy, check_url, resolve
from notifications.webhooks.rules import (
    EVENT_TYPES,
    RETRY_SECONDS,
    is_known_filter,
    is_refusal,
    next_attempt,
    organization_of,
    wanted_filters,
)
from notifications.webhooks.sealing import Seal
from notifications.webhooks.signing import new_secret, signature_headers

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PRODUCTION = Policy(needs_https=True, allows_private=False)
DEVELOPMENT = Policy(needs_https=False, allows_private=True)


def test_an_event_matches_itself_its_families_and_everything() -> None:
    assert wanted_filters("shop.order.paid.v1") == ["shop.order.paid.v1", "shop.*", "shop.order.*", "*"]


@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        ("*", True),
        ("shop.*", True),
        ("shop.order.*", True),
        ("shop.order.paid.v1", True),
        ("shop.order.lost.v1", False),
        ("identity.account.activated.v1", False),
        ("s*", False),
    ],
)
def test_only_filters_that_match_a_public_event_are_known(text: str, is_known: bool) -> None:
    assert is_known_filter(text) is is_known


def test_no_event_about_accounts_or_entitlements_is_public() -> None:
    assert not [name for name in EVENT_TYPES if ".account." in name or ".entitlement." in name or ".session." in name]


@pytest.mark.parametrize(
    ("data", "organization_id"),
    [
        ({"organization_id": "org_1"}, "org_1"),
        ({"order": {"organization_id": "org_2"}}, "org_2"),
        ({"assignment": {"organization_id": "org_3"}, "organization": {"id": "org_x"}}, "org_3"),
        ({"organization": {"id": "org_4"}}, "org_4"),
        ({"product_code": "manual"}, None),
    ],
)
def test_an_event_tells_whose_it_is(data: dict, organization_id: str | None) -> None:  # type: ignore[type-arg]
    assert organization_of(data) == organization_id


@pytest.mark.parametrize(("status", "expected"), [(400, True), (404, True), (429, False), (500, False), (None, False)])
def test_a_refusal_is_an_answer_that_another_try_will_not_change(status: int | None, expected: bool) -> None:
    assert is_refusal(status) is expected


def test_deliveries_are_tried_for_about_two_days() -> None:
    waits = [next_attempt(attempts, NOW) for attempts in range(1, len(RETRY_SECONDS) + 1)]

    assert all(wait is not None for wait in waits)
    assert timedelta(days=2) < timedelta(seconds=sum(RETRY_SECONDS)) < timedelta(days=3)
    assert next_attempt(len(RETRY_SECONDS) + 1, NOW) is None


def test_the_signature_is_the_one_of_the_specification() -> None:
    """The example of the Standard Webhooks specification."""
    headers = signature_headers(
        keys=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        event_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        sent_at=datetime.fromtimestamp(1614265330, UTC),
        body=b'{"test": 2432232314}',
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


def test_secrets_are_long_and_sealed_with_a_key_that_can_be_replaced() -> None:
    secret = new_secret()
    old = Seal("old key")

    sealed = old.close(secret)

    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret not in sealed
    assert Seal("new key, old key").open(sealed) == secret


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/h",
        "https://127.0.0.1/h",
        "https://[::1]/h",
        "https://10.0.0.8/h",
        "https://192.168.1.1/h",
        "https://172.16.0.1/h",
        "https://100.64.0.1/h",
        "https://169.254.169.254/latest",
        "https://[::ffff:10.0.0.1]/h",
        "https://[fd00::1]/h",
        "https://0.0.0.0/h",
        "https://224.0.0.1/h",
        "https://user@partner.example/h",
        "https://partner.example/h#x",
        "https:///h",
        "file:///etc/passwd",
    ],
)
def test_production_never_calls_into_private_networks(url: str) -> None:
    with pytest.raises(NotAllowed):
        check_url(url, PRODUCTION)


def test_production_calls_public_addresses_by_https() -> None:
    assert check_url("https://93.184.215.14:8443/h", PRODUCTION).hostname == "93.184.215.14"


async def test_a_name_that_leads_to_a_private_address_is_refused_when_it_is_called() -> None:
    with pytest.raises(NotAllowed):
        await resolve("https://localhost/h", PRODUCTION)


async def test_development_may_call_loopback_and_connects_to_the_checked_address() -> None:
    target = await resolve("http://localhost:9000/h?x=1", DEVELOPMENT)

    assert target.url == "http://127.0.0.1:9000/h?x=1"
    assert target.host == "localhost:9000"


def test_not_even_development_calls_the_metadata_address() -> None:
    with pytest.raises(NotAllowed):
        check_url("http://169.254.169.254/latest", DEVELOPMENT)
