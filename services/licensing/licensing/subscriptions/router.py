"""The inner route for the shop; the gateway never forwards to it."""

from fastapi import APIRouter

from chassis.http.dependencies import Read
from licensing.subscriptions.check_resize import check_resize
from licensing.subscriptions.schemas import CheckResize, ResizeCheck

router = APIRouter(tags=["internal"])


@router.post("/subscriptions/{subscription_id}/resize-check")
async def post_resize_check(reader: Read, subscription_id: str, body: CheckResize) -> ResizeCheck:
    """Whether so few seats are enough at the next renewal; if not, who could give one up. Changes nothing."""
    return await check_resize(reader, subscription_id, body)
