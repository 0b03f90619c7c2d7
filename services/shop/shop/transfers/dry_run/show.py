"""A decision as operators read it: sentences beside codes, the next charge before and after."""

from shop.transfers.dry_run.schemas import (
    Charge,
    CheckedCustomer,
    CheckedFinding,
    CheckedMethod,
    CheckedOneOff,
    CheckedOrder,
    CheckedSubscription,
    Reason,
)
from shop.transfers.evaluate import Evaluated
from shop.transfers.rules import values
from shop.transfers.rules.codes import FINDING_CODES, MOVES, STAYS, level_of
from shop.transfers.rules.decisions import DecidedOrder, DecidedSubscription
from shop.transfers.rules.moving import MovingMethod, MovingSubscription, moving
from shop.transfers.rules.rows import PaymentMethod
from shop.transfers.rules.terms import Term
from shop.values import Amount


def customer_shown(evaluated: Evaluated, transfer_id: str | None) -> CheckedCustomer:
    """Everything the rules say about one customer."""
    decision = evaluated.decision
    moves = moving(decision)
    arriving = {subscription.legacy_id: subscription for subscription in moves.subscriptions}
    methods = {method.legacy_id: method for method in moves.methods}
    seats = decision.seats if decision.outcome == MOVES else None
    rows = {method.row.legacy_id: method.row for method in decision.methods}
    return CheckedCustomer(
        transfer_id=transfer_id,
        legacy_id=decision.customer.legacy_id,
        company=decision.customer.company,
        email=decision.customer.email,
        outcome=decision.outcome,
        codes=[reason_for(code) for code in decision.codes],
        warnings=[reason_for(code) for code in decision.warnings],
        region=decision.region,
        locale=decision.locale,
        time_zone=decision.time_zone,
        transfer_on=evaluated.transfer_on,
        licenses=seats.licenses if seats else 0,
        seats=seats.seats if seats else 0,
        auto_assigned=seats.auto_assigned if seats else 0,
        waiting=seats.waiting if seats else 0,
        subscriptions=[
            _subscription(decided, rows, arriving.get(decided.row.legacy_id), methods)
            for decided in decision.subscriptions
        ],
        orders=[_order(decided) for decided in decision.orders],
        payment_methods=[
            CheckedMethod(
                legacy_id=decided.row.legacy_id,
                kind=decided.row.kind,
                label=_label(decided.row),
                outcome=decided.outcome,
                detail=sentence_for(decided.outcome),
            )
            for decided in decision.methods
        ],
        one_off_licenses=[
            CheckedOneOff(
                legacy_id=decided.row.legacy_id,
                product_code=decided.row.product_code,
                until=decided.until,
                units_left=decided.units_left,
                ended=decided.ended,
                unlocks=decided.unlocks,
                outcome="one_off",
                detail=sentence_for("one_off"),
            )
            for decided in decision.one_offs
        ],
        findings=[
            CheckedFinding(
                file=finding.file,
                line=finding.line,
                column=finding.column,
                code=finding.code,
                level=level_of(finding.code).value,
                key=finding.key,
                detail=finding.sentence,
            )
            for finding in decision.findings
        ],
    )


def reason_for(code: str) -> Reason:
    """A code with its sentence and who acts."""
    known = FINDING_CODES[code]
    return Reason(code=code, detail=known.sentence, who_acts=known.who_acts)


def sentence_for(outcome: str) -> str | None:
    """Why something stays, as a sentence; None for what moves."""
    return STAYS.get(outcome)


def _subscription(
    decided: DecidedSubscription,
    methods: dict[str, PaymentMethod],
    arriving: MovingSubscription | None,
    moving_methods: dict[str, MovingMethod],
) -> CheckedSubscription:
    row = decided.row
    return CheckedSubscription(
        legacy_id=row.legacy_id,
        number=row.number,
        product_code=row.product_code,
        quantity=values.whole_number(row.quantity),
        outcome=decided.outcome,
        detail=sentence_for(decided.outcome),
        before=_charge_before(decided, decided.term, methods) if decided.outcome == MOVES else None,
        after=_charge_after(arriving, moving_methods) if arriving else None,
        renewal_after_that=arriving.renewal_after_that if arriving else None,
    )


def _charge_before(decided: DecidedSubscription, term: Term | None, methods: dict[str, PaymentMethod]) -> Charge | None:
    row = decided.row
    if term is None:
        return None
    written = values.day(row.next_renewal_on)
    return Charge(
        on=written or term.next_renewal_on,
        amount=Amount.minor(int(row.unit_price_minor) * int(row.quantity), row.currency),
        payment_method=_label(methods[row.payment_method_id]),
    )


def _charge_after(arriving: MovingSubscription, methods: dict[str, MovingMethod]) -> Charge:
    return Charge(
        on=arriving.next_renewal_on,
        amount=Amount.minor(arriving.next_charge_minor, arriving.currency),
        payment_method=methods[arriving.legacy_method_id].label,
    )


def _order(decided: DecidedOrder) -> CheckedOrder:
    row = decided.row
    total = values.whole_number(row.total_minor)
    is_money = total is not None and len(row.currency) == 3 and row.currency.isalpha() and row.currency.isupper()
    return CheckedOrder(
        legacy_id=row.legacy_id,
        number=row.number,
        status=row.status,
        total=Amount.minor(total, row.currency) if is_money and total is not None else None,
        outcome=decided.outcome,
        detail=sentence_for(decided.outcome),
    )


def _label(row: PaymentMethod) -> str:
    name = row.brand or ("SEPA" if row.kind == "sepa_debit" else "card")
    return f"{name} …{row.last4[-4:]}" if row.last4 else name
