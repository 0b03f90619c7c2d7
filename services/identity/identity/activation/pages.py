"""The page behind “Activate your account” (transfer FAQ: “Comment activer mon compte”)."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from chassis.http.dependencies import Read, Run
from chassis.pages.routes import page_router, site_of
from chassis.pages.site import Site
from identity.accounts.errors import PasswordRefused
from identity.accounts.forms import read_password_form
from identity.accounts.queries import Account, find_account
from identity.accounts.set_password import hash_new_password
from identity.actionlinks.errors import LinkUnusable
from identity.actionlinks.queries import find_link
from identity.activation.activate import activate
from identity.sessions.start import set_session_cookie, start_session

pages = page_router("identity")

SitePages = Annotated[Site, site_of("identity")]
INTO_THE_PORTAL = "/bff/login?return_to=/"


@pages.get("/activate/{token}")
async def show_activation(token: str, request: Request, reader: Read, site: SitePages) -> Response:
    """Show the form. Looking uses nothing up, however often a mail scanner comes by."""
    link = await find_link(reader, token, "activation")
    account = await find_account(reader, account_id=link.account_id) if link else None
    if account is None or account.status != "invited":
        return unusable(site, request)
    return _form(site, request, account)


@pages.post("/activate/{token}")
async def submit_activation(token: str, request: Request, runtime: Run, site: SitePages) -> Response:
    """Open the account with the password chosen, sign in, and go on to the App Portal."""
    form = await read_password_form(request)
    async with runtime.database.read() as reader:
        link = await find_link(reader, token, "activation")
        account = await find_account(reader, account_id=link.account_id) if link else None
    if account is None or account.status != "invited":
        return unusable(site, request)
    try:
        form.check_is_confirmed()
        password_hash = await hash_new_password(
            runtime, password=form.password, account=account, has_second_factor=False, pointer="/password"
        )
    except PasswordRefused as refusal:
        return _form(site, request, account, refusal)
    try:
        async with runtime.database.transaction(actor=f"user:{account.id}") as tx:
            await activate(tx, token=token, password_hash=password_hash)
            session = await start_session(tx, request, account.id, ["pwd"], is_operator=account.is_operator)
    except LinkUnusable:
        return unusable(site, request)
    response = site.redirect(request, f"{site.public_url}{INTO_THE_PORTAL}")
    set_session_cookie(response, session)
    return response


def unusable(site: Site, request: Request) -> Response:
    """The one page for expired, used, unknown and superseded links, with a way on: have a new one sent."""
    return site.page(request, "link_unusable.html", status=410)


def _form(site: Site, request: Request, account: Account, refusal: PasswordRefused | None = None) -> Response:
    errors = {}
    if refusal is not None:
        field = refusal.errors[0].pointer.lstrip("/")
        errors[field] = site.t(f"password.{refusal.reason}")
    return site.page(
        request,
        "activate.html",
        status=422 if refusal else 200,
        account=account,
        errors=errors,
    )
