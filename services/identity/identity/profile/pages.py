"""The account page: profile, password, second factor, sessions, connected applications."""

from starlette.responses import Response

from chassis.pages.routes import page_router
from identity.profile.actions import act
from identity.profile.desk import AtTheDesk
from identity.profile.views import show_email, show_overview, show_password, show_second_factor

pages = page_router("identity", sign_in="/bff/login")


@pages.get("/account")
async def show_account(desk: AtTheDesk, view: str = "") -> Response:
    """Show one's account, or one part of it."""
    match view:
        case "password":
            return await show_password(desk)
        case "email":
            return await show_email(desk)
        case "second-factor":
            return await show_second_factor(desk)
        case _:
            return await show_overview(desk)


@pages.post("/account")
async def change_account(desk: AtTheDesk) -> Response:
    """Do what a form of the account page asks for."""
    return await act(desk, await desk.request.form(max_files=0, max_fields=20))
