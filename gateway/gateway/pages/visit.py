"""One visitor's request for a page: who they are, what the services tell them, how it is shown."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import uuid4

import aiohttp
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from chassis.kernel.clock import Clock, today
from chassis.kernel.errors import Unauthenticated, Unavailable
from chassis.pages import Site, page_router, site_of
from chassis.pages.locales import locale_of
from gateway.pages.navigation import navigation
from gateway.pages.refusals import Refusal, refusal_of
from gateway.sessions.current import MaybeSignedIn, signed_in, watching
from gateway.sessions.session import GatewaySession
from gateway.upstream import Upstream, UpstreamAnswer, upstream_of

PACKAGE = "gateway.pages"
API = "/api/v1"
MOST_PAGES = 200
PortalSite = Annotated[Site, site_of(PACKAGE)]
Services = Annotated[Upstream, Depends(upstream_of)]


def portal_router() -> APIRouter:
    """A router of the portal's pages: strangers are sent to sign in and come back."""
    return page_router(PACKAGE, sign_in="/bff/login")


class Visit:
    """What a page needs: `get` and `send` to the services, `page` and `redirect` to the browser."""

    def __init__(self, request: Request, site: Site, upstream: Upstream, session: GatewaySession) -> None:
        self.request = request
        self.site = site
        self.t = site.t
        self.session = session
        self._upstream = upstream
        self._me: asyncio.Task[dict[str, Any]] | None = None
        request.state.page_context = self._context({})

    def may(self, *scopes: str) -> bool:
        """Whether the visitor holds one of `scopes` in the organization they work for."""
        return not self.session.scopes.isdisjoint(scopes)

    def word(self, key: str, otherwise: str) -> str:
        """The sentence `key` where we have one, else what the service said."""
        return self.t(key) if self.site.translations.has(key) else otherwise

    async def get(self, path: str, **params: Any) -> Any:
        """The JSON under `/api/v1{path}`. Raises `Refusal` with what the service said."""
        answer = await self._upstream.get(self.session, API + path, params=params, headers=self._headers())
        return checked(answer).json

    async def find(self, path: str, **params: Any) -> Any:
        """The same, or None where it does not exist or the visitor may not see it."""
        try:
            return await self.get(path, **params)
        except Refusal as refusal:
            if refusal.status in (403, 404):
                return None
            raise

    async def all(self, path: str, **params: Any) -> list[Any]:
        """Every item of a list, page after page."""
        items: list[Any] = []
        cursor = None
        for _ in range(MOST_PAGES):
            page = await self.get(path, **{"limit": 200, **params, "cursor": cursor})
            items += items_of(page)
            cursor = page.get("next_cursor") if isinstance(page, dict) else None
            if not cursor:
                break
        return items

    async def send(self, method: str, path: str, body: Any = None, *, key: str | None = None, **options: Any) -> Any:
        """Send `body` as JSON, once per idempotency `key`; the JSON of the answer. Raises `Refusal`."""
        headers = {**self._headers(), **({"Idempotency-Key": key} if key else {}), **options.pop("headers", {})}
        answer = await self._upstream.request(self.session, method, API + path, json=body, headers=headers, **options)
        return checked(answer).json

    async def raw(self, path: str, **headers: str) -> UpstreamAnswer:
        """The bytes of a file: an invoice, a report."""
        return checked(await self._upstream.get(self.session, API + path, headers={**self._headers(), **headers}))

    async def table(self, path: str, *, name: str) -> Response:
        """The CSV that a service makes of a list, as a file `{name}.csv` to keep."""
        answer = await self.raw(path, Accept="text/csv")
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
        return Response(answer.content, media_type="text/csv; charset=utf-8", headers=headers)

    async def upload(self, path: str, fields: aiohttp.FormData, *, key: str | None = None) -> Any:
        """Send files and fields as `multipart/form-data`, read from the disk as they leave. Raises `Refusal`."""
        parts = fields()
        headers = {"Content-Type": parts.headers["Content-Type"]}
        return await self.send("POST", path, key=key, data=parts, headers=headers)

    async def form(self) -> "Form":
        """What was filled in."""
        return Form(await self.request.form())

    async def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """The rendered page with the visitor's name, organizations and places around it."""
        await self.introduce()
        values = {"visit": self, "idempotency_key": uuid4().hex, **context}
        return self.site.page(self.request, template, status=status, **values)

    def begin(self) -> "Visit":
        """Ask who the visitor is while the page asks for what it shows."""
        self._me = self._me or asyncio.create_task(self._ask_who_i_am())
        return self

    async def introduce(self) -> dict[str, Any]:
        """Learn who the visitor is (once); pages and error pages show it from then on."""
        me = await self.begin()._me  # type: ignore[misc]
        self.request.state.page_context = self._context(me)
        return me

    @property
    def clock(self) -> Clock:
        """The business clock."""
        return self.request.app.state.runtime.clock

    async def today(self) -> date:
        """The present day where the visitor's organization is."""
        return today(self.clock, await self.time_zone())

    async def time_zone(self) -> str:
        """Where the visitor's days begin and end."""
        return (await self.introduce()).get("time_zone") or "UTC"

    def redirect(self, location: str, flash: str = "", **values: Any) -> Response:
        """Go on with a GET; `flash` is said on the next page."""
        return self.site.redirect(self.request, location, flash=flash, **values)

    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": locale_of(self.request)}

    async def _ask_who_i_am(self) -> dict[str, Any]:
        me, organization = await asyncio.gather(
            self._ask("/me"), self._ask(f"/organizations/{self.session.organization_id}")
        )
        return {**me, "time_zone": organization.get("time_zone"), "organization": organization}

    async def _ask(self, path: str) -> dict[str, Any]:
        """What everybody may know about themselves; a page is no worse off without it."""
        if self.session.organization_id is None and path != "/me":
            return {}
        try:
            answer = await self._upstream.get(self.session, API + path)
        except (Unavailable, Unauthenticated):
            return {}
        return answer.json if answer.is_success and isinstance(answer.json, dict) else {}

    def _context(self, me: Mapping[str, Any]) -> dict[str, Any]:
        organizations = sorted(me.get("organizations") or (), key=lambda item: item["name"].casefold())
        mine = (item for item in organizations if item["id"] == self.session.organization_id)
        return {
            "person": {"name": me.get("name") or self.session.name, "email": self.session.email},
            "organizations": organizations,
            "organization": next(mine, None) or me.get("organization") or None,
            "time_zone": me.get("time_zone") or "UTC",
            "navigation": navigation(self.session, self.t, self.request.url.path),
        }


class Form:
    """The fields of a form as trimmed text; an absent one is empty."""

    def __init__(self, data: FormData) -> None:
        self.data = data
        self.again: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        value = self.data.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def all(self, name: str) -> list[str]:
        """Every value of a repeated field."""
        return [value.strip() for value in self.data.getlist(name) if isinstance(value, str)]

    def given(self, *names: str) -> dict[str, str]:
        """Those of `names` that were filled in."""
        return {name: self[name] for name in names if self[name]}

    def values(self, *names: str) -> dict[str, str]:
        """All of `names`, to show the form again as it was."""
        return {name: self[name] for name in names}


def checked(answer: UpstreamAnswer) -> UpstreamAnswer:
    """The answer if it is a success. Raises what the service refused with."""
    if answer.is_success:
        return answer
    raise refusal_of(answer)


def items_of(page: Any) -> list[Any]:
    """The items of a list, bare or wrapped."""
    if isinstance(page, dict):
        return list(page.get("items") or [])
    return list(page or [])


async def visit_of(
    request: Request, site: PortalSite, upstream: Services, session: Annotated[GatewaySession, Depends(signed_in)]
) -> Visit:
    """The visit of somebody signed in; strangers are sent to sign in."""
    return Visit(request, site, upstream, session).begin()


async def glance_of(
    request: Request, site: PortalSite, upstream: Services, session: Annotated[GatewaySession, Depends(watching)]
) -> Visit:
    """The same for a part of a page that is asked for again and again: nobody is introduced, no session prolonged."""
    return Visit(request, site, upstream, session)


async def maybe_visit_of(
    request: Request, site: PortalSite, upstream: Services, session: MaybeSignedIn
) -> Visit | None:
    """The visit of somebody signed in, or None."""
    return None if session is None else Visit(request, site, upstream, session).begin()


Here = Annotated[Visit, Depends(visit_of)]
Glance = Annotated[Visit, Depends(glance_of)]
MaybeHere = Annotated[Visit | None, Depends(maybe_visit_of)]
