"""The inner route for the shop; the gateway never forwards to it."""

from fastapi import APIRouter

from chassis.http.dependencies import Read
from licensing.licenses.queries import of_organization
from licensing.one_offs.schemas import OneOffsLeft, OneOffUnits

router = APIRouter(tags=["internal"])


@router.get("/organizations/{organization_id}/one-off-units")
async def get_one_off_units(reader: Read, organization_id: str) -> OneOffsLeft:
    """What is left of the organization's one-off licenses by their legacy ids. Nothing known: an empty list."""
    return OneOffsLeft(
        items=[
            OneOffUnits(legacy_id=license.legacy_id, units_left=license.units_total - license.units_used)
            for license in await of_organization(reader, organization_id)
            if license.legacy_id is not None and license.units_total is not None
        ]
    )
