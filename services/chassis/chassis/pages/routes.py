"""Routers of pages: refusals become pages, foreign forms are refused, strangers are asked to sign in."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.params import Depends
from fastapi.routing import APIRoute
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import HTMLResponse, Response

from chassis.kernel.errors import BusinessError, Throttled, Unauthenticated, Unavailable
from chassis.ops.brand import load_brand
from chassis.ops.logging import get_logger
from chassis.pages.locales import locale_of
from chassis.pages.origin import SAFE_METHODS, check_origin, origin_of
from chassis.pages.site import Site, reading

log = get_logger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def site_of(package: str) -> Any:
    """The `Site` of `package` as a dependency: `site: Annotated[Site, site_of("identity")]`."""

    def site(request: Request) -> Site:
        return site_for(request, package)

    return Depends(site)


def site_for(request: Request, package: str) -> Site:
    """The application's one `Site` of `package`, made at its first use."""
    state = request.app.state
    if not hasattr(state, "sites"):
        state.sites = {}
    if package not in state.sites:
        runtime = state.runtime
        state.sites[package] = Site(package, runtime.platform, load_brand(runtime.platform))
    return state.sites[package]


def page_router(package: str, *, sign_in: str | None = None, **options: Any) -> APIRouter:
    """A router whose refusals are pages. `sign_in` is where strangers are sent, with `return_to` added."""

    class PageRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            answer = super().get_route_handler()

            async def handler(request: Request) -> Response:
                site = site_for(request, package)
                with reading(locale_of(request)):
                    try:
                        check_origin(request, site.public_url)
                        return await answer(request)
                    except Unauthenticated as error:
                        return _ask_to_sign_in(site, request, sign_in, error)
                    except BusinessError as error:
                        return refusal(site, request, error)
                    except RequestValidationError:
                        return site.error(request, 422)
                    except (HTTPException, StarletteHTTPException) as error:
                        return site.error(request, error.status_code)
                    except (InterfaceError, OperationalError, PoolTimeout) as error:
                        log.warning("database.unavailable", reason=type(error).__name__)
                        return site.error(request, 503)
                    except Exception:
                        log.exception("page.failed", route=self.path)
                        return site.error(request, 500)

            return handler

    return APIRouter(route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse, **options)


def refusal(site: Site, request: Request, error: BusinessError) -> Response:
    """The error page for an expected refusal."""
    detail = "" if error.detail == f"{error.title}." else error.detail
    response = site.error(request, error.status, code=error.code, detail=detail)
    if isinstance(error, Throttled | Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _ask_to_sign_in(site: Site, request: Request, sign_in: str | None, error: BusinessError) -> Response:
    if sign_in is None:
        return refusal(site, request, error)
    wanted = page_of(site, request)
    return site.redirect(request, f"{sign_in}?return_to={quote(wanted, safe='')}")


def page_of(site: Site, request: Request) -> str:
    """The page to come back to: the one asked for, or for a form the one it stood on."""
    if request.method in SAFE_METHODS:
        return _path_and_query(str(request.url))
    referer = request.headers.get("referer", "")
    return _path_and_query(referer) if _is_of(site.public_url, referer) else "/"


def _is_of(public_url: str, url: str) -> bool:
    try:
        return origin_of(url) == origin_of(public_url)
    except ValueError:
        return False


def _path_and_query(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
