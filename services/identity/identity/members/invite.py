"""Invite several people into an organization, each with an answer of their own."""

import re
from collections.abc import Sequence

from chassis.db.transaction import Transaction
from chassis.kernel.emails import InvalidEmail, normalize_email
from identity.accounts.ensure_invited import ensure_invited
from identity.accounts.request_mail import request_mail
from identity.audit.record import record
from identity.members.add import add
from identity.members.schemas import Invitation

SEPARATORS = re.compile(r"[,;\r\n]+")


async def invite(
    tx: Transaction, *, organization_id: str, locale: str, emails: str | Sequence[str], roles: Sequence[str]
) -> list[Invitation]:
    """One answer per address, in the order given; a wrong one stops none of the others."""
    answers: list[Invitation] = []
    seen: set[str] = set()
    for text in split(emails):
        answers.append(await _invite_one(tx, organization_id, locale, text, roles, seen))
    return answers


def split(emails: str | Sequence[str]) -> list[str]:
    """The addresses in a text, separated by comma, semicolon or line break; a list is taken as it is."""
    texts = [emails] if isinstance(emails, str) else list(emails)
    parts = [part.strip() for text in texts for part in SEPARATORS.split(text)]
    return [part for part in parts if part]


async def _invite_one(
    tx: Transaction, organization_id: str, locale: str, text: str, roles: Sequence[str], seen: set[str]
) -> Invitation:
    try:
        email = normalize_email(text)
    except InvalidEmail:
        return Invitation(input=text, email=None, result="refused", code="invalid_email")
    if email in seen:
        return Invitation(input=text, email=email, result="refused", code="duplicate_in_input")
    seen.add(email)
    account, is_new = await ensure_invited(
        tx, email=email, reason="member", locale=locale, organization_id=organization_id
    )
    member = await add(tx, organization_id=organization_id, account=account, roles=roles)
    if member is None:
        return Invitation(input=text, email=email, result="refused", code="already_member")
    if not is_new and account.status == "invited":
        await request_mail(tx, account, reason="member")
    await record(
        tx, "member.invited", member.id, organization_id=organization_id, account=account.id, roles=list(member.roles)
    )
    return Invitation(input=text, email=email, result="invited", member_id=member.id)
