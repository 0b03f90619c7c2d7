"""Invite several people into an organization, each with an answer of their own."""

import re
from collections.abc import Sequence

from chassis.db.transaction import Transaction
from chassis.kernel.emails import InvalidEmail, normalize_email
from identity.accounts.ensure_invited import ensure_invited
from identity.accounts.request_mail import request_mail, tell_of_joining
from identity.audit.record import record
from identity.members.add import add
from identity.members.schemas import Invitation
from identity.organizations.queries import Organization

SEPARATORS = re.compile(r"[,;\r\n]+")
ANGLED = re.compile(r"<(?:mailto:)?([^<>]*)>\s*$", re.IGNORECASE)


async def invite(
    tx: Transaction, *, organization: Organization, emails: str | Sequence[str], roles: Sequence[str]
) -> list[Invitation]:
    """One answer per address, in the order given; a wrong one stops none of the others.

    Accounts are made in the order of their addresses, so that two organizations that invite the same people at the
    same time wait for each other instead of locking each other out.
    """
    texts = split(emails)
    addresses = [_address(text) for text in texts]
    invited = {
        email: await _invite_one(tx, organization, email=email, roles=roles)
        for email in sorted({email for email in addresses if email is not None})
    }
    answers: list[Invitation] = []
    for text, email in zip(texts, addresses, strict=True):
        if email is None:
            answers.append(Invitation(input=text, email=None, result="refused", code="invalid_email"))
        elif any(answer.email == email for answer in answers):
            answers.append(Invitation(input=text, email=email, result="refused", code="duplicate_in_input"))
        else:
            answers.append(invited[email].model_copy(update={"input": text}))
    return answers


def split(emails: str | Sequence[str]) -> list[str]:
    """The addresses in a text, separated by comma, semicolon or line break; a list is taken as it is."""
    texts = [emails] if isinstance(emails, str) else list(emails)
    parts = [part.strip() for text in texts for part in SEPARATORS.split(text)]
    return [part for part in parts if part]


def _address(text: str) -> str | None:
    """The bare address; address books put a name before it, as in `Jane <jane@x.eu>`."""
    angled = ANGLED.search(text)
    try:
        return normalize_email(angled.group(1) if angled else text)
    except InvalidEmail:
        return None


async def _invite_one(tx: Transaction, organization: Organization, *, email: str, roles: Sequence[str]) -> Invitation:
    account, is_new = await ensure_invited(
        tx, email=email, reason="member", locale=organization.locale, organization_id=organization.id
    )
    member = await add(tx, organization_id=organization.id, account=account, roles=roles)
    if member is None:
        return Invitation(input=email, email=email, result="refused", code="already_member")
    if not is_new and account.status == "invited":
        await request_mail(tx, account, reason="member")
    if account.status == "active":
        await tell_of_joining(tx, account, organization_id=organization.id, organization_name=organization.name)
    await record(
        tx, "member.invited", member.id, organization_id=organization.id, account=account.id, roles=list(member.roles)
    )
    return Invitation(input=email, email=email, result="invited", member_id=member.id)
