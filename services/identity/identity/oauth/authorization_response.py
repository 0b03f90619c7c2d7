"""Answers of the authorization endpoint: to the client by redirect or form, or to the person as a page."""

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chassis.pages.locales import COOKIE, known, locale_of
from chassis.pages.routes import site_for
from chassis.pages.site import reading
from identity.oauth.authlib_adapter.errors import OAuth2Error
from identity.oauth.authorization_request import ReturnAddress
from identity.oauth.responses import body_of

PACKAGE = "identity"
GO_ON = "/oauth2/authorize/continue"
FORM_POST_SCRIPT = "/oauth2/form-post.js"


def success(request: Request, back: ReturnAddress, code: str) -> Response:
    """The code, on its way to the client."""
    return _to_client(request, back, {"code": code})


def failure(request: Request, back: ReturnAddress, error: OAuth2Error) -> Response:
    """An error, on its way to the client (RFC 6749 §4.1.2.1)."""
    return _to_client(request, back, body_of(error))


def _to_client(request: Request, back: ReturnAddress, parameters: dict[str, str]) -> Response:
    """Every answer names its issuer, errors too (RFC 9207 §2)."""
    issuer = request.app.state.runtime.platform.public_url
    state = {} if back.state is None else {"state": back.state}
    complete = {**parameters, **state, "iss": issuer}
    if back.response_mode == "form_post":
        return _form_post(request, back.redirect_uri, complete)
    separator = "&" if urlsplit(back.redirect_uri).query else "?"
    location = f"{back.redirect_uri.rstrip('?')}{separator}{urlencode(complete)}"
    response = Response(status_code=303, headers={"Cache-Control": "no-store", "Location": location})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _form_post(request: Request, redirect_uri: str, parameters: dict[str, str]) -> Response:
    """A form that sends itself, or waits for a click where scripts do not run (OAuth 2.0 Form Post Response Mode)."""
    site = site_for(request, PACKAGE)
    with reading(locale_of(request)):
        return site.page(
            request,
            "form_post.html",
            form_action=[origin_of(redirect_uri)],
            redirect_uri=redirect_uri,
            parameters=parameters,
            script=FORM_POST_SCRIPT,
        )


def error_page(request: Request, problem: str, *, status: int = 400) -> Response:
    """A page for the person, when the request cannot be trusted enough to go back to anybody."""
    site = site_for(request, PACKAGE)
    with reading(locale_of(request)):
        return site.error(request, status, sentence=site.t(f"oauth.problems.{problem}"))


def to_page(path: str, interaction: str, *, language: str | None = None) -> Response:
    """Send the browser to a page of ours that goes on with the interaction, in a language if one is given."""
    query = {"interaction": interaction} | ({"lang": language} if language else {})
    location = f"{path}?{urlencode(query)}"
    return RedirectResponse(location, 303, headers={"Cache-Control": "no-store"})


def wished_language(request: Request, ui_locales: str) -> str | None:
    """The first language of `ui_locales` that we speak, unless the person has chosen one on our pages."""
    if COOKIE in request.cookies:
        return None
    return next((language for tag in ui_locales.split() if (language := known(tag))), None)


def origin_of(uri: str) -> str:
    """What a content security policy calls the target of a form: origin, or scheme for custom ones."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
