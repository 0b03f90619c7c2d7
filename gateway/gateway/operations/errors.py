"""An address that does not exist: a problem for programs, a page for people."""

from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from chassis.http.problems import MethodNotAllowed
from chassis.kernel.errors import BusinessError, Forbidden, NotFound
from chassis.pages.routes import refusal, site_for

PACKAGE = "gateway.pages"
FAMILIES: dict[int, type[BusinessError]] = {403: Forbidden, 404: NotFound, 405: MethodNotAllowed}


def install(app: FastAPI) -> None:
    """Answer browsers outside the API with pages; everybody else as before."""
    as_problem: Any = app.exception_handlers[HTTPException]

    async def answer(request: Request, error: HTTPException) -> Response:
        family = FAMILIES.get(error.status_code)
        if family is None or not wants_page(request):
            response: Response = await as_problem(request, error)
            return response
        page = refusal(site_for(request, PACKAGE), request, family())
        page.headers.update(error.headers or {})
        return page

    app.add_exception_handler(HTTPException, answer)  # type: ignore[arg-type]


def wants_page(request: Request) -> bool:
    """Whether a person looks at the answer."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
