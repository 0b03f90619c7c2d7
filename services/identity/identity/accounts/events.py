"""What the other services learn about accounts."""

from typing import ClassVar, Literal

from chassis.facts import Event

InvitationReason = Literal["transfer", "assignment", "member", "operator", "registration"]


class AccountEvent(Event):
    """An event whose aggregate is an account."""

    subject_field: ClassVar[str] = "account_id"

    account_id: str
    email: str


class AccountInvited(AccountEvent):
    """An account was made for a person who has not chosen a password yet."""

    event_type: ClassVar[str] = "identity.account.invited.v1"

    locale: str
    name: str
    organization_id: str | None
    reason: InvitationReason


class ActivationRequested(AccountEvent):
    """The activation link shall be mailed again."""

    event_type: ClassVar[str] = "identity.account.activation_requested.v1"

    locale: str
    reason: Literal["recovery", "member", "operator", "registration"]


class AccountJoined(AccountEvent):
    """Somebody who has an account already was taken into an organization by its owner."""

    event_type: ClassVar[str] = "identity.account.joined.v1"

    locale: str
    name: str
    organization_id: str
    organization_name: str


class RecoveryRequested(AccountEvent):
    """Somebody asked for a new password; the link goes to the account's address."""

    event_type: ClassVar[str] = "identity.account.recovery_requested.v1"

    locale: str


class PasswordChanged(AccountEvent):
    """The account has another password than before."""

    event_type: ClassVar[str] = "identity.account.password_changed.v1"

    locale: str


class AccountActivated(AccountEvent):
    """The person chose a password; from now on the account can sign in."""

    event_type: ClassVar[str] = "identity.account.activated.v1"

    locale: str
    name: str
    organization_ids: list[str]


class AccountDisabled(AccountEvent):
    """The account cannot sign in any more; its sessions are over."""

    event_type: ClassVar[str] = "identity.account.disabled.v1"


class AccountEnabled(AccountEvent):
    """A disabled account may sign in again."""

    event_type: ClassVar[str] = "identity.account.enabled.v1"


class EmailChangeRequested(AccountEvent):
    """Somebody who is signed in wants another address; `email` is the new one, and the link goes there."""

    event_type: ClassVar[str] = "identity.account.email_change_requested.v1"

    locale: str
    name: str


class EmailChanged(AccountEvent):
    """The account has another e-mail address; the person proved to read mail there."""

    event_type: ClassVar[str] = "identity.account.email_changed.v1"

    previous_email: str
    locale: str
    name: str
