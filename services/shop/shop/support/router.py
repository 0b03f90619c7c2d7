"""The support contact of the brand."""

from fastapi import APIRouter

from chassis.http.dependencies import Run
from shop.support.schemas import SupportContact

router = APIRouter(tags=["support"])


@router.get("/support-contact", operation_id="get_support_contact")
async def get_support_contact(run: Run) -> SupportContact:
    """Support by e-mail and telephone. Nobody needs to sign in to ask for help."""
    brand = run.edges.brand
    return SupportContact(brand=brand.name, email=brand.support_email, phone=brand.support_phone, website=brand.website)
