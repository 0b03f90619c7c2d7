"""The page /login, and the page that asks for the second factor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from chassis.kernel.errors import Malformed, Throttled, Unavailable
from chassis.pages.routes import page_router, site_of
from chassis.pages.site import Site
from chassis.runtime import Runtime
from identity.accounts.queries import Account, find_account
from identity.clients.client import Client
from identity.oauth import parameters
from identity.oauth.authlib_adapter.errors import OAuth2Error
from identity.oauth.authorization_response import GO_ON, origin_of
from identity.oauth.interactions import WaitingRequest, find_interaction, note
from identity.oauth.rules import is_local_path
from identity.sessions.cookie import set_session_cookie
from identity.sessions.current import current_session
from identity.signin.known_browsers import remember
from identity.signin.second_factor import Ticket, complete_sign_in, opened_ticket, sealed_ticket
from identity.signin.sign_in import SecondFactorNeeded, SignedIn, sign_in

pages = page_router("identity")
IdentitySite = Annotated[Site, site_of("identity")]


@dataclass(frozen=True, slots=True)
class Visit:
    """Why somebody is on the page: a client that waits, or a page of ours they came from."""

    reference: str
    waiting: WaitingRequest | None
    client: Client | None
    return_to: str
    signed_in_as: Account | None

    @property
    def goal(self) -> str:
        """Where to go once signed in."""
        if self.waiting is not None:
            return f"{GO_ON}?{urlencode({'interaction': self.reference})}"
        return self.return_to

    @property
    def form_action(self) -> list[str]:
        """Browsers hold redirects after a form to the page's policy, so the client's origin is named."""
        redirect_uri = self.waiting.parameters.get("redirect_uri") if self.waiting else None
        return [origin_of(redirect_uri)] if redirect_uri else []


@pages.get("/login")
async def show_login(request: Request, site: IdentitySite) -> Response:
    """The form; with what the client knows already filled in."""
    visit = await _visit(request, request.query_params)
    hint = visit.waiting.parameters.get("login_hint", "") if visit.waiting else ""
    return _login_page(request, site, visit, email=hint)


@pages.post("/login")
async def log_in(request: Request, site: IdentitySite) -> Response:
    """Address and password, or the choice to go on as the person who is signed in."""
    form = await _form(request)
    visit = await _visit(request, {**request.query_params, **form})
    if form.get("account") == "continue":
        return await _go_on_as_chosen(request, visit)
    email, is_remembered = form.get("email", ""), form.get("remember") == "yes"
    try:
        outcome = await sign_in(request, email=email, password=form.get("password", ""), is_remembered=is_remembered)
    except (Throttled, Unavailable) as error:
        return _come_back_later(_login_page(request, site, visit, email=email, error=error, status=error.status), error)
    match outcome:
        case SignedIn():
            return _welcome(request, visit, outcome)
        case SecondFactorNeeded(account):
            return _second_factor_page(request, site, visit, Ticket(account.id, is_remembered))
        case None:
            return _login_page(request, site, visit, email=email, wrong=True, status=422)


@pages.post("/login/second-factor")
async def log_in_with_second_factor(request: Request, site: IdentitySite) -> Response:
    """The code of the authenticator application, or a recovery code."""
    runtime: Runtime = request.app.state.runtime
    form = await _form(request)
    visit = await _visit(request, form)
    ticket = opened_ticket(runtime.edges.vault, form.get("ticket", ""), now=runtime.edges.real_clock.now())
    if ticket is None:
        return _login_page(request, site, visit, email="", status=422)
    try:
        outcome = await complete_sign_in(request, ticket, code=form.get("code", ""))
    except Throttled as error:
        page = _second_factor_page(request, site, visit, ticket, error=error, status=error.status)
        return _come_back_later(page, error)
    if outcome is None:
        return _second_factor_page(request, site, visit, ticket, wrong=True, status=422)
    return _welcome(request, visit, outcome)


async def _form(request: Request) -> Mapping[str, str]:
    try:
        return await parameters.of_form(request)
    except OAuth2Error as error:
        raise Malformed() from error


async def _visit(request: Request, sent: Mapping[str, str]) -> Visit:
    runtime: Runtime = request.app.state.runtime
    reference = sent.get("interaction", "")
    return_to = sent.get("return_to", "/")
    async with runtime.database.read() as reader:
        waiting = await find_interaction(reader, reference)
        if waiting is not None and not waiting.is_open(runtime.edges.real_clock.now()):
            waiting = None
        client = await runtime.edges.clients.find(waiting.client_id) if waiting else None
        session = await current_session(request, reader)
        account = await find_account(reader, account_id=session.account_id) if session else None
    return Visit(reference, waiting, client, return_to if is_local_path(return_to) else "/", account)


async def _go_on_as_chosen(request: Request, visit: Visit) -> Response:
    runtime: Runtime = request.app.state.runtime
    if visit.waiting is not None and visit.signed_in_as is not None:
        async with runtime.database.transaction() as tx:
            await note(tx, visit.waiting, visit.signed_in_as.id, is_account_chosen=True)
    return _to(visit.goal)


def _welcome(request: Request, visit: Visit, signed_in: SignedIn) -> Response:
    response = _to(visit.goal)
    set_session_cookie(response, signed_in.cookie)
    remember(request, response, signed_in.account.email)
    return response


def _login_page(
    request: Request,
    site: Site,
    visit: Visit,
    *,
    email: str,
    wrong: bool = False,
    error: Throttled | Unavailable | None = None,
    status: int = 200,
) -> Response:
    return site.page(
        request,
        "login.html",
        status=status,
        form_action=visit.form_action,
        visit=visit,
        email=email,
        can_go_on=_can_go_on(visit),
        errors=_errors(site, "signin.wrong" if wrong else None, error),
    )


def _second_factor_page(
    request: Request,
    site: Site,
    visit: Visit,
    ticket: Ticket,
    *,
    wrong: bool = False,
    error: Throttled | None = None,
    status: int = 200,
) -> Response:
    edges = request.app.state.runtime.edges
    return site.page(
        request,
        "second_factor.html",
        status=status,
        form_action=visit.form_action,
        visit=visit,
        ticket=sealed_ticket(edges.vault, ticket, now=edges.real_clock.now()),
        errors=_errors(site, "signin.wrong_code" if wrong else None, error),
    )


def _can_go_on(visit: Visit) -> bool:
    if visit.signed_in_as is None:
        return False
    return visit.waiting is None or "login" not in visit.waiting.parameters.get("prompt", "").split()


def _errors(site: Site, key: str | None, error: Throttled | Unavailable | None) -> dict[str, Any]:
    if isinstance(error, Throttled):
        return {"": site.t("signin.wait", count=error.retry_after)}
    if error is not None:
        return {"": site.t("signin.busy")}
    return {"": site.t(key)} if key else {}


def _come_back_later(response: Response, error: Throttled | Unavailable) -> Response:
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _to(location: str) -> Response:
    return RedirectResponse(location, 303, headers={"Cache-Control": "no-store"})
