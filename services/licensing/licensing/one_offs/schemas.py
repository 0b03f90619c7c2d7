"""What the shop is told of one-off licenses."""

from pydantic import BaseModel, Field


class OneOffUnits(BaseModel):
    """The units of a one-off license that are left."""

    legacy_id: str = Field(description="The id of the license in the legacy shop.")
    units_left: int


class OneOffsLeft(BaseModel):
    """Every one-off license of an organization that is counted in units."""

    items: list[OneOffUnits]
