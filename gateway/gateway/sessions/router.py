"""`/bff/user` and `/bff/organization`: the session as front ends see and change it."""

from typing import Annotated
from urllib.parse import parse_qs

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import JSONResponse, RedirectResponse, Response

from chassis.http.problems import problems
from chassis.kernel.errors import Invalid, Malformed, Unauthenticated, Unavailable
from chassis.pages.origin import check_origin, origin_of
from gateway.paths import own_path
from gateway.provider.errors import ProviderAway
from gateway.sessions import cookie as session_cookie
from gateway.sessions.csrf import check_call
from gateway.sessions.current import desk_of, signed_in, up_to_date
from gateway.sessions.find import find
from gateway.sessions.schemas import SwitchOrganization, User
from gateway.sessions.switch import NotYourOrganization, switch

router = APIRouter(tags=["session"])

NO_STORE = {"Cache-Control": "no-store"}
FORM = "application/x-www-form-urlencoded"
"""Pages send a form, scripts send JSON."""
BY_COOKIE = {"security": [{"session": []}]}


@router.get(
    "/bff/user",
    response_model=User,
    summary="Who is signed in",
    responses=problems(Unauthenticated),
    openapi_extra=BY_COOKIE,
)
async def show_user(
    request: Request, slide: Annotated[bool, Query(description="`false`: asking does not prolong the session.")] = True
) -> Response:
    """The person at this browser with the rights they hold now, or 401; never a redirect."""
    desk = desk_of(request)
    cookie = request.cookies.get(desk.cookie_name)
    session = await find(desk, cookie, slide=slide) if cookie else None
    if session is None:
        raise Unauthenticated()
    if slide:
        session = await up_to_date(desk, session)
    return JSONResponse(User.of(session).model_dump(mode="json"), headers=NO_STORE)


@router.post(
    "/bff/organization",
    response_model=User,
    summary="Work for another organization",
    responses=problems(Malformed, Unauthenticated, NotYourOrganization, Invalid, Unavailable),
    openapi_extra={
        **BY_COOKIE,
        "requestBody": {
            "required": True,
            "content": {
                kind: {"schema": SwitchOrganization.model_json_schema()} for kind in ("application/json", FORM)
            },
        },
    },
)
async def switch_organization(request: Request) -> Response:
    """Re-issue the session's tokens for another organization of the same person.

    The membership is checked at this moment. A script sends JSON with `X-CSRF: 1` and gets the user; a page's form
    is sent on to the home page, or to its field `return_to`.
    """
    body = await request.body()
    is_form = request.headers.get("content-type", "").startswith(FORM)
    fields = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    _check_sender(request, is_form=is_form)
    wanted = _read(fields, body, is_form=is_form)
    desk = desk_of(request)
    session = await signed_in(request)
    try:
        cookie, session = await switch(desk, session, wanted.organization_id)
    except ProviderAway as away:
        raise Unavailable() from away
    response: Response
    if is_form:
        response = RedirectResponse(own_path(fields.get("return_to")), 303, headers=NO_STORE)
    else:
        response = JSONResponse(User.of(session).model_dump(mode="json"), headers=NO_STORE)
    session_cookie.put(response, desk, cookie)
    return response


def _check_sender(request: Request, *, is_form: bool) -> None:
    public_url = request.app.state.runtime.platform.public_url
    if is_form:
        check_origin(request, public_url)
        return
    headers = request.headers
    check_call(
        request.method,
        csrf=headers.get("x-csrf"),
        site=headers.get("sec-fetch-site"),
        origin=headers.get("origin"),
        own_origin=origin_of(public_url),
    )


def _read(fields: dict[str, str], body: bytes, *, is_form: bool) -> SwitchOrganization:
    try:
        sent = {"organization_id": fields.get("organization_id", "")} if is_form else orjson.loads(body)
    except ValueError as error:
        raise Malformed("The body is not valid JSON.") from error
    try:
        return SwitchOrganization.model_validate(sent)
    except ValidationError as error:
        issues = [{**issue, "loc": ("body", *issue["loc"])} for issue in error.errors()]
        raise RequestValidationError(issues, body=sent) from error
