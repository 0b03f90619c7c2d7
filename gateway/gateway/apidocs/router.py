"""`/docs`, `/openapi.json`, `/asyncapi.json`, `/problems`: no account needed, nothing fetched from elsewhere."""

from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from chassis.kernel.errors import NotFound
from chassis.pages import Site, page_router, site_of
from chassis.pages.static import file_response
from gateway.apidocs import problems
from gateway.apidocs.library import Library

PACKAGE = "gateway.apidocs"
ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "docs.js", "docs.css"})

router = APIRouter(include_in_schema=False)
pages = page_router(PACKAGE)

DocsSite = Annotated[Site, site_of(PACKAGE)]


def library_of(request: Request) -> Library:
    """The process's library, made at its first use."""
    state = request.app.state
    if not hasattr(state, "library"):
        state.library = Library(request.app, state.runtime)
    return state.library


Documents = Annotated[Library, Depends(library_of)]


@router.get("/openapi.json")
async def show_openapi(request: Request, library: Documents) -> Response:
    """The API of all services in one document."""
    shelf = await library.shelf()
    return _document(request, shelf.openapi, shelf.version, "application/json")


@router.get("/asyncapi.json")
async def show_asyncapi(request: Request, library: Documents) -> Response:
    """The events of all services in one document."""
    shelf = await library.shelf()
    return _document(request, shelf.asyncapi, shelf.version, "application/json")


@router.get("/docs/assets/{name}")
async def show_asset(request: Request, name: str) -> Response:
    """A file of the documentation page."""
    if name not in ASSETS:
        raise NotFound()
    return file_response(request, name, (files(PACKAGE) / "static" / name).read_bytes())


@pages.get("/docs")
async def show_docs(request: Request, site: DocsSite) -> Response:
    """The API to browse and to try."""
    return site.page(request, "docs.html")


@pages.get("/problems")
async def list_problems(request: Request, site: DocsSite, library: Documents) -> Response:
    """Every type of problem."""
    known = (await library.shelf()).document["x-problems"]
    if _wants_json(request):
        return JSONResponse({"items": known})
    return site.page(request, "problems.html", problems=known)


@pages.get("/problems/{code}")
async def show_problem(request: Request, site: DocsSite, library: Documents, code: str) -> Response:
    """What one type of problem means: where its `type` leads to."""
    problem = problems.find((await library.shelf()).document, code, site.public_url)
    if problem is None:
        raise NotFound("There is no such type of problem.")
    if _wants_json(request):
        return JSONResponse(problem)
    return site.page(request, "problem.html", problem=problem)


def _document(request: Request, content: bytes, version: str, media_type: str) -> Response:
    headers = {"ETag": f'"{version}"', "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept
