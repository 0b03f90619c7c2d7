"""The inner route that hands out links; the gateway never forwards to it."""

from fastapi import APIRouter

from chassis.http.dependencies import Run, Tx
from chassis.http.problems import problems
from chassis.kernel.emails import InvalidEmail
from chassis.kernel.errors import FieldError, Invalid
from identity.actionlinks.errors import NothingPending
from identity.actionlinks.request import request
from identity.actionlinks.schemas import ActionLink, RequestActionLink

router = APIRouter(tags=["internal"])


@router.post("/action-links", responses=problems(Invalid, NothingPending))
async def request_action_link(body: RequestActionLink, tx: Tx, runtime: Run) -> ActionLink:
    """Mint a one-time link for a mail; the account is made when there is none."""
    try:
        return await request(tx, public_url=runtime.platform.public_url, wanted=body)
    except InvalidEmail as error:
        raise Invalid(errors=[FieldError("/email", "invalid_email", str(error))]) from error
