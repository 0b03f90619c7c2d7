"""What Stripe's intents and decline codes mean in the words of the port."""

from chassis.ops.logging import get_logger
from shop.payments.provider import FailureKind, Outcome, ProviderUnreachable, Status
from shop.payments.providers.stripe_api import Object

log = get_logger(__name__)

SOFT, HARD, ACTION, UNKNOWN = FailureKind.SOFT, FailureKind.HARD, FailureKind.ACTION, FailureKind.UNKNOWN

# Stripe's decline codes. That a card was reported lost or stolen is not for the payer to read, so it is just declined.
FAILURES: dict[str, tuple[str, FailureKind]] = {
    "insufficient_funds": ("insufficient_funds", SOFT),
    "card_velocity_exceeded": ("insufficient_funds", SOFT),
    "withdrawal_count_limit_exceeded": ("insufficient_funds", SOFT),
    "generic_decline": ("card_declined", SOFT),
    "do_not_honor": ("card_declined", SOFT),
    "call_issuer": ("card_declined", SOFT),
    "try_again_later": ("card_declined", SOFT),
    "issuer_not_available": ("card_declined", SOFT),
    "processing_error": ("card_declined", SOFT),
    "reenter_transaction": ("card_declined", SOFT),
    "expired_card": ("expired_card", HARD),
    "lost_card": ("card_declined", HARD),
    "stolen_card": ("card_declined", HARD),
    "pickup_card": ("card_declined", HARD),
    "fraudulent": ("card_declined", HARD),
    "restricted_card": ("card_declined", HARD),
    "merchant_blacklist": ("card_declined", HARD),
    "incorrect_number": ("card_declined", HARD),
    "invalid_account": ("card_declined", HARD),
    "card_not_supported": ("card_declined", HARD),
    "currency_not_supported": ("card_declined", HARD),
    "revocation_of_authorization": ("card_declined", HARD),
    "revocation_of_all_authorizations": ("card_declined", HARD),
    "stop_payment_order": ("card_declined", HARD),
    "authentication_required": ("authentication_failed", ACTION),
    "payment_intent_authentication_failure": ("authentication_failed", ACTION),
    "payment_intent_payment_attempt_failed": ("debit_declined", SOFT),
    "refer_to_customer": ("debit_declined", SOFT),
    "account_closed": ("debit_declined", HARD),
    "bank_account_restricted": ("debit_declined", HARD),
    "bank_account_unusable": ("debit_declined", HARD),
    "debit_not_authorized": ("debit_declined", HARD),
    "no_account": ("debit_declined", HARD),
    "recipient_deceased": ("debit_declined", HARD),
    "payment_method_customer_decline": ("debit_declined", ACTION),
}


def outcome_of(intent: Object) -> Outcome:
    """How an intent stands. Raises ProviderUnreachable for a status that we do not understand: it stays open."""
    reference = str(intent["id"])
    match intent["status"]:
        case "succeeded":
            return Outcome(Status.SUCCEEDED, reference)
        case "processing":
            return Outcome(Status.PENDING, reference)
        case "requires_action":
            return Outcome(Status.ACTION_REQUIRED, reference, action_url=_action_url(intent))
        case "canceled":
            return Outcome(Status.DECLINED, reference, "authentication_abandoned", failure_kind=ACTION)
        case "requires_payment_method" | "requires_confirmation":
            return declined(reference, intent.get("last_payment_error") or {})
        case status:
            log.error("stripe.unknown_status", intent=reference, status=status)
            raise ProviderUnreachable


def declined(reference: str, error: Object) -> Outcome:
    """The decline behind an error, by the most telling of its codes."""
    for name in ("decline_code", "code"):
        known = FAILURES.get(str(error.get(name)))
        if known is not None:
            return Outcome(Status.DECLINED, reference, known[0], failure_kind=known[1])
    is_debit = (error.get("payment_method") or {}).get("type") == "sepa_debit"
    return Outcome(Status.DECLINED, reference, "debit_declined" if is_debit else "card_declined", failure_kind=UNKNOWN)


def is_unconfirmed(intent: Object) -> bool:
    """Whether Stripe stored the intent and stopped before it asked the bank."""
    if intent["status"] == "requires_confirmation":
        return True
    return bool(intent["status"] == "requires_payment_method" and not intent.get("last_payment_error"))


def wants_payer(intent: Object) -> bool:
    """Whether the bank refused because the payer was not there to confirm (PSD2, strong customer authentication)."""
    error = intent.get("last_payment_error") or {}
    codes = (error.get("code"), error.get("decline_code"))
    return bool(intent["status"] == "requires_payment_method" and "authentication_required" in codes)


def may_be_cancelled(intent: Object) -> bool:
    """Whether the intent still waits for somebody."""
    return intent["status"] == "requires_action" or is_unconfirmed(intent) or wants_payer(intent)


def most_telling(intents: list[Object]) -> Object | None:
    """Of several intents with one reference (there should be one), the one that has gone furthest."""
    order = ("succeeded", "processing", "requires_action")
    ranked = {status: len(order) - place for place, status in enumerate(order)}
    return max(intents, key=lambda intent: ranked.get(intent["status"], 0), default=None)


def _action_url(intent: Object) -> str | None:
    return ((intent.get("next_action") or {}).get("redirect_to_url") or {}).get("url")
