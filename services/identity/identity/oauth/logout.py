"""Logout started by a client (OpenID Connect RP-Initiated Logout 1.0)."""

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chassis.pages.locales import locale_of
from chassis.pages.origin import is_cross_site
from chassis.pages.routes import site_for
from chassis.pages.site import reading
from chassis.runtime import Runtime
from identity.clients.client import Client
from identity.oauth import parameters
from identity.oauth.authlib_adapter.errors import OAuth2Error
from identity.oauth.authorization_request import claims_of_hint
from identity.oauth.authorization_response import PACKAGE, error_page, origin_of
from identity.oauth.parameters import Parameters
from identity.sessions.cookie import drop_session_cookie
from identity.sessions.current import current_session
from identity.sessions.end import end_session
from identity.sessions.session import Session

SIGNED_OUT = "/signed-out"
CONFIRMED = "confirmed"


class BadLogout(Exception):
    """The request cannot be followed; `problem` names the sentence that says why."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


async def logout(request: Request) -> Response:
    """End the session when the client proves by an id token that it is its own; else ask the person first (§2)."""
    runtime: Runtime = request.app.state.runtime
    try:
        sent = await parameters.of_form(request) if request.method == "POST" else parameters.of_query(request)
        return await _log_out(request, runtime, sent)
    except OAuth2Error:
        return error_page(request, "malformed_request")
    except BadLogout as error:
        return error_page(request, error.problem)


async def _log_out(request: Request, runtime: Runtime, sent: Parameters) -> Response:
    hint = _claims(runtime, sent)
    client = await _client(runtime, sent, hint)
    async with runtime.database.read() as reader:
        session = await current_session(request, reader)
    target = _target(client, sent)
    if session is not None and not _is_vouched_for(request, runtime, session, sent, hint):
        return _ask(request, sent, target)
    session_id = session.id if session else None
    return await _ended(request, runtime, session_id or _session_of_hint(hint), target)


def _claims(runtime: Runtime, sent: Parameters) -> dict[str, object] | None:
    hint = sent.get("id_token_hint")
    if hint is None:
        return None
    claims = claims_of_hint(runtime, hint)
    if claims is None:
        raise BadLogout("unknown_id_token")
    return claims


async def _client(runtime: Runtime, sent: Parameters, hint: dict[str, object] | None) -> Client | None:
    named = sent.get("client_id")
    in_hint = str(hint["aud"]) if hint else None
    if named is not None and in_hint is not None and named != in_hint:
        raise BadLogout("unknown_client")
    client_id = named or in_hint
    if client_id is None:
        return None
    client: Client | None = await runtime.edges.clients.find(client_id)
    if client is None:
        raise BadLogout("unknown_client")
    return client


def _target(client: Client | None, sent: Parameters) -> str:
    """Where the browser goes afterwards: only to an address that the client has registered (§3)."""
    wanted = sent.get("post_logout_redirect_uri")
    if wanted is None:
        return SIGNED_OUT
    if client is None or not client.is_active or not client.may_return_after_logout(wanted):
        raise BadLogout("unknown_post_logout_redirect_uri")
    if "state" not in sent:
        return wanted
    separator = "&" if urlsplit(wanted).query else "?"
    return f"{wanted}{separator}{urlencode({'state': sent['state']})}"


def _is_vouched_for(
    request: Request, runtime: Runtime, session: Session, sent: Parameters, hint: dict[str, object] | None
) -> bool:
    """Whether the person wants this: an id token of this very session, or a click on our own page."""
    if hint is not None and hint.get("sub") == session.account_id:
        return hint.get("sid") in (None, session.id)
    clicked = request.method == "POST" and sent.get(CONFIRMED) == "yes"
    return clicked and not is_cross_site(request, runtime.platform.public_url)


def _session_of_hint(hint: dict[str, object] | None) -> str | None:
    """The client may end the session of its id token, even when the browser has lost the cookie."""
    sid = hint.get("sid") if hint else None
    return str(sid) if sid is not None else None


async def _ended(request: Request, runtime: Runtime, session_id: str | None, target: str) -> Response:
    if session_id is not None:
        async with runtime.database.transaction() as tx:
            await end_session(tx, session_id, "signed_out")
    response = RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
    drop_session_cookie(request, response)
    return response


def _ask(request: Request, sent: Parameters, target: str) -> Response:
    site = site_for(request, PACKAGE)
    form_action = [] if target == SIGNED_OUT else [origin_of(target)]
    with reading(locale_of(request)):
        return site.page(
            request, "confirm_logout.html", form_action=form_action, parameters=dict(sent), action=request.url.path
        )


async def signed_out(request: Request) -> Response:
    """The page at the end of a logout."""
    site = site_for(request, PACKAGE)
    with reading(locale_of(request)):
        return site.page(request, "signed_out.html")
