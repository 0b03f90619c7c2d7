"""What the services tell operators."""

from typing import Any

HOSTILE = "<script>alert('x')</script>"
TALLY = {"total": 60, "moves": 40, "blocked": 5, "stays": {"expired": 10, "one_off": 5}}
SUMMARY: dict[str, Any] = {
    "customers": {"total": 40, "moves": 23, "blocked": 14, "nothing_to_move": 3},
    "blocks": {"invalid_email": 4, "a_code_of_tomorrow": 1},
    "warnings": {"invalid_vat_id": 2},
    "subscriptions": TALLY,
    "orders": TALLY,
    "payment_methods": TALLY,
    "one_off_licenses": TALLY,
    "money": {"EUR": {"subscriptions": 40, "subscription_value": 9900, "orders": 3, "order_total": 100}},
    "findings": {"invalid_email": 4},
}
IMPORT: dict[str, Any] = {
    "id": "imp_1",
    "source": "canonical",
    "exported_on": "2026-11-20",
    "transfer_on": "2026-12-04",
    "state": "completed",
    "progress": {"phase": "done"},
    "files": {"customers.csv": 7788},
    "changed": {
        "customers": {"added": 1, "changed": 2, "unchanged": 37, "absent": 0, "moved_already": 0, "older": 3},
        "records": {"customers.csv": {"changed": 1}, "subscriptions.csv": {"removed": 1}},
    },
    "summary": SUMMARY,
    "error": None,
    "created_by": "client:operator-cli",
    "created_at": "2026-11-20T09:00:00Z",
    "finished_at": "2026-11-20T09:00:02Z",
}
FINDING = {
    "file": "customers.csv",
    "line": 4,
    "column": "email",
    "code": "invalid_email",
    "level": "blocker",
    "key": "C10002",
    "customer": "C10002",
    "detail": f"This is not one valid e-mail address. It says “{HOSTILE}”.",
    "who_acts": "customer",
    "value": HOSTILE,
}
CHANGE = {
    "file": "customers.csv",
    "key": "C10023",
    "customer": "C10023",
    "change": "changed",
    "differences": {"company": ["Diepholz AG", HOSTILE], "vat_id": [None, "DE1"]},
}
WAVE: dict[str, Any] = {
    "id": "wav_1",
    "name": f"Pilot {HOSTILE}",
    "transfer_on": "2026-12-09",
    "state": "scheduled",
    "safety_window_days": 5,
    "filter": None,
    "customers": 40,
    "states": {"announced": 36, "failed": 1, "held": 3},
    "funnel": {
        "planned": 40,
        "announced": 36,
        "reminded": 20,
        "transferred": 12,
        "activated": 7,
        "first_sign_in": 6,
        "first_renewal": 1,
        "settled": 0,
    },
    "last_check": {"checked_at": "2026-11-20T09:00:02Z", "transfer_on": "2026-12-09", "summary": SUMMARY},
    "check_progress": None,
    "created_by": "client:operator-cli",
    "created_at": "2026-11-20T09:00:00Z",
    "scheduled_at": "2026-11-20T09:05:00Z",
    "started_at": None,
    "finished_at": None,
}
UNDER_WAY = {
    "state": "running",
    "asked_at": "2026-11-20T09:00:00Z",
    "customers": 40_000,
    "customers_done": 7_000,
    "error": None,
}
SIDE = {"subscriptions": 40, "subscription_value": 36950, "orders": 60, "order_total": 99900}
CHARGE = {"on": "2027-02-01", "amount": {"amount": 4900, "currency": "EUR"}, "payment_method": "Visa 4242"}
REASON = {"code": "invalid_email", "detail": "This is not one valid e-mail address.", "who_acts": "customer"}
CUSTOMER: dict[str, Any] = {
    "transfer_id": "trf_1",
    "legacy_id": "C10015",
    "company": f"Blacharstwo {HOSTILE}",
    "email": "buchhaltung@blacharstwo.example",
    "outcome": "blocked",
    "codes": [REASON],
    "warnings": [{**REASON, "code": "invalid_vat_id"}],
    "region": "dach",
    "locale": "de",
    "time_zone": "Europe/Berlin",
    "transfer_on": "2026-12-09",
    "licenses": 2,
    "seats": 8,
    "auto_assigned": 2,
    "waiting": 6,
    "subscriptions": [
        {
            "legacy_id": "S1",
            "number": "S-77",
            "product_code": "cad-pro",
            "quantity": "4",
            "outcome": "moves",
            "detail": None,
            "before": CHARGE,
            "after": CHARGE,
            "renewal_after_that": "2028-02-01",
        },
        {
            "legacy_id": "S2",
            "number": "S-78",
            "product_code": "cad-pro",
            "quantity": "?",
            "outcome": "expired",
            "detail": "Its term is over.",
            "before": None,
            "after": None,
            "renewal_after_that": None,
        },
    ],
    "orders": [
        {
            "legacy_id": "O1",
            "number": "W-1",
            "status": "paid",
            "total": None,
            "outcome": "moves",
            "detail": None,
        }
    ],
    "payment_methods": [
        {"legacy_id": "P1", "kind": "card", "label": "Visa 4242", "outcome": "method_unused", "detail": "…"}
    ],
    "one_off_licenses": [
        {
            "legacy_id": "L1",
            "product_code": "cad-pro",
            "until": None,
            "units_left": 4,
            "ended": False,
            "unlocks": True,
            "outcome": "one_off",
            "detail": "…",
        }
    ],
    "findings": [FINDING],
}
CHECK = {
    "wave_id": "wav_1",
    "transfer_on": "2026-12-09",
    "checked_at": "2026-11-20T09:00:02Z",
    "summary": SUMMARY,
    "money": [{"currency": "EUR", "old_shop": SIDE, "new_shop": SIDE, "is_equal": True}],
    "customers": [CUSTOMER],
    "next_cursor": "more",
}
TRANSFER: dict[str, Any] = {
    "id": "trf_1",
    "wave_id": "wav_1",
    "legacy_customer_id": "C10015",
    "organization_id": "org_9",
    "company": f"Blacharstwo {HOSTILE}",
    "email": "buchhaltung@blacharstwo.example",
    "state": "failed",
    "transfer_on": "2026-12-09",
    "revision": 1,
    "outcome": "moves",
    "codes": [],
    "warnings": ["invalid_vat_id"],
    "failure_code": "method_missing",
    "failure_detail": "No usable payment method pays this subscription.",
    "next_at": "2026-12-07T23:00:00Z",
    "mail_failed": True,
    "announced_at": "2026-11-20T00:00:00Z",
    "reminded_at": None,
    "transferred_at": None,
    "activated_at": None,
    "first_sign_in_at": None,
    "first_renewal_at": None,
    "settled_at": None,
    "timeline": [
        {
            "at": "2026-11-20T00:00:00Z",
            "what": "announced",
            "detail": {"transfer_on": "2026-12-09"},
            "actor": "system",
        },
        {
            "at": "2026-11-20T00:01:00Z",
            "what": "mail_sent",
            "detail": {"template": "transfer-announcement", "message_id": "msg_1"},
            "actor": "system:messages.deliver",
        },
        {"at": "2026-11-21T00:00:00Z", "what": "of_tomorrow", "detail": {"said": HOSTILE}, "actor": "system"},
    ],
    "moved": None,
}
REPORT = {
    "wave_id": "wav_1",
    "name": f"Pilot {HOSTILE}",
    "transfer_on": "2026-12-09",
    "state": "completed",
    "generated_at": "2026-12-10T08:00:00Z",
    "customers": {"transferred": 12},
    "rows": [
        {
            "kind": "subscriptions",
            "currency": "EUR",
            "old_count": 2,
            "new_count": 1,
            "old_sum": 36950,
            "new_sum": 30000,
            "difference_count": -1,
            "difference_sum": -6950,
        },
        {
            "kind": "payment_methods",
            "currency": None,
            "old_count": 2,
            "new_count": 2,
            "old_sum": None,
            "new_sum": None,
            "difference_count": 0,
            "difference_sum": None,
        },
    ],
    "differences": [
        {
            "kind": "orders",
            "customer": "C1",
            "legacy_id": "O1",
            "what": "total",
            "old": HOSTILE,
            "new": None,
        }
    ],
    "not_moved": [
        {"customer": "C2", "company": "X", "state": "failed", "code": "method_missing", "detail": "…"},
        {"customer": "C3", "company": "", "state": "held", "code": None, "detail": None},
    ],
    "seats": {"licenses": 2, "seats": 8, "auto_assigned": 2, "waiting": 6},
    "is_reconciled": False,
    "digest": "9f86d081884c7d65",
}
FOLLOW_UP = {
    "transfer_id": "trf_1",
    "legacy_customer_id": "C10015",
    "organization_id": "org_9",
    "company": HOSTILE,
    "email": "buchhaltung@blacharstwo.example",
    "state": "transferred",
    "needs": ["not_activated", "seats_waiting"],
    "seats_waiting": 6,
    "transferred_at": "2026-12-09T00:00:00Z",
    "failure_code": None,
    "first_renewals": [],
}
RENEWAL = {
    "subscription_id": "sub_1",
    "number": f"S-9 {HOSTILE}",
    "on": "2026-12-20",
    "amount": {"amount": 123_000, "currency": "EUR"},
    "now": {"amount": 123_300, "currency": "EUR"},
    "held_reason": "amount_differs_from_dry_run",
}
LEGACY_CUSTOMER = {
    "legacy_id": "C10015",
    "company": f"Blacharstwo {HOSTILE}",
    "email": "",
    "country": "PL",
    "region": None,
    "exported_on": "2026-11-20",
    "outcome": "blocked",
    "codes": ["invalid_email"],
    "warnings": [],
    "seats": 8,
    "renews_from": None,
    "renews_to": None,
    "organization_id": None,
    "moved_at": None,
}
MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "template": "transfer-welcome",
    "locale": "fr",
    "to": "buchhaltung@blacharstwo.example",
    "subject": f"Bienvenue {HOSTILE}",
    "status": "bounced",
    "reason": "mailbox unavailable",
    "attempts": 1,
    "correlation": "transfer:trf_1",
    "organization_id": "org_9",
    "resend_of": None,
    "queued_at": "2026-12-09T00:00:00Z",
    "next_attempt_at": None,
    "expires_at": None,
    "sent_at": None,
    "message_id": "<1@portico.example>",
    "data": {},
    "text": f"Bonjour {HOSTILE}",
    "html": HOSTILE,
    "attempt_log": [
        {"number": 1, "at": "2026-12-09T00:00:00Z", "outcome": "bounced", "smtp_code": 550, "detail": "no"}
    ],
}


def listed(*items: Any, next_cursor: str | None = None) -> dict[str, Any]:
    """A page of a list."""
    return {"items": list(items), "next_cursor": next_cursor}


ANSWERS: dict[str, Any] = {
    "/transfer-imports": listed(IMPORT, {**IMPORT, "id": "imp_2", "state": "reading", "summary": None}),
    "/transfer-imports/imp_1": IMPORT,
    "/transfer-imports/imp_2": {
        **IMPORT,
        "id": "imp_2",
        "state": "reading",
        "progress": {"phase": "reading", "file": "orders.csv", "rows": {"customers.csv": 200, "orders.csv": 1000}},
        "summary": None,
        "changed": {},
    },
    "/transfer-imports/imp_1/findings": listed(
        FINDING, {**FINDING, "customer": "", "code": "of_tomorrow", "level": "warning"}, next_cursor="more"
    ),
    "/transfer-imports/imp_1/changes": listed(
        CHANGE, {**CHANGE, "file": "subscriptions.csv", "change": "removed", "differences": {}}, next_cursor="more"
    ),
    "/transfer-waves": listed(WAVE, {**WAVE, "id": "wav_2", "state": "draft", "last_check": None}),
    "/transfer-waves/wav_1": WAVE,
    "/transfer-waves/wav_2": {
        **WAVE,
        "id": "wav_2",
        "state": "draft",
        "last_check": None,
        "check_progress": UNDER_WAY,
        "states": {},
    },
    "/transfer-waves/wav_3": {
        **WAVE,
        "id": "wav_3",
        "state": "paused",
        "states": {"transferred": 11, "activated": 1, "reminded": 28},
    },
    "/transfer-waves/wav_4": {
        **WAVE,
        "id": "wav_4",
        "state": "cancelled",
        "states": {"transferred": 11, "activated": 1, "cancelled": 28},
    },
    "/transfer-waves/wav_1/check": CHECK,
    "/transfer-waves/wav_1/report": REPORT,
    "/transfer-waves/wav_1/follow-up": listed(
        FOLLOW_UP,
        {**FOLLOW_UP, "needs": ["held"], "failure_code": "renewal_in_safety_window"},
        {**FOLLOW_UP, "needs": ["first_renewal_held"], "first_renewals": [RENEWAL]},
    ),
    "/transfers": listed(TRANSFER),
    "/transfers/trf_1": TRANSFER,
    "/transfers/trf_2": {
        **TRANSFER,
        "id": "trf_2",
        "state": "transferred",
        "failure_code": None,
        "transferred_at": "2026-12-09T00:00:00Z",
    },
    "/legacy-customers": listed(LEGACY_CUSTOMER),
    "/legacy-customers/C10015": CUSTOMER,
    "/regions": listed({"code": "dach", "name": HOSTILE}),
    "/messages": listed(MESSAGE),
    "/messages/msg_1": MESSAGE,
    "/templates": listed({"key": "transfer-welcome"}),
}
