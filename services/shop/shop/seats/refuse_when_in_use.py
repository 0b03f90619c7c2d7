"""A smaller quantity never silently takes a used seat: the buyer names the ones to give up, or enough are free."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from chassis.kernel.errors import FieldError, Invalid
from shop.seats.errors import SeatsInUse
from shop.seats.holders import SeatHolders


async def refuse_when_in_use(
    holders: SeatHolders, subscription_id: str, *, quantity: int, release: Sequence[str], **more: Any
) -> None:
    """Ask who holds seats at the renewal; call it with no transaction open. `more` is told with a refusal.

    Raises SeatsInUse with the `candidates` when more assignments must be named, Invalid when a named one holds no
    seat of the subscription, Unavailable when nobody can tell.
    """
    fit = await holders.fit(subscription_id, quantity=quantity, release=release)
    if fit.invalid_release:
        raise Invalid(errors=_errors(release, set(fit.invalid_release)))
    if fit.needed:
        raise SeatsInUse(
            f"{fit.seats_in_use} seats are in use at the renewal; with {quantity} left, name {fit.needed} to give up.",
            quantity=quantity,
            seats_in_use=fit.seats_in_use,
            to_release=fit.needed,
            candidates=[asdict(candidate) for candidate in fit.candidates],
            **more,
        )


def _errors(release: Sequence[str], invalid: set[str]) -> list[FieldError]:
    sentence = "This assignment holds no seat of the subscription."
    return [
        FieldError(f"/release/{place}", "not_assigned", sentence)
        for place, named in enumerate(release)
        if named in invalid
    ]
