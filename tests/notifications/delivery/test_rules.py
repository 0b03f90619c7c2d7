"""What the mail server's answers mean."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.delivery.rules import (
    Handover,
    Verdict,
    is_too_old,
    judge,
    message_id,
    next_attempt,
    recipient_hash,
)

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("handover", "on_uncertain", "verdict"),
    [
        (Handover("accepted", "content", 250), "resend", Verdict("sent")),
        (Handover("refused", "recipient", 451), "resend", Verdict("queued", "refused_for_now")),
        (Handover("refused", "content", 452), "resend", Verdict("queued", "refused_for_now")),
        (Handover("refused", "recipient", 550), "resend", Verdict("bounced", "recipient_refused", True)),
        (Handover("refused", "content", 550, "no"), "resend", Verdict("bounced", "content_refused", True)),
        (Handover("refused", "content", 554, "5.7.1 spam"), "resend", Verdict("bounced", "content_refused", False)),
        (Handover("refused", "sender", 550), "resend", Verdict("queued", "sender_refused")),
        (Handover("refused", "connect", 535), "resend", Verdict("queued", "sender_refused")),
        (Handover("refused", "connect", 421), "resend", Verdict("queued", "refused_for_now")),
        (Handover("unreachable", "connect"), "resend", Verdict("queued", "mail_server_unreachable")),
        (Handover("uncertain", "content"), "resend", Verdict("queued", "outcome_unknown")),
        (Handover("uncertain", "content"), "hold", Verdict("unknown", "outcome_unknown")),
    ],
)
def test_an_answer_decides_what_becomes_of_the_mail(handover: Handover, on_uncertain: str, verdict: Verdict) -> None:
    assert judge(handover, on_uncertain=on_uncertain) == verdict


def test_tries_come_soon_at_first_and_hourly_in_the_end() -> None:
    waits = [next_attempt(attempts, NOW, reason="refused_for_now") - NOW for attempts in range(1, 14)]

    assert timedelta(seconds=4) <= waits[0] <= timedelta(seconds=6)
    assert timedelta(minutes=48) <= waits[-1] <= timedelta(minutes=72)


def test_while_the_server_is_out_of_reach_the_wait_does_not_grow() -> None:
    assert next_attempt(30, NOW, reason="mail_server_unreachable") - NOW <= timedelta(seconds=6)


def test_a_mail_is_given_up_after_its_lifetime() -> None:
    lifetime = timedelta(hours=72)

    assert not is_too_old(NOW, NOW + lifetime - timedelta(seconds=1), lifetime)
    assert is_too_old(NOW, NOW + lifetime, lifetime)


def test_the_same_mail_always_has_the_same_message_id_and_no_other_mail_has_it() -> None:
    first = message_id("transfer-welcome:trf_1", "portico.example")

    assert first == message_id("transfer-welcome:trf_1", "portico.example")
    assert first != message_id("transfer-welcome:trf_2", "portico.example")
    assert first.endswith("@portico.example>")


def test_a_recipient_is_told_by_hash_only() -> None:
    assert "claire" not in recipient_hash("claire@garage.example")
    assert recipient_hash("a@x.eu") != recipient_hash("b@x.eu")
