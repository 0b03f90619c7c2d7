"""The person at the account page, and what the page is made of."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from chassis.http.dependencies import runtime_of
from chassis.kernel.errors import Unauthenticated
from chassis.pages.routes import site_for
from chassis.pages.site import Site
from chassis.runtime import Runtime
from identity.accounts.queries import Account, find_account
from identity.sessions.current import current_session
from identity.sessions.session import Session


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of somebody who is signed in."""

    request: Request
    runtime: Runtime
    site: Site
    account: Account
    session: Session

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """A page about this person."""
        return self.site.page(
            self.request,
            template,
            status=status,
            person=self.account,
            account=self.account,
            **{"errors": {}, **context},
        )

    def back(self, flash: str, *, view: str = "") -> Response:
        """Back to the account page, with a sentence about what was done."""
        return self.site.redirect(self.request, "/account" + (f"?view={view}" if view else ""), flash=flash)


async def desk(request: Request) -> Desk:
    """Who sits there. Raises Unauthenticated."""
    runtime = runtime_of(request)
    async with runtime.database.read() as reader:
        session = await current_session(request, reader)
        account = await find_account(reader, account_id=session.account_id) if session else None
    if session is None or account is None or not account.is_active:
        raise Unauthenticated
    return Desk(request, runtime, site_for(request, "identity"), account, session)


AtTheDesk = Annotated[Desk, Depends(desk)]


def text_of(form: FormData, name: str, longest: int = 4096) -> str:
    """A text field of the form; missing ones are empty."""
    value = form.get(name)
    return value[:longest] if isinstance(value, str) else ""
