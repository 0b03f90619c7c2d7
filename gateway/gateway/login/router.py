"""`/bff/…`: signing in and out. Browser addresses answer with pages and redirects, the others as problems."""

import time
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from chassis.kernel.errors import Malformed
from chassis.pages.locales import chosen_now
from chassis.pages.origin import check_origin
from chassis.pages.routes import page_router
from gateway.login import cookies
from gateway.login.backchannel import LogoutTokenRefused, backchannel
from gateway.login.finish import Answer, SignInNotKnown, finish
from gateway.login.logout import SIGNED_OUT, logout
from gateway.login.start import start
from gateway.paths import HOME
from gateway.sessions import cookie as session_cookie
from gateway.sessions.current import desk_of, session_of
from gateway.sessions.desk import key_of

NO_STORE = {"Cache-Control": "no-store"}
PROMPTS = frozenset({"login", "select_account"})
LARGEST_LOGOUT_TOKEN = 16_384

browser = page_router("gateway.pages")
router = APIRouter(tags=["session"])


@browser.get("/bff/login")
async def login(
    request: Request,
    return_to: Annotated[str | None, Query()] = None,
    prompt: Annotated[str | None, Query()] = None,
    login_hint: Annotated[str | None, Query(max_length=320)] = None,
) -> Response:
    """Send the browser to the sign-in page, and afterwards to `return_to` (a path of this origin)."""
    desk = desk_of(request)
    begun = await start(
        desk,
        return_to=return_to,
        prompt=prompt if prompt in PROMPTS else None,
        login_hint=login_hint,
        ui_locales=chosen_now(request),
    )
    response = RedirectResponse(begun.location, 303, headers=NO_STORE)
    cookies.drop_oldest(request, response, secure=desk.is_secure)
    cookies.put(response, state=begun.state, secret=begun.secret, started_at=int(time.time()), secure=desk.is_secure)
    return response


@browser.get("/bff/callback")
async def callback(
    request: Request,
    state: Annotated[str, Query()] = "",
    code: Annotated[str | None, Query()] = None,
    iss: Annotated[str | None, Query()] = None,
    error: Annotated[str | None, Query()] = None,
) -> Response:
    """Where the provider sends the browser back to."""
    desk = desk_of(request)
    held = request.cookies.get(desk.cookie_name)
    try:
        cookie, return_to = await finish(
            desk,
            Answer(state=state, issuer=iss, code=code, error=error),
            secret=cookies.secret_in(request, state),
            replaces=key_of(held) if held else None,
        )
    except SignInNotKnown:
        if await session_of(request) is None:
            raise
        return RedirectResponse(HOME, 303, headers=NO_STORE)
    response = RedirectResponse(return_to, 303, headers=NO_STORE)
    session_cookie.put(response, desk, cookie)
    cookies.drop(response, state, secure=desk.is_secure)
    return response


@router.post("/bff/logout", summary="Sign out everywhere", responses={303: {"description": "To a form's sender."}})
async def sign_out(request: Request) -> Response:
    """End the session of this browser and the one at the provider.

    A form is sent on to the provider's sign-out address; other callers get that address as `logout_url`. Calling it
    without a session is harmless.
    """
    check_origin(request, request.app.state.runtime.platform.public_url)
    desk = desk_of(request)
    session = await session_of(request)
    logout_url = SIGNED_OUT if session is None else await logout(desk, session)
    response: Response
    if _comes_from_form(request):
        response = RedirectResponse(logout_url, 303, headers=NO_STORE)
    else:
        response = JSONResponse({"logout_url": logout_url}, headers=NO_STORE)
    session_cookie.drop(response, desk)
    return response


@router.post("/bff/backchannel", include_in_schema=False)
async def end_by_provider(request: Request) -> Response:
    """The provider says that a session ended (OpenID Connect Back-Channel Logout 1.0 §2.5, §2.8)."""
    form = await _form_of(request)
    tokens = form.get("logout_token", [])
    if len(tokens) != 1:
        raise LogoutTokenRefused("Send one logout_token.")
    await backchannel(desk_of(request), tokens[0])
    return Response(status_code=200, headers=NO_STORE)


def _comes_from_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("application/x-www-form-urlencoded", "multipart/form-data") or "text/html" in request.headers.get(
        "accept", ""
    )


async def _form_of(request: Request) -> dict[str, list[Any]]:
    body = await request.body()
    if len(body) > LARGEST_LOGOUT_TOKEN:
        raise Malformed("The form is too large.")
    return parse_qs(body.decode("latin-1"), keep_blank_values=True)
