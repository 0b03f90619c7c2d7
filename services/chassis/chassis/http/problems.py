"""Errors become `application/problem+json` (RFC 9457); every type has a page under `{PUBLIC_URL}/problems/`."""

from collections.abc import Mapping
from typing import Any

from asyncpg.exceptions import DataError, LockNotAvailableError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from chassis.http.json import JsonResponse
from chassis.http.methods import allowed_methods
from chassis.kernel.client_keys import CLIENT_KEY_ALGORITHMS
from chassis.kernel.errors import (
    BusinessError,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Throttled,
    Unauthenticated,
    Unavailable,
)
from chassis.ops import context
from chassis.ops.logging import get_logger

log = get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
CHALLENGES = {
    "invalid-token": 'Bearer error="invalid_token"',
    "invalid-dpop-proof": f'DPoP error="invalid_dpop_proof", algs="{" ".join(CLIENT_KEY_ALGORITHMS)}"',
}


class FieldProblem(BaseModel):
    """One thing wrong with the input."""

    pointer: str = Field(description="Where, as a JSON pointer (RFC 6901) into the body, or `?name` for a parameter.")
    code: str = Field(description="A stable code.")
    detail: str = Field(description="A sentence fit for the end user.")


class Problem(BaseModel):
    """A refusal, in the form of RFC 9457."""

    type: str = Field(description="A page that explains this type of problem.")
    title: str
    status: int
    detail: str = Field(description="A sentence fit for the end user.")
    instance: str = Field(description="Contains the request id.")
    errors: list[FieldProblem] | None = Field(default=None, description="For invalid input: field by field.")


class MethodNotAllowed(BusinessError):
    """The path exists, the method does not."""

    code, title, status = "method-not-allowed", "This method is not offered here", 405


class InternalError(BusinessError):
    """Our fault."""

    code, title, status = "internal-error", "Something went wrong on our side", 500


class UnsupportedMedia(BusinessError):
    """The body's media type is not taken here."""

    code, title, status = "unsupported-media-type", "This media type is not taken here", 415


def problems(*errors: type[BusinessError]) -> dict[int | str, dict[str, Any]]:
    """What a route answers when it refuses: for FastAPI's `responses=`. 401 and 403 come by themselves."""
    documented: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        known = documented.setdefault(error.status, {"model": Problem, "description": "", "x-problems": []})
        known["x-problems"].append({"code": error.code, "title": error.title})
        known["description"] = " · ".join(item["title"] for item in known["x-problems"])
        known["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return documented


def problem_response(request: Request, error: BusinessError, headers: dict[str, str] | None = None) -> Response:
    """The answer that tells `error`."""
    public_url = request.app.state.runtime.platform.public_url
    return JsonResponse(
        problem_body(public_url, error),
        error.status,
        headers=headers_of(error) | (headers or {}),
        media_type=MEDIA_TYPE,
    )


def problem_body(public_url: str, error: BusinessError) -> dict[str, Any]:
    """The members of the problem document."""
    body: dict[str, Any] = {
        "type": f"{public_url}/problems/{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": f"urn:request:{context.current().request_id}",
    }
    if isinstance(error, Invalid):
        body["errors"] = [{"pointer": item.pointer, "code": item.code, "detail": item.detail} for item in error.errors]
    return body | error.extensions


def headers_of(error: BusinessError) -> dict[str, str]:
    """The headers that belong to a refusal."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, Throttled | Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = CHALLENGES.get(error.code, "Bearer")
    if error.code == "lacks-scope":
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{error.extensions.get("scope", "")}"'
    return headers


def install(app: FastAPI) -> None:
    """Answer every error of the application as a problem."""
    app.add_exception_handler(BusinessError, _on_business_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(DBAPIError, _on_database_error)
    app.add_exception_handler(PoolTimeout, _on_overload)
    app.add_exception_handler(Exception, _on_bug)


async def _on_business_error(request: Request, error: Any) -> Response:
    return problem_response(request, error)


async def _on_invalid_request(request: Request, error: Any) -> Response:
    issues = error.errors()
    if any(issue["type"] == "json_invalid" for issue in issues):
        return problem_response(request, Malformed("The body is not valid JSON."))
    fields = [_field(issue, error.body) for issue in issues]
    problem = Invalid("Some of the input cannot be used: " + " ".join(item["detail"] for item in fields[:3]))
    problem.extensions = {"errors": fields}
    return problem_response(request, problem)


async def _on_http_exception(request: Request, error: Any) -> Response:
    families: dict[int, BusinessError] = {
        400: Malformed(str(error.detail)),
        401: Unauthenticated(str(error.detail)),
        403: Forbidden(str(error.detail)),
        404: NotFound("There is nothing at this address."),
        405: MethodNotAllowed(),
        415: UnsupportedMedia(),
    }
    problem = families.get(error.status_code, InternalError(str(error.detail)))
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(allowed_methods(request))
    return problem_response(request, problem, headers)


async def _on_database_error(request: Request, error: Any) -> Response:
    lost = error.connection_invalidated or isinstance(error, InterfaceError | OperationalError)
    if isinstance(error.orig.__cause__, DataError):
        log.warning("request.unstorable", reason=type(error.orig.__cause__).__name__)
        return problem_response(request, Malformed("Some of the input contains what no value here can be."))
    if lost or isinstance(error.orig.__cause__, LockNotAvailableError):
        log.warning("database.unavailable", reason=type(error.orig).__name__)
        return problem_response(request, Unavailable("The data cannot be reached at the moment. Please try again."))
    return await _on_bug(request, error)


async def _on_overload(request: Request, error: Any) -> Response:
    return problem_response(request, Unavailable("Too much is going on at the moment. Please try again."))


async def _on_bug(request: Request, error: Any) -> Response:
    log.exception("request.failed", path=request.url.path, reason=type(error).__name__)
    return problem_response(request, InternalError("Something went wrong on our side. We have been told."))


def _field(issue: dict[str, Any], body: Any) -> dict[str, str]:
    where, *path = issue["loc"]
    if where == "body":
        path = _steps(path, body, is_missing=issue["type"] == "missing")
    message = str(issue["msg"]).removeprefix("Value error, ").rstrip(".")
    name = next((step for step in reversed(path) if isinstance(step, str)), "The body")
    return {"pointer": _pointer(where, path), "code": issue["type"], "detail": f"{name}: {message}."}


def _steps(path: list[Any], body: Any, *, is_missing: bool) -> list[Any]:
    """The steps that lead through the input; what only the schema names (the branch of a union) is left out."""
    steps, here = [], body
    for step in path:
        if (isinstance(here, Mapping) and step in here) or (isinstance(here, list) and isinstance(step, int)):
            steps.append(step)
            here = here[step]
    return [*steps, path[-1]] if is_missing and path else steps


def _pointer(where: str, path: list[Any]) -> str:
    if where == "body":
        return "".join(f"/{part}" for part in path) or "/"
    return f"?{'.'.join(str(part) for part in path)}" if where == "query" else f"{where}:{path[0] if path else ''}"
