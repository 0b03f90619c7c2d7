"""Every table of identity: what migrations are compared with."""

from identity.accounts import models as accounts
from identity.actionlinks import models as actionlinks
from identity.applications import models as applications
from identity.audit import models as audit
from identity.clients import models as clients
from identity.grants import models as grants
from identity.keys import models as keys
from identity.members import models as members
from identity.metadata import metadata
from identity.mfa import models as mfa
from identity.oauth import models as oauth
from identity.organizations import models as organizations
from identity.sessions import models as sessions
from identity.signin import models as signin
from identity.transfers import models as transfers

__all__ = [
    "accounts",
    "actionlinks",
    "applications",
    "audit",
    "clients",
    "grants",
    "keys",
    "members",
    "metadata",
    "mfa",
    "oauth",
    "organizations",
    "sessions",
    "signin",
    "transfers",
]
