"""The decision about one customer: one set of rules for the dry run and for the transfer itself."""

from shop.transfers.rules import values
from shop.transfers.rules.blockers import check_customer, check_subscription
from shop.transfers.rules.candidates import reason_to_stay
from shop.transfers.rules.catalogue import Catalogue, Region
from shop.transfers.rules.codes import BLOCKED, MOVES, NOTHING_TO_MOVE, Level
from shop.transfers.rules.decisions import (
    Circumstances,
    DecidedMethod,
    DecidedOneOff,
    DecidedOrder,
    DecidedSubscription,
    Decision,
)
from shop.transfers.rules.orders import is_readable
from shop.transfers.rules.remarks import Remarks
from shop.transfers.rules.rows import Dossier, OneOffLicense, OrderLine, Subscription
from shop.transfers.rules.terms import term_of
from shop.transfers.rules.warnings import warn_about_customer, warn_about_subscription
from shop.vat_forms import is_vat_id

FALLBACK_LOCALE = "en"
FALLBACK_TIME_ZONE = "UTC"


def decide(dossier: Dossier, catalogue: Catalogue, circumstances: Circumstances) -> Decision:
    """What happens to this customer on the transfer date, record by record, and why.

    A customer with nothing that would move is `nothing_to_move`, whatever else is wrong.
    """
    reasons = {
        row.legacy_id: reason_to_stay(row, exported_on=circumstances.exported_on, transfer_on=circumstances.transfer_on)
        for row in dossier.subscriptions
    }
    candidates = tuple(row for row in dossier.subscriptions if reasons[row.legacy_id] is None)
    region = catalogue.region_of(dossier.customer.country)
    remarks = Remarks(dossier.customer)
    email = _examine(dossier, candidates, region, catalogue, circumstances, remarks) if candidates else ""
    codes = remarks.codes(Level.BLOCKER, dossier.reading_codes) if candidates else ()
    outcome = NOTHING_TO_MOVE if not candidates else BLOCKED if codes else MOVES
    orders = _orders(dossier, candidates, outcome, remarks)
    return Decision(
        customer=dossier.customer,
        outcome=outcome,
        codes=codes,
        warnings=remarks.codes(Level.WARNING, dossier.reading_codes),
        findings=remarks.findings,
        email=email,
        region=region.code if region else None,
        locale=_locale(dossier, region),
        time_zone=_time_zone(dossier, region),
        vat_id_is_valid=is_vat_id(dossier.customer.vat_id),
        subscriptions=_subscriptions(dossier, reasons, outcome),
        orders=orders,
        methods=_methods(dossier, candidates, outcome),
        one_offs=tuple(
            _one_off(row, outcome=outcome, catalogue=catalogue, circumstances=circumstances) for row in dossier.one_offs
        ),
    )


def _examine(
    dossier: Dossier,
    candidates: tuple[Subscription, ...],
    region: Region | None,
    catalogue: Catalogue,
    circumstances: Circumstances,
    remarks: Remarks,
) -> str:
    email = check_customer(dossier, region, remarks)
    warn_about_customer(dossier.customer, remarks)
    methods = {method.legacy_id: method for method in dossier.payment_methods}
    for row in candidates:
        for look in (check_subscription, warn_about_subscription):
            look(row, region, methods, catalogue=catalogue, circumstances=circumstances, remarks=remarks)
    return email


def _locale(dossier: Dossier, region: Region | None) -> str:
    default = region.default_locale if region else FALLBACK_LOCALE
    return values.language(dossier.customer.language) or default


def _time_zone(dossier: Dossier, region: Region | None) -> str:
    if values.is_time_zone(dossier.customer.time_zone):
        return dossier.customer.time_zone
    return region.time_zone if region else FALLBACK_TIME_ZONE


def _subscriptions(dossier: Dossier, reasons: dict[str, str | None], outcome: str) -> tuple[DecidedSubscription, ...]:
    return tuple(
        DecidedSubscription(row=row, outcome=reasons[row.legacy_id] or outcome, term=term_of(row))
        for row in dossier.subscriptions
    )


def _orders(
    dossier: Dossier, candidates: tuple[Subscription, ...], outcome: str, remarks: Remarks
) -> tuple[DecidedOrder, ...]:
    moving = {row.legacy_id for row in candidates}
    lines: dict[str, list[OrderLine]] = {}
    for line in dossier.lines:
        lines.setdefault(line.order_id, []).append(line)
    decided = []
    for row in dossier.orders:
        own = tuple(lines.get(row.legacy_id, ()))
        becomes = "order_of_nothing_moved"
        if any(line.subscription_id in moving for line in own):
            becomes = outcome if is_readable(row, own, remarks) else "invalid_order"
        decided.append(DecidedOrder(row=row, outcome=becomes, lines=own))
    return tuple(decided)


def _methods(dossier: Dossier, candidates: tuple[Subscription, ...], outcome: str) -> tuple[DecidedMethod, ...]:
    paying = {row.payment_method_id for row in candidates}
    return tuple(
        DecidedMethod(row=row, outcome=outcome if row.legacy_id in paying else "method_unused")
        for row in dossier.payment_methods
    )


def _one_off(row: OneOffLicense, *, outcome: str, catalogue: Catalogue, circumstances: Circumstances) -> DecidedOneOff:
    until = values.day(row.expires_on)
    total = values.whole_number(row.units_total)
    left = None if total is None else max(0, total - (values.whole_number(row.units_used) or 0))
    ended = (until is not None and until < circumstances.transfer_on) or left == 0
    return DecidedOneOff(
        row=row,
        until=until,
        units_left=left,
        ended=ended,
        unlocks=outcome == MOVES and not ended and catalogue.sells(row.product_code),
    )
