"""Everything a service needs to answer with a page: templates, sentences, brand, headers, redirects."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from chassis.kernel.emails import readable_email
from chassis.ops.brand import Brand
from chassis.ops.context import current
from chassis.ops.settings import PlatformSettings
from chassis.pages import flash as flashes
from chassis.pages import formatting, locales
from chassis.pages.security import security_headers
from chassis.pages.static import Assets
from chassis.pages.translations import KIT, Translations

_locale: ContextVar[str] = ContextVar("page_locale", default=locales.DEFAULT_LOCALE)
ERROR_PAGES = frozenset({400, 403, 404, 405, 409, 412, 413, 422, 429, 500, 503})


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the navigation; `current` marks where the reader is."""

    href: str
    label: str
    current: bool = False


@contextmanager
def reading(locale: str) -> Iterator[None]:
    """Answer in `locale` for as long as the block lasts."""
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)


class Site:
    """The pages of one package in the brand's look."""

    def __init__(self, package: str, platform: PlatformSettings, brand: Brand) -> None:
        self.public_url: str = platform.public_url
        self.brand = brand
        self.https = platform.is_secure
        self.assets = Assets(package, brand=brand)
        self.translations = Translations(package, strict=not platform.is_production)
        self.templates = self._environment(package)

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        form_action: Iterable[str] = (),
        **context: Any,
    ) -> HTMLResponse:
        """The rendered page with the strict headers; a sentence left by a redirect shows on it."""
        flash = flashes.take(request)
        if flash is not None and not self.translations.has(flash.key):
            flash = None
        html = self._render(request, template, {**context, "flash": flash})
        response = HTMLResponse(html, status, headers=self.headers(form_action))
        if flashes.COOKIE in request.cookies:
            flashes.drop(response)
        if chosen := locales.chosen_now(request):
            response.set_cookie(locales.COOKIE, chosen, max_age=365 * 86400, samesite="lax", secure=self.https)
        return response

    def fragment(self, request: Request, template: str, **context: Any) -> HTMLResponse:
        """A piece of a page, for the script that refreshes it; flash sentences stay where they are."""
        return HTMLResponse(self._render(request, template, {**context, "flash": None}), headers=self.headers())

    def redirect(
        self,
        request: Request,
        location: str,
        *,
        flash: str = "",
        kind: flashes.Kind = "success",
        **values: Any,
    ) -> RedirectResponse:
        """Go on with a GET (303); the sentence `flash`, filled with `values`, shows on the next page."""
        response = RedirectResponse(location, 303, headers={"Cache-Control": "no-store"})
        if flash:
            flashes.put(response, flashes.Flash(flash, kind, values), secure=self.https)
        return response

    def error(self, request: Request, status: int, *, code: str = "", detail: str = "", **context: Any) -> HTMLResponse:
        """A page for people about what went wrong and where to go from here."""
        kind = status if status in ERROR_PAGES else (500 if status >= 500 else 400)
        locale = locales.locale_of(request)
        with reading(locale):
            sentence = self.sentence_of(code, detail if locale == locales.DEFAULT_LOCALE else "")
        values = {"kind": kind, "sentence": sentence, "request_id": current().request_id, **context}
        return self.page(request, "error.html", status=status, **values)

    def t(self, key: str, **values: Any) -> str:
        """The sentence `key` in the locale of the request being answered."""
        return self.translations.say(_locale.get(), key, **values)

    def sentence_of(self, code: str, detail: str = "") -> str:
        """What to tell people about the problem `code`: translated where known, else `detail` as it came."""
        key = f"problem.{code}"
        return self.t(key) if self.translations.has(key) else detail

    def headers(self, form_action: Iterable[str] = ()) -> dict[str, str]:
        """The strict headers, and no keeping of personal pages."""
        return {
            **security_headers(https=self.https, form_action=form_action),
            "Cache-Control": "no-store",
            "Vary": "Cookie, Accept-Language",
        }

    def _render(self, request: Request, template: str, context: dict[str, Any]) -> str:
        locale = locales.locale_of(request)
        path = request.url.path
        with reading(locale):
            return self.templates.get_template(template).render(
                {
                    "person": None,
                    "navigation": (),
                    "organizations": (),
                    "organization": None,
                    "errors": {},
                    **getattr(request.state, "page_context", {}),
                    **context,
                    "locale": locale,
                    "locales": locales.LOCALES,
                    "path": path,
                    "url": path + (f"?{request.url.query}" if request.url.query else ""),
                    "query": partial(_query, request),
                    "code_sentence": self.sentence_of,
                }
            )

    def _environment(self, package: str) -> Environment:
        loaders = [PackageLoader(name, "templates") for name in (package, KIT) if _has_templates(name)]
        environment = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals |= {"t": self.t, "brand": self.brand, "static": self.assets.url}
        environment.filters |= {
            "day": _in_locale(formatting.day),
            "instant": _in_locale(formatting.instant),
            "money": _in_locale(formatting.money),
            "number": _in_locale(formatting.number),
            "localized": _in_locale(formatting.localized),
            "address": readable_email,
        }
        return environment


def _in_locale(write: Any) -> Any:
    def filtered(value: Any, *args: Any, **options: Any) -> str:
        return write(value, _locale.get(), *args, **options)

    return filtered


def _query(request: Request, **changes: Any) -> str:
    """The present address with other parameters (None removes one): for language, paging, sorting."""
    values = {**dict(request.query_params), **changes}
    kept = urlencode({name: value for name, value in values.items() if value is not None and value != ""})
    return f"{request.url.path}?{kept}" if kept else request.url.path


def _has_templates(package: str) -> bool:
    try:
        PackageLoader(package, "templates")
    except ValueError:
        return False
    return True
