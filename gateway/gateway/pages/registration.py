"""`/register`: a new customer opens an account; everything else is in the mail."""

from fastapi import Request
from starlette.responses import Response

from chassis.pages.locales import locale_of
from gateway.pages.refusals import Refusal
from gateway.pages.visit import API, Form, PortalSite, Services, checked, portal_router

router = portal_router()

PATH = "/register"
FIELDS = ("email", "name", "company", "country")


@router.get(PATH)
async def show_registration(request: Request, site: PortalSite) -> Response:
    """The form for companies that are no customers yet."""
    return site.page(request, "portal/register.html", fields=dict.fromkeys(FIELDS, ""))


@router.post(PATH)
async def register(request: Request, site: PortalSite, services: Services) -> Response:
    """Ask for an account. The answer is the same whether the address is known or not: the mail tells."""
    fields = Form(await request.form()).values(*FIELDS)
    errors = {name: site.t("field_error.missing") for name in FIELDS if not fields[name]}
    if not errors:
        organization = {"name": fields["company"], "country": fields["country"].upper()}
        body = {
            "email": fields["email"],
            "name": fields["name"],
            "locale": locale_of(request),
            "organization": organization,
        }
        try:
            checked(await services.post(None, f"{API}/registrations", json=body))
            return site.redirect(request, "/", flash="register.mail_sent", email=fields["email"])
        except Refusal as refusal:
            if not refusal.is_about_input:
                raise
            errors = refusal.errors(site)
    return site.page(request, "portal/register.html", status=422, fields=fields, errors=errors)
