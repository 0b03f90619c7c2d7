"""Choose which optional mails one gets."""

from collections.abc import Mapping

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert

from chassis.db.transaction import Transaction
from chassis.kernel.errors import FieldError, Invalid
from notifications.preferences.models import preferences
from notifications.preferences.rules import CATEGORIES


async def choose(tx: Transaction, *, email: str, wanted: Mapping[str, bool]) -> None:
    """Remember the choice, category by category; unnamed ones stay. Raises Invalid for unknown or mandatory ones."""
    known = {category.code: category for category in CATEGORIES}
    errors = []
    for code, is_enabled in wanted.items():
        if code not in known:
            errors.append(FieldError(f"/categories/{code}", "unknown_category", f"There is no category “{code}”."))
        elif known[code].is_mandatory and not is_enabled:
            detail = f"Mails about “{known[code].name}” are needed for the service and are always sent."
            errors.append(FieldError(f"/categories/{code}", "mandatory_category", detail))
    if errors:
        raise Invalid(errors=errors)
    rows = [
        {"email": email, "category": code, "is_enabled": is_enabled, "changed_at": tx.now}
        for code, is_enabled in wanted.items()
        if not known[code].is_mandatory
    ]
    if rows:
        statement = insert(preferences)
        changed = {"is_enabled": statement.excluded.is_enabled, "changed_at": statement.excluded.changed_at}
        await tx.execute(statement.on_conflict_do_update(index_elements=["email", "category"], set_=changed), rows)


async def move_choices(tx: Transaction, *, previous: str, email: str) -> None:
    """Take a person's choices along to a new address; what was chosen for the new one before stays."""
    chosen = select(literal(email), preferences.c.category, preferences.c.is_enabled, preferences.c.changed_at).where(
        preferences.c.email == previous
    )
    names = ["email", "category", "is_enabled", "changed_at"]
    await tx.execute(insert(preferences).from_select(names, chosen).on_conflict_do_nothing())
    await tx.execute(preferences.delete().where(preferences.c.email == previous))
