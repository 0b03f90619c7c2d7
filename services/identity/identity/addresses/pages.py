"""The page behind the link that was mailed to a new address."""

from typing import Annotated

from fastapi import Request
from starlette.responses import Response

from chassis.http.dependencies import Read, Run
from chassis.pages.routes import page_router, site_of
from chassis.pages.site import Site
from identity.actionlinks.errors import LinkUnusable
from identity.actionlinks.queries import find_link
from identity.addresses.confirm import confirm

pages = page_router("identity")

SitePages = Annotated[Site, site_of("identity")]


@pages.get("/activate/email/{token}")
async def show_email_change(token: str, request: Request, reader: Read, site: SitePages) -> Response:
    """Show the new address and a button; looking uses nothing up."""
    link = await find_link(reader, token, "email")
    if link is None:
        return site.page(request, "link_unusable.html", status=410)
    return site.page(request, "confirm_email.html", email=link.new_email)


@pages.post("/activate/email/{token}")
async def submit_email_change(token: str, request: Request, runtime: Run, site: SitePages) -> Response:
    """Make it the account's address."""
    try:
        async with runtime.database.transaction() as tx:
            await confirm(tx, token=token)
    except LinkUnusable:
        return site.page(request, "link_unusable.html", status=410)
    return site.redirect(request, "/account", flash="address.changed")
