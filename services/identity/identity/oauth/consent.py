"""The page on which a person agrees that a client may act for them, or refuses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel.errors import BusinessError
from chassis.pages.locales import locale_of
from chassis.pages.origin import check_origin
from chassis.pages.routes import refusal, site_for
from chassis.pages.site import reading
from chassis.runtime import Runtime
from identity.clients.scopes import DESCRIPTION_ORDER
from identity.grants.consent import consent as give_consent
from identity.oauth import interactions, parameters, store
from identity.oauth.authlib_adapter.errors import AccessDeniedError, OAuth2Error
from identity.oauth.authorization_request import (
    AuthorizationRequest,
    Refused,
    Unreturnable,
    checked_request,
    known_client,
)
from identity.oauth.authorization_response import GO_ON, PACKAGE, error_page, failure, origin_of, to_page
from identity.oauth.interactions import WaitingRequest
from identity.oauth.people import Person, find_person
from identity.sessions.current import current_session


@dataclass(frozen=True, slots=True)
class Pending:
    """The question on the page: who is asked, by which request."""

    reference: str
    waiting: WaitingRequest
    asked: AuthorizationRequest
    person: Person


Answer = Callable[[Request, Pending], Awaitable[Response]]


async def consent_page(request: Request) -> Response:
    """Show what the client asks for."""
    return await _guarded(request, request.query_params.get("interaction"), _show)


async def decide(request: Request) -> Response:
    """Take the answer: `decision=allow` or `decision=deny`."""
    runtime: Runtime = request.app.state.runtime
    try:
        check_origin(request, runtime.platform.public_url)
        form = await parameters.of_form(request)
    except BusinessError as error:
        return refusal(site_for(request, PACKAGE), request, error)
    except OAuth2Error:
        return error_page(request, "malformed_request")
    request.state.decision = form.get("decision")
    reference = form.get("interaction") or request.query_params.get("interaction")
    return await _guarded(request, reference, _decided)


async def _guarded(request: Request, reference: str | None, answer: Answer) -> Response:
    try:
        pending = await _pending(request, reference)
    except Unreturnable as error:
        return error_page(request, error.problem)
    except Refused as error:
        return failure(request, error.back, error.error)
    if pending is None:
        return to_page("/login", reference or "")
    return await answer(request, pending)


async def _pending(request: Request, reference: str | None) -> Pending | None:
    """The open question; None when nobody is signed in to answer it. Raises Unreturnable."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.read() as reader:
        waiting = await interactions.find_interaction(reader, reference)
        if reference is None or waiting is None or not waiting.is_open(runtime.edges.real_clock.now()):
            raise Unreturnable("interaction_over")
        client = await known_client(runtime, waiting.client_id)
        session = await current_session(request, reader)
        person = await find_person(reader, session.account_id) if session else None
    if person is None:
        return None
    asked = checked_request(runtime, client, waiting.parameters, is_pushed=True)
    return Pending(reference, waiting, asked, person)


async def _show(request: Request, pending: Pending) -> Response:
    site = site_for(request, PACKAGE)
    client = pending.asked.client
    scopes = [scope for scope in DESCRIPTION_ORDER if scope in pending.asked.scopes]
    with reading(locale_of(request)):
        return site.page(
            request,
            "consent.html",
            form_action=[origin_of(pending.asked.back.redirect_uri)],
            client=client,
            scopes=scopes,
            account=pending.person,
            interaction=pending.reference,
        )


async def _decided(request: Request, pending: Pending) -> Response:
    runtime: Runtime = request.app.state.runtime
    match request.state.decision:
        case "allow":
            await _allow(runtime, pending)
            return to_page(GO_ON, pending.reference)
        case "deny":
            async with runtime.database.transaction() as tx:
                await store.use_request(tx, digest=pending.waiting.digest, now=runtime.edges.real_clock.now())
            error = AccessDeniedError("The person did not agree.")
            return failure(request, pending.asked.back, error)
        case _:
            return error_page(request, "malformed_request")


async def _allow(runtime: Runtime, pending: Pending) -> None:
    account_id = pending.person.account_id
    async with runtime.database.transaction(actor=f"user:{account_id}") as tx:
        await interactions.note(tx, pending.waiting, account_id, is_consented=True)
        await give_consent(tx, account_id=account_id, client_id=pending.asked.client.id, scopes=pending.asked.scopes)
