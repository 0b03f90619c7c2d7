"""The tiles of a person's App Portal: those unlocked for them, and no other."""

from chassis.db.transaction import Reader
from identity.accounts.queries import Account
from identity.applications.queries import Application, all_applications, grants_by_application
from identity.applications.rules import (
    Grant,
    Place,
    Visible,
    places_that_count,
    visible_by_entitlement,
    visible_by_role,
)
from identity.members.queries import memberships_of


async def list_apps(
    reader: Reader, *, account: Account, active_organization: str | None
) -> list[tuple[Application, Visible]]:
    """Each application the person may open now, and why, in the order of the portal.

    Roles are read live, so that a role taken away closes its tile at once; entitlements are valid by business time.
    """
    memberships = await memberships_of(reader, account.id)
    places = places_that_count(
        [
            Place(item.organization_id, frozenset(item.roles), item.organization_origin == "transferred")
            for item in memberships
        ],
        active_organization,
    )
    grants = await grants_by_application(reader, account.email)
    tiles = []
    for application in await all_applications(reader):
        visible = _visible(application, places, grants.get(application.code, []), reader)
        if visible is not None:
            tiles.append((application, visible))
    return tiles


def _visible(application: Application, places: list[Place], grants: list[Grant], reader: Reader) -> Visible | None:
    match application.visibility:
        case "everyone":
            return Visible("everyone")
        case "roles":
            return visible_by_role(places, application.visible_to_roles, only_transferred=application.only_transferred)
        case _:
            return visible_by_entitlement(grants, reader.now)
