"""What all pages of the operators' desk share: who may enter, and the places at their side."""

from typing import Any

from starlette.responses import Response

from chassis.kernel.errors import Forbidden
from gateway.pages.navigation import OPERATOR_PLACES, places
from gateway.pages.visit import Visit

READING = ("operator:read", "operator:write")


class OperatorsOnly(Forbidden):
    """This desk belongs to the vendor's own staff."""

    code, title = "operators-only", "This page is for the vendor's own staff"


def refuse_others(visit: Visit) -> None:
    """Raise `OperatorsOnly` for everybody else."""
    if not visit.may(*READING):
        raise OperatorsOnly()


async def operator_page(visit: Visit, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page of the operators' desk."""
    side = places(OPERATOR_PLACES, visit.session, visit.t, visit.request.url.path)
    may_act = visit.may("operator:write")
    return await visit.page(f"operator/{template}", status=status, **{"side": side, "may_act": may_act, **context})
