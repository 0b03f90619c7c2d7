"""The identity service: its table of contents."""

from chassis.service import Service
from identity.accounts import events as accounts
from identity.actionlinks import router as actionlinks
from identity.activation import pages as activation
from identity.addresses import pages as address_page
from identity.addresses import router as addresses
from identity.administration import router as administration
from identity.applications import router as applications
from identity.audit import router as audit
from identity.clients import events as client_events
from identity.clients import router as clients
from identity.edges import open_edges
from identity.grants import events as grant_events
from identity.grants import router as grants
from identity.keys import jobs as key_jobs
from identity.keys import router as keys
from identity.members import events as member_events
from identity.members import router as members
from identity.mfa import router as mfa
from identity.oauth import jobs as oauth_jobs
from identity.oauth import router as oauth
from identity.organizations import events as organization_events
from identity.organizations import router as organizations
from identity.profile import pages as account_page
from identity.profile import router as profile
from identity.reactions import licensing, shop
from identity.recovery import pages as recovery
from identity.registrations import router as registrations
from identity.sessions import events as session_events
from identity.sessions import jobs as session_jobs
from identity.sessions import router as sessions
from identity.settings import Settings
from identity.signin import jobs as signin_jobs
from identity.signin import pages as signin
from identity.tables import metadata
from identity.testclock import router as testclock

service = Service(
    name="identity",
    title="Identity",
    description="Accounts, organizations and their members, the tiles of the App Portal, and the OpenID provider.",
    package="identity",
    settings=Settings,
    metadata=metadata,
    routers=(
        profile.router,
        addresses.router,
        mfa.router,
        sessions.router,
        grants.router,
        registrations.router,
        organizations.router,
        members.router,
        applications.router,
        administration.router,
        clients.router,
        keys.router,
        audit.router,
        testclock.router,
    ),
    pages=(
        signin.pages,
        activation.pages,
        address_page.pages,
        recovery.pages,
        account_page.pages,
    ),
    internal=(actionlinks.router,),
    reactions=(shop.reactions, licensing.reactions),
    jobs=(key_jobs.jobs, session_jobs.jobs, oauth_jobs.jobs, signin_jobs.jobs),
    events=(
        accounts.AccountInvited,
        accounts.ActivationRequested,
        accounts.AccountJoined,
        accounts.RecoveryRequested,
        accounts.AccountActivated,
        accounts.PasswordChanged,
        accounts.EmailChangeRequested,
        accounts.EmailChanged,
        accounts.AccountDisabled,
        accounts.AccountEnabled,
        organization_events.OrganizationCreated,
        organization_events.OrganizationChanged,
        member_events.MemberAdded,
        member_events.MemberChanged,
        member_events.MemberRemoved,
        session_events.SessionEnded,
        grant_events.AccessRevoked,
        client_events.ClientDisabled,
    ),
    edges=open_edges,
    on_app=oauth.mount,
)
