"""What an answer of the mail server means, when to try again, and how a mail is named. Pure."""

import hashlib
import random
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Phase = Literal["connect", "sender", "recipient", "content"]
Kind = Literal["accepted", "refused", "unreachable", "uncertain"]

RETRY_SECONDS = (5, 10, 20, 30, 60, 120, 300, 900, 1800, 3600)
UNREACHABLE_SECONDS = 5
NAMESPACE = uuid.UUID("6d1f1a52-0f43-5c8e-9f0e-6f6e3c0f5a11")
ENHANCED_STATUS = re.compile(r"\b5\.(\d{1,3})\.\d{1,3}\b")
ABOUT_THE_MESSAGE = {"3", "6", "7"}
"""Subjects of enhanced status codes (RFC 3463) that speak of systems, content or policy, not of the address."""


@dataclass(frozen=True)
class Handover:
    """How an attempt to hand a mail over ended: in which phase, with which answer."""

    kind: Kind
    phase: Phase = "content"
    code: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Verdict:
    """What becomes of the mail; status `queued` means: try again."""

    status: str
    reason: str | None = None
    is_hard_bounce: bool = False


def judge(handover: Handover, *, on_uncertain: str) -> Verdict:
    """Turn the mail server's answer into the mail's fate.

    4xx and lost connections are tried again (RFC 5321, 4.5.4.1). 5xx for the recipient is a hard bounce. 5xx for our
    sender or sign-in is our own trouble and no fault of the mail: it waits until somebody has repaired it. A
    connection lost after DATA leaves the outcome unknown (RFC 1047): the mail goes again under the same Message-ID,
    or waits for an operator.
    """
    match handover:
        case Handover(kind="accepted"):
            return Verdict("sent")
        case Handover(kind="uncertain"):
            return Verdict("queued" if on_uncertain == "resend" else "unknown", "outcome_unknown")
        case Handover(kind="unreachable"):
            return Verdict("queued", "mail_server_unreachable")
        case Handover(code=int(code)) if code < 500:
            return Verdict("queued", "refused_for_now")
        case Handover(phase="recipient"):
            return Verdict("bounced", "recipient_refused", is_hard_bounce=True)
        case Handover(phase="content", text=text):
            return Verdict("bounced", "content_refused", is_hard_bounce=not _is_about_the_message(text))
        case _:
            return Verdict("queued", "sender_refused")


def next_attempt(attempts: int, now: datetime, *, reason: str | None) -> datetime:
    """When to try again after the `attempts`th try: soon at first, hourly in the end, spread by a fifth.

    While the mail server cannot be reached at all, that is nobody's refusal: every few seconds.
    """
    seconds = RETRY_SECONDS[min(max(attempts, 1), len(RETRY_SECONDS)) - 1]
    if reason == "mail_server_unreachable":
        seconds = UNREACHABLE_SECONDS
    return now + timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret


def is_too_old(queued_at: datetime, now: datetime, lifetime: timedelta) -> bool:
    """Whether a mail that could not be handed over has been tried long enough."""
    return now - queued_at >= lifetime


def message_id(dedupe_key: str, domain: str) -> str:
    """The Message-ID (RFC 5322): a mail keeps it however often it is tried, so that receivers can tell."""
    return f"<{uuid.uuid5(NAMESPACE, dedupe_key)}@{domain}>"


def recipient_hash(address: str) -> str:
    """Names a recipient in events without telling the address."""
    return hashlib.sha256(address.encode()).hexdigest()[:32]


def _is_about_the_message(text: str) -> bool:
    found = ENHANCED_STATUS.search(text)
    return found is not None and found[1] in ABOUT_THE_MESSAGE
