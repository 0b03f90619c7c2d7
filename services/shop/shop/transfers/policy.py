"""What the operators of an installation decided about the transfer."""

from dataclasses import dataclass

from chassis.runtime import Runtime
from shop.transfers.places import providers_of


@dataclass(frozen=True, slots=True)
class Policy:
    """`providers`: the payment providers configured; `release_is_confirmed`: operators confirm that the old shop
    has stopped billing before a customer moves; otherwise the release counts as acknowledged at once;
    `checked_at_once`: the dry run of a wave with more customers is carried through in the background."""

    providers: frozenset[str]
    release_is_confirmed: bool = False
    checked_at_once: int = 2_000


def policy_of(runtime: Runtime) -> Policy:
    """The policy that the settings of the running service describe."""
    return Policy(
        providers=providers_of(runtime),
        release_is_confirmed=runtime.settings.transfer_release == "confirmed",
        checked_at_once=runtime.settings.transfer_check_at_once,
    )
