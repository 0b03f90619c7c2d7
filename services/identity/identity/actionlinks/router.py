"""The inner route that hands out links; the gateway never forwards to it."""

from fastapi import APIRouter

from chassis.http.dependencies import Run, Tx
from chassis.http.problems import problems
from chassis.kernel.errors import Invalid
from identity.actionlinks.request import request
from identity.actionlinks.schemas import ActionLinks, RequestActionLinks

router = APIRouter(tags=["internal"])


@router.post("/action-links", responses=problems(Invalid))
async def request_action_links(body: RequestActionLinks, tx: Tx, runtime: Run) -> ActionLinks:
    """Mint one-time links for mails, each with its own answer, in order; accounts are made where there are none."""
    return ActionLinks(items=await request(tx, public_url=runtime.platform.public_url, wanted=body.items))
