"""Which mails a person gets."""

from typing import Annotated

from fastapi import APIRouter

from chassis.auth.principal import Principal
from chassis.db.transaction import Reader
from chassis.http.dependencies import Read, Tx, authenticated
from chassis.http.problems import problems
from chassis.kernel.emails import normalize_email
from chassis.kernel.errors import Forbidden, Invalid
from notifications.preferences.choose import choose
from notifications.preferences.queries import choices_of
from notifications.preferences.rules import CATEGORIES
from notifications.preferences.schemas import (
    CategoryPreference,
    ChangeNotificationPreferences,
    NotificationPreferences,
)

router = APIRouter(tags=["notification preferences"])

Person = Annotated[Principal, authenticated()]


class NoPerson(Forbidden):
    """The caller is a machine, or its token tells no address."""

    code, title = "no-person", "Only a person has notification preferences"


@router.get("/me/notification-preferences", responses=problems(NoPerson))
async def get_notification_preferences(reader: Read, principal: Person) -> NotificationPreferences:
    """The kinds of mail there are, and which of them the caller gets."""
    return await _preferences(reader, _address(principal))


@router.put("/me/notification-preferences", responses=problems(NoPerson, Invalid))
async def set_notification_preferences(
    tx: Tx, body: ChangeNotificationPreferences, principal: Person
) -> NotificationPreferences:
    """Switch optional kinds of mail on or off. Mandatory ones (account, transfer, license, order) are always sent."""
    email = _address(principal)
    await choose(tx, email=email, wanted=body.categories)
    return await _preferences(tx, email)


async def _preferences(reader: Reader, email: str) -> NotificationPreferences:
    chosen = await choices_of(reader, email)
    categories = [
        CategoryPreference(
            code=category.code,
            name=category.name,
            description=category.description,
            mandatory=category.is_mandatory,
            enabled=category.is_mandatory or chosen[category.code],
        )
        for category in CATEGORIES
    ]
    return NotificationPreferences(email=email, categories=categories)


def _address(principal: Principal) -> str:
    if principal.is_machine or principal.email is None:
        raise NoPerson()
    return normalize_email(principal.email)
