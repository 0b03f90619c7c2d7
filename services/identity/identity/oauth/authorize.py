"""The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core 1.0 §3.1.2)."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from chassis.db.transaction import Reader
from chassis.runtime import Runtime
from identity.clients.scopes import allowed_to_roles
from identity.grants.queries import consented_scopes
from identity.oauth import interactions, parameters, store
from identity.oauth.access_token import roles_of
from identity.oauth.authlib_adapter.errors import (
    AccessDeniedError,
    AccountSelectionRequiredError,
    ConsentRequiredError,
    InvalidScopeError,
    LoginRequiredError,
    OAuth2Error,
)
from identity.oauth.authorization_request import (
    AuthorizationRequest,
    Refused,
    Unreturnable,
    checked_request,
    known_client,
    storable,
)
from identity.oauth.authorization_response import GO_ON, error_page, failure, success, to_page, wished_language
from identity.oauth.interactions import WaitingRequest
from identity.oauth.issue_code import issue_code
from identity.oauth.parameters import Parameters
from identity.oauth.people import Person, find_person
from identity.oauth.rules import Progress, SignedIn, Step, next_step
from identity.oauth.tokens import PUSHED_REQUEST
from identity.sessions.cookie import presented_secret
from identity.sessions.current import current_session
from identity.sessions.session import Session

PAGES: dict[Step, str] = {"login": "/login", "select_account": "/login", "consent": "/consent"}
WITHOUT_PAGES: dict[Step, type[OAuth2Error]] = {
    "login": LoginRequiredError,
    "select_account": AccountSelectionRequiredError,
    "consent": ConsentRequiredError,
}
DESCRIPTIONS: dict[Step, str] = {
    "login": "Nobody is signed in recently enough.",
    "select_account": "The person must choose an account.",
    "consent": "The person has not agreed yet.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with where it comes from: pushed before, waiting since, or just received."""

    request: AuthorizationRequest
    parameters: Parameters
    pushed_digest: str | None = None
    waiting: WaitingRequest | None = None

    @property
    def references(self) -> list[str]:
        """The stored requests that this answer uses up."""
        waiting = self.waiting.digest if self.waiting else None
        return [digest for digest in (self.pushed_digest, waiting) if digest is not None]


async def authorize(request: Request) -> Response:
    """Answer a request of a client, or begin the sign-in that it needs."""
    runtime: Runtime = request.app.state.runtime
    try:
        sent = await parameters.of_form(request) if request.method == "POST" else parameters.of_query(request)
    except OAuth2Error:
        return error_page(request, "malformed_request")
    return await _answering(request, runtime, _received(request, runtime, sent))


async def go_on(request: Request) -> Response:
    """Answer a request that waited, now that the person has signed in or agreed."""
    runtime: Runtime = request.app.state.runtime
    return await _answering(request, runtime, _waited(request, runtime))


async def _answering(request: Request, runtime: Runtime, asking: Awaitable[Asked]) -> Response:
    try:
        return await _answer(request, runtime, await asking)
    except Unreturnable as error:
        return error_page(request, error.problem)
    except Refused as error:
        return failure(request, error.back, error.error)


async def _received(request: Request, runtime: Runtime, sent: Parameters) -> Asked:
    reference = sent.get("request_uri", "")
    if not reference.startswith(PUSHED_REQUEST):
        client = await known_client(runtime, sent.get("client_id"))
        return Asked(checked_request(runtime, client, sent, is_pushed=False), sent)
    async with runtime.database.read() as reader:
        pushed = await interactions.find_pushed(reader, reference)
    now = runtime.edges.real_clock.now()
    if pushed is None or not pushed.is_open(now) or sent.get("client_id") != pushed.client_id:
        raise Unreturnable("unknown_request_uri")
    client = await known_client(runtime, pushed.client_id)
    asked = checked_request(runtime, client, pushed.parameters, is_pushed=True)
    return Asked(asked, pushed.parameters, pushed_digest=pushed.digest)


async def _waited(request: Request, runtime: Runtime) -> Asked:
    now = runtime.edges.real_clock.now()
    async with runtime.database.read() as reader:
        waiting = await interactions.find_interaction(reader, request.query_params.get("interaction"))
    if waiting is None or not waiting.is_open(now):
        raise Unreturnable("interaction_over")
    client = await known_client(runtime, waiting.client_id)
    asked = checked_request(runtime, client, waiting.parameters, is_pushed=True)
    return Asked(asked, waiting.parameters, pushed_digest=waiting.pushed_digest, waiting=waiting)


async def _answer(request: Request, runtime: Runtime, asked: Asked) -> Response:
    now: datetime = runtime.edges.real_clock.now()
    async with runtime.database.read() as reader:
        session = await current_session(request, reader)
        person = await find_person(reader, session.account_id) if session else None
        if session is None or person is None or not person.is_active:
            return await _begin(request, reader, asked, "login", now)
        step = await _step(reader, asked, session, now)
        if step != "proceed":
            return await _begin(request, reader, asked, step, now)
        organization_id = _organization(runtime, asked.request, session, person)
        if not asked.references:
            code = await issue_code(reader, asked.request, session, organization_id=organization_id, now=now)
            return success(request, asked.request.back, code)
    async with runtime.database.transaction(actor=f"user:{person.account_id}") as tx:
        for digest in asked.references:
            if not await store.use_request(tx, digest=digest, now=now):
                raise Unreturnable("interaction_over")
        code = await issue_code(tx, asked.request, session, organization_id=organization_id, now=now)
    return success(request, asked.request.back, code)


async def _step(reader: Reader, asked: Asked, session: Session, now: datetime) -> Step:
    missing = await _is_consent_missing(reader, asked.request, session)
    progress: Progress | None = asked.waiting.progress_of(session.account_id) if asked.waiting else None
    signed_in = SignedIn(session.account_id, session.authenticated_at)
    return next_step(asked.request.wishes, signed_in, progress, is_consent_missing=missing, now=now)


async def _is_consent_missing(reader: Reader, asked: AuthorizationRequest, session: Session) -> bool:
    if asked.client.is_first_party:
        return False
    consented = await consented_scopes(reader, account_id=session.account_id, client_id=asked.client.id)
    return not set(asked.scopes) <= consented


async def _begin(request: Request, reader: Reader, asked: Asked, step: Step, now: datetime) -> Response:
    """Send the person to the page of the next step, unless the client wants no page (`prompt=none`)."""
    if "none" in asked.request.wishes.prompts:
        return failure(request, asked.request.back, WITHOUT_PAGES[step](DESCRIPTIONS[step]))
    if asked.waiting is not None:
        return to_page(PAGES[step], request.query_params["interaction"])
    reference = await interactions.wait(
        reader,
        client_id=asked.request.client.id,
        parameters=storable(asked.parameters, asked.request),
        pushed_digest=asked.pushed_digest,
        now=now,
    )
    if request.method == "POST" and presented_secret(request) is None:
        return to_page(GO_ON, reference)  # a form of another site: browsers send the cookie with the next GET only
    language = wished_language(request, asked.parameters.get("ui_locales", ""))
    return to_page(PAGES[step], reference, language=language)


def _organization(runtime: Runtime, asked: AuthorizationRequest, session: Session, person: Person) -> str | None:
    """The organization that tokens will act in. Raises Refused when the person has no part in what is asked for."""
    wanted = asked.organization_id
    if wanted is not None and not person.belongs_to(wanted):
        raise Refused(AccessDeniedError("The person does not belong to this organization."), asked.back)
    organization_id, roles = person.acting_in(wanted)
    if not allowed_to_roles(asked.scopes, roles_of(runtime, person, roles, session.amr)):
        raise Refused(InvalidScopeError("The person holds none of these scopes."), asked.back)
    return organization_id
