"""The pages for a forgotten password, and for a link that has expired."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from chassis.http.dependencies import Read, Run
from chassis.kernel.emails import InvalidEmail, normalize_email
from chassis.pages.routes import page_router, site_of
from chassis.pages.site import Site
from identity.accounts.errors import PasswordRefused
from identity.accounts.forms import read_password_form
from identity.accounts.queries import Account, find_account
from identity.accounts.request_mail import request_mail
from identity.accounts.set_password import hash_new_password
from identity.actionlinks.errors import LinkUnusable
from identity.actionlinks.queries import find_link
from identity.mfa.queries import has_second_factor
from identity.recovery.recover import recover

pages = page_router("identity")

SitePages = Annotated[Site, site_of("identity")]
TO_SIGN_IN = "/bff/login?return_to=/"


@pages.get("/recover")
async def show_recovery(request: Request, site: SitePages) -> Response:
    """Ask for the address."""
    return site.page(request, "recover.html", email=request.query_params.get("email", "")[:320])


@pages.post("/recover")
async def submit_recovery(request: Request, runtime: Run, site: SitePages) -> Response:
    """Have a link mailed. The answer is the same whether or not there is such an account.

    Who never activated the account gets the activation mail again.
    """
    form = await request.form(max_files=0, max_fields=20)
    typed = str(form.get("email", ""))[:320]
    try:
        email = normalize_email(typed)
    except InvalidEmail:
        errors = {"email": site.t("recover.invalid_email")}
        return site.page(request, "recover.html", status=422, email=typed, errors=errors)
    async with runtime.database.transaction() as tx:
        account = await find_account(tx, email=email)
        if account is not None:
            await request_mail(tx, account, reason="recovery")
    return site.page(request, "recover_sent.html", email=email)


@pages.get("/recover/{token}")
async def show_new_password(token: str, request: Request, reader: Read, site: SitePages) -> Response:
    """Show the form for the new password; looking uses nothing up."""
    link = await find_link(reader, token, "recovery")
    account = await find_account(reader, account_id=link.account_id) if link else None
    if account is None or not account.is_active:
        return site.page(request, "link_unusable.html", status=410)
    return _form(site, request, account)


@pages.post("/recover/{token}")
async def submit_new_password(token: str, request: Request, runtime: Run, site: SitePages) -> Response:
    """Set the new password, end all sessions, and go on to sign in with it."""
    form = await read_password_form(request)
    async with runtime.database.read() as reader:
        link = await find_link(reader, token, "recovery")
        account = await find_account(reader, account_id=link.account_id) if link else None
        second_factor = account is not None and await has_second_factor(reader, account.id)
    if account is None or not account.is_active:
        return site.page(request, "link_unusable.html", status=410)
    try:
        form.check_is_confirmed()
        password_hash = await hash_new_password(
            runtime,
            password=form.password,
            account=account,
            has_second_factor=second_factor,
            pointer="/password",
        )
    except PasswordRefused as refusal:
        return _form(site, request, account, refusal)
    try:
        async with runtime.database.transaction(actor=f"user:{account.id}") as tx:
            await recover(tx, token=token, password_hash=password_hash)
    except LinkUnusable:
        return site.page(request, "link_unusable.html", status=410)
    return site.redirect(request, f"{site.public_url}{TO_SIGN_IN}", flash="recover.done")


def _form(site: Site, request: Request, account: Account, refusal: PasswordRefused | None = None) -> Response:
    errors = {}
    if refusal is not None:
        errors[refusal.errors[0].pointer.lstrip("/")] = site.t(f"password.{refusal.reason}")
    return site.page(request, "recover_password.html", status=422 if refusal else 200, account=account, errors=errors)
