"""Only Stripe can call back: a table of signatures."""

from datetime import UTC, datetime, timedelta

import pytest

from shop.payments.provider import CallbackRefused
from shop.payments.providers.stripe_signature import signature, verify

NOW = datetime(2027, 2, 5, 9, 0, tzinfo=UTC)
AT = str(int(NOW.timestamp()))
SECRET = "whsec_test"
BODY = b'{"id":"evt_1"}'
GOOD = signature(BODY, AT, secret=SECRET)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=5), timedelta(minutes=-5)])
def test_a_signature_holds_for_five_minutes(late: timedelta) -> None:
    verify(BODY, f"t={AT},v1={GOOD}", secret=SECRET, now=NOW + late)


def test_one_good_signature_among_several_is_enough() -> None:
    verify(BODY, f"t={AT}, v1={'0' * 64}, v1={GOOD}, v0=x", secret=SECRET, now=NOW)


@pytest.mark.parametrize(
    ("body", "header", "secret", "now"),
    [
        (BODY, f"t={AT},v1={GOOD}", SECRET, NOW + timedelta(minutes=5, seconds=1)),
        (BODY, f"t={AT},v1={GOOD}", SECRET, NOW - timedelta(minutes=5, seconds=1)),
        (BODY + b" ", f"t={AT},v1={GOOD}", SECRET, NOW),
        (BODY, f"t={AT},v1={GOOD}", "whsec_other", NOW),
        (BODY, f"t={AT},v1={signature(BODY, AT, secret='')}", "", NOW),
        (BODY, f"t={int(AT) + 1},v1={GOOD}", SECRET, NOW),
        (BODY, f"t={AT},t={AT},v1={GOOD}", SECRET, NOW),
        (BODY, f"t={AT},v0={GOOD}", SECRET, NOW),
        (BODY, f"v1={GOOD}", SECRET, NOW),
        (BODY, f"t=²,v1={GOOD}", SECRET, NOW),
        (BODY, f"t={'9' * 400},v1={GOOD}", SECRET, NOW),
        (BODY, f"t={AT},v1=é", SECRET, NOW),
        (BODY, "", SECRET, NOW),
        (BODY, ",,=,", SECRET, NOW),
    ],
)
def test_everything_else_is_refused(body: bytes, header: str, secret: str, now: datetime) -> None:
    with pytest.raises(CallbackRefused):
        verify(body, header, secret=secret, now=now)
